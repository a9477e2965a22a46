import type { EndpointSpec } from '../../model/spec/endpoint.ts';
import { EndpointBusy } from '../shared/errors.ts';
import { decide, type Attempt, type Observed } from './decide.ts';
import { desiredEndpoint, type DesiredConfig } from './desired.ts';
import type { Driven } from './payload.ts';
import type { EndpointPorts, RememberedAttempt } from './ports.ts';

/** Takes the endpoint one step towards its record, and answers at once how far it is. Safe to be done twice, and by two at once. */
export async function drive(spec: EndpointSpec, ports: EndpointPorts): Promise<Driven> {
  const record = await ports.record();
  if (record === undefined) return { settled: true, status: 'APPLIED', reason: 'Nothing was deployed to this target yet.' };
  const desired = desiredEndpoint(spec, record);
  const observed = await ports.observe();
  const remembered = await ports.remembered();
  const step = decide(spec, desired, observed, remembered?.attempt, record.updatedAt);
  switch (step.kind) {
    case 'wait':
      return applying(step.reason);
    case 'failed':
      return fail(ports, remembered, step.reason, record.updatedAt);
    case 'delete':
      await ports.scale(false);
      await ports.delete();
      return applying(`${step.reason} It is deleted and made anew.`);
    case 'weights':
      await ports.setWeights(desired.weights);
      return applying(`The endpoint ${spec.endpointName} takes over the weights ${JSON.stringify(desired.weights)}.`);
    case 'create':
    case 'update':
      await prepare(ports, step.config, observed);
      // Written down before it is sent, so that a driver that dies in between, or comes later, can tell what became of it.
      if (!(await ports.remember(attemptOf(ports, step.config, record.updatedAt, observed), remembered))) return applying('Another call is at it.');
      if (step.kind === 'create') await ports.create(step.config);
      else await ports.update(step.config, step.guarded);
      return applying(`The endpoint ${spec.endpointName} takes over the configuration ${step.config.name}.`);
    case 'done':
      await ports.scale(true);
      await ports.cleanUp(desired.config);
      if (remembered !== undefined && remembered.attempt.status !== 'APPLIED') await ports.remember({ ...remembered.attempt, config: desired.config.name, record: record.updatedAt, status: 'APPLIED' }, remembered);
      return { settled: true, status: 'APPLIED' };
  }
}

/** Deletes the endpoint until it is started again. @throws EndpointBusy where something is under way with it */
export async function stop(ports: EndpointPorts): Promise<Driven> {
  const observed = await ports.observe();
  if (observed === undefined) return { settled: true, status: 'STOPPED' };
  if (observed.status !== 'InService' && observed.status !== 'Failed') throw new EndpointBusy(`The endpoint is ${observed.status}, expected InService or Failed: it is not stopped in the middle of that. It is tried again.`);
  await ports.scale(false);
  await ports.delete();
  return { settled: true, status: 'STOPPED' };
}

async function prepare(ports: EndpointPorts, config: DesiredConfig, observed: Observed | undefined): Promise<void> {
  const there = Object.values(observed?.models ?? {});
  for (const { model } of config.variants) {
    if (there.includes(model.name)) continue;
    await ports.verify(model);
    await ports.createModel(model);
  }
  await ports.createConfig(config);
}

function attemptOf(ports: EndpointPorts, config: DesiredConfig, record: string, observed: Observed | undefined): Attempt {
  return { config: config.name, record, before: observed?.lastModified ?? null, startedAt: ports.now().toISOString(), status: 'APPLYING' };
}

async function fail(ports: EndpointPorts, remembered: RememberedAttempt | undefined, reason: string, record: string): Promise<Driven> {
  const attempt = remembered?.attempt;
  if (attempt !== undefined && attempt.record === record && attempt.status === 'APPLYING') await ports.remember({ ...attempt, status: 'FAILED', reason }, remembered);
  return { settled: true, status: 'FAILED', reason };
}

function applying(reason: string): Driven {
  return { settled: false, status: 'APPLYING', reason };
}
