import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { convertSchema } from '../../lambda/convert-model/payload.ts';
import { notifySchema } from '../../lambda/notify/payload.ts';
import { prepareSchema } from '../../lambda/prepare-data/payload.ts';
import { registerSchema } from '../../lambda/register-model/payload.ts';
import { releaseSchema } from '../../lambda/release-model/payload.ts';
import { requestApprovalSchema } from '../../lambda/request-approval/payload.ts';
import { rollOutSchema } from '../../lambda/roll-out/payload.ts';
import { updateSchema } from '../../lambda/update-feature-store/payload.ts';
import { validateSchema } from '../../lambda/validate-data/payload.ts';
import { validateModelSchema } from '../../lambda/validate-model/payload.ts';
import type { Json } from '../../local/states/index.ts';
import type { AslMachine, AslState } from '../../scripts/synth/definitions.ts';
import { checkPolicies } from '../../scripts/synth/policies.ts';
import { checkStateMachines } from '../../scripts/synth/state-machines.ts';
import { checkTaskArguments } from '../../scripts/synth/task-arguments.ts';
import type { StateMachineDefinition } from '../../stepfunctions/training-pipeline.ts';
import { fails, fakes } from './fakes.ts';
import { neededBy } from './permissions.ts';
import { fakeRun } from './run.ts';
import type { Fake } from './run.ts';
import { allowedTo, renderVariant, variants } from './variants.ts';
import type { RenderedVariant } from './variants.ts';

/** What a rollout's first function takes: what its machine is started with, under the execution's name. */
const startedSchema = z.preprocess((input) => ({ id: 'execution', ...(input as object) }), rollOutSchema);

/** What each function and each rollout takes, by the name of its handler or its machine. */
const schemas = {
  'validate-data': validateSchema, 'prepare-data': prepareSchema, 'convert-model': convertSchema, 'validate-model': validateModelSchema, 'register-model': registerSchema,
  'own-rollout': startedSchema, 'production-rollout': startedSchema, 'update-feature-store': updateSchema, 'request-approval': requestApprovalSchema, 'release-model': releaseSchema, notify: notifySchema,
} as const;

const best = { TrainingJobName: 'trial-7', FinalHyperParameterTuningJobObjectiveMetric: { MetricName: 'validation:logloss', Value: 0.31 } };

/** Answers of what only some variants have. */
const moreFakes: Readonly<Record<string, Fake>> = {
  'createHyperParameterTuningJob.sync': (args) => ({
    HyperParameterTuningJobName: args['HyperParameterTuningJobName']!, HyperParameterTuningJobArn: 'arn:tuning', HyperParameterTuningJobStatus: 'Completed',
    TrainingJobStatusCounters: { Completed: 17, InProgress: 0 }, BestTrainingJob: best,
  }),
  describeTrainingJob: (args) => ({
    TrainingJobName: args['TrainingJobName']!, TrainingJobArn: 'arn:best', TrainingJobStatus: 'Completed', SecondaryStatus: 'Completed', HyperParameters: { eta: '0.1' },
    AlgorithmSpecification: { TrainingImage: 'image' }, ModelArtifacts: { S3ModelArtifacts: 's3://artifacts/best/model.tar.gz' },
  }),
  'update-feature-store': { records: 3 },
  'request-approval': { asked: true },
  'release-model': { status: 'DEPLOYED', servedVersion: '1', rollout: 'run-1', model: { modelPackageArn: 'arn/1', modelName: 'flights', modelVersion: '1' } },
};

const decision = { decision: 'Approved', by: 'arn:aws:iam::123456789012:user/ada', at: '2026-11-20T11:00:00Z', reason: null };

/** The machine with each function named after its handler, as the fakes know them. */
function byHandlers({ machine, stack, references }: RenderedVariant): StateMachineDefinition {
  const functions = stack.resources.filter(({ type }) => type === 'AWS::Lambda::Function');
  let text = JSON.stringify(machine);
  for (const { logicalId, properties } of functions) {
    const handler = (properties['Environment'] as { Variables?: Record<string, string> } | undefined)?.Variables?.['POWERTOOLS_SERVICE_NAME'];
    if (handler !== undefined) text = text.replaceAll(JSON.stringify(references.text('Stack', { 'Fn::GetAtt': [logicalId, 'Arn'] })), JSON.stringify(`arn:aws:lambda:us-east-1:123456789012:function:${handler}`));
  }
  return JSON.parse(text) as StateMachineDefinition;
}

/** What a run of a machine handed to its functions that they would refuse. */
async function refusedPayloads(machine: StateMachineDefinition, changed: Readonly<Record<string, Fake>> = {}): Promise<{ status: string; refused: string[]; called: Set<string> }> {
  const answers: Record<string, Fake> = { ...fakes, ...moreFakes, ...changed };
  const { result, calls } = await fakeRun(machine, answers, { decision: decision as Json });
  const refused = calls.flatMap(({ name, args }) => {
    const schema = (schemas as Readonly<Record<string, z.ZodType | undefined>>)[name];
    const parsed = schema?.safeParse(args);
    return parsed === undefined || parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${name}.${path.join('.')}: ${message}`);
  });
  return { status: result.status === 'SUCCEEDED' ? 'SUCCEEDED' : JSON.stringify(result), refused, called: new Set(calls.map(({ name }) => name)) };
}

/** The states that may fail and do not tell of it. */
function silent(machine: AslMachine): string[] {
  return Object.entries(machine.States as unknown as Readonly<Record<string, Omit<AslState, 'Catch'> & { readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[] }>>).flatMap(([name, { Type, Catch = [] }]) => {
    if (!['Task', 'Parallel'].includes(Type) || name === 'NotifyFailure') return [];
    const last = Catch.at(-1);
    return last?.ErrorEquals.join() === 'States.ALL' && last.Next === 'NotifyFailure' ? [] : [name];
  });
}

describe.each(Object.entries(variants))('the machine of %s', (_, options) => {
  let made: RenderedVariant | undefined;
  const rendered = () => (made ??= renderVariant(options));

  it('is sound: states, retries, catches, ways, variables, expressions, arguments', async () => {
    const definitions = [{ where: 'pipeline', machine: rendered().machine }];
    expect(checkStateMachines(definitions).findings).toEqual([]);
    expect((await checkTaskArguments(definitions)).findings).toEqual([]);
    expect(silent(rendered().machine)).toEqual([]);
    expect(JSON.stringify(rendered().machine).length).toBeLessThan(100_000);
  });

  it('is allowed what its tasks call, and nothing else', async () => {
    expect(allowedTo(rendered())).toEqual(neededBy(rendered().machine));
    expect((await checkPolicies([rendered().stack])).findings).toEqual([]);
  });

  it('hands each function what it takes', async () => {
    const machine = byHandlers(rendered());
    const { status, refused, called } = await refusedPayloads(machine);
    expect(refused).toEqual([]);
    expect(status).toBe('SUCCEEDED');
    const handlers = [...JSON.stringify(machine).matchAll(/"FunctionName":"[^"]*:function:([a-z-]+)"/g)].map(([, handler]) => handler);
    expect(handlers.filter((handler) => !called.has(handler!))).toEqual([]);
  });

  it('tells of a failure in a form that the function takes', async () => {
    const { refused, called } = await refusedPayloads(byHandlers(rendered()), { 'register-model': fails('Broken', 'It does not work.') });
    expect(refused).toEqual([]);
    expect(called).toContain('notify');
  });
});
