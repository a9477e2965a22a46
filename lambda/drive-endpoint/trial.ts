import type { EndpointSpec } from '../../model/spec/endpoint.ts';
import type { DeploymentRecord } from '../../model/serving/record.ts';
import { drive } from './drive.ts';
import type { Driven } from './payload.ts';
import type { EndpointPorts } from './ports.ts';

/** The endpoint on which a serverless target's new version is tried out: a serverless endpoint has one variant. */
export function trialSpec(spec: EndpointSpec): EndpointSpec {
  return { ...spec, endpointName: `${spec.endpointName}-canary`, stable: spec.canary };
}

/**
 * Takes a target a step towards its record: of a serverless one, its endpoint and the one on which its canary is tried out. That one costs nothing while
 * nobody asks it, and is deleted once the record names no canary.
 */
export async function driveTarget(spec: EndpointSpec, ports: EndpointPorts, trial: EndpointPorts): Promise<Driven> {
  if (spec.stable.serverless === undefined) return drive(spec, ports);
  const record = await ports.record();
  const canary = record?.canary;
  if (canary !== undefined && canary.weight > 0) {
    return { settled: true, status: 'FAILED', reason: `The record gives its canary ${String(canary.weight)} of the requests: a serverless endpoint has one variant, so it takes a new version all at once. Use a plan of the kind allAtOnce, or instances.` };
  }
  const settled = await drive(spec, { ...ports, record: () => Promise.resolve(record === undefined ? undefined : withoutCanary(record)) });
  if (!settled.settled || settled.status === 'FAILED') return settled;
  if (record === undefined || canary === undefined) return (await removed(trial)) ?? settled;
  return drive(trialSpec(spec), { ...trial, record: () => Promise.resolve({ ...withoutCanary(record), stable: canary.model }) });
}

/** Removes the endpoint of a trial that is over; undefined where none is left. */
async function removed(trial: EndpointPorts): Promise<Driven | undefined> {
  const observed = await trial.observe();
  if (observed === undefined) {
    await trial.cleanUp({ name: '', variants: [] });
    return undefined;
  }
  if (observed.status === 'InService' || observed.status === 'Failed') await trial.delete();
  return { settled: false, status: 'APPLYING', reason: 'The endpoint of the trial is deleted.' };
}

function withoutCanary({ canary: _canary, ...record }: DeploymentRecord): DeploymentRecord {
  return record;
}
