import { Lazy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { Column, Dataset, Feature, Gate, Label, TrainingPipeline } from '../../../lib/index.ts';
import type { EvaluationOptions, IServingTarget } from '../../../lib/index.ts';
import { ground, learning, OwnTarget, statementsOf, testStack } from '../support.ts';
import { payloadOf as payloadIn } from './machine.ts';

const dataset = new Dataset({
  columns: [Column.integer('delay'), Column.number('distance'), Column.string('origin'), Column.boolean('weekend')],
  label: Label.above('delay', 15, 'late'),
});

function render(options: EvaluationOptions) {
  const stack = testStack();
  const { platform, registry } = ground(stack);
  const pipeline = new TrainingPipeline(stack, 'Flights', { platform, registry, target: new OwnTarget(platform.artifactBucket), ...learning, dataset, features: [Feature.numeric('distance')], ...options });
  return { pipeline, template: Template.fromStack(stack) };
}

const payloadOf = (options: EvaluationOptions): unknown => payloadIn(render(options).template, 'ValidateModel');

describe('how a pipeline judges its models', () => {
  it('is without gates and with the usual slices, unless it says otherwise', () => {
    expect(payloadOf({})).toMatchObject({ gates: [] });
    expect(payloadOf({})).not.toHaveProperty('sliceColumns');
  });

  it('honours every kind of gate, several at once, and the columns', () => {
    const gates = [
      Gate.metric('auc').above(0.7),
      Gate.metric('recall').above(0.6).inEachSlice('origin', { minimumRows: 50 }),
      Gate.metric('auc').notWorseThanChampion({ margin: 0.005 }),
      Gate.metric('log_loss').betterThanChampion({ confidence: 0.9 }),
    ];
    expect(payloadOf({ gates, sliceColumns: ['weekend', 'origin'] })).toMatchObject({
      gates: [
        { metric: 'auc', comparison: 'above', threshold: 0.7 },
        { metric: 'recall', comparison: 'above', threshold: 0.6, inEachSlice: { column: 'origin', minimumRows: 50 } },
        { metric: 'auc', comparison: 'notWorseThanChampion', margin: 0.005 },
        { metric: 'log_loss', comparison: 'betterThanChampion', margin: 0, confidence: 0.9 },
      ],
      sliceColumns: ['weekend', 'origin'],
      splitSpec: { kind: 'rowHash' },
    });
  });

  it('lets ValidateModel read what is served, and write no more than reports', () => {
    const { template } = render({});
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { PIPELINE_NAME: 'flights', RECORD_KEY: 'deployments/own.json' } } });
    const statements = statementsOf(template, /ValidateModelRole/);
    expect(statements.filter(({ actions }) => actions.includes('s3:PutObject')).flatMap(({ resources }) => resources).every((resource) => resource.includes('/reports/flights/*'))).toBe(true);
    expect(statements.some(({ actions, resources }) => actions.includes('s3:GetObject') && resources.some((resource) => resource.includes('/deployments/own.json')))).toBe(true);
  });

  it('compares with what users are served by: production, where there is one', () => {
    const stack = testStack();
    const { platform, registry } = ground(stack);
    const target = new OwnTarget(platform.artifactBucket);
    const productionTarget: IServingTarget = { targetName: 'live', url: 'https://live.example.com', revalidateAfter: target.revalidateAfter, record: { bucket: platform.artifactBucket, key: 'deployments/live.json' }, grantInvoke: (grantee) => { target.grantInvoke(grantee); }, rollout: target.rollout };
    new TrainingPipeline(stack, 'Flights', { platform, registry, target, productionTarget, ...learning });
    const template = Template.fromStack(stack);
    const read = statementsOf(template, /FunctionsValidateModelRole/).flatMap(({ resources }) => resources).join();
    expect(read).toContain('deployments/live.json');
    expect(read).not.toContain('deployments/own.json');
    template.hasResourceProperties('AWS::Lambda::Function', { Description: Match.stringLikeRegexp('judges it by the gates'), Environment: { Variables: { RECORD_KEY: 'deployments/live.json' } } });
  });

  it.each<[string, EvaluationOptions, RegExp]>([
    ['a metric of another task', { gates: [Gate.metric('rmse').notWorseThanChampion()] }, /a gate stands on 'rmse', which is not measured for the label 'delay' \(.*\), expected one of auc, accuracy/],
    ['slices by an unknown column', { gates: [Gate.metric('auc').above(0.5).inEachSlice('airport')] }, /a gate on 'auc' stands in each slice by 'airport', which is no declared column, expected one of distance, origin, weekend\./],
    ['slices by the label', { gates: [Gate.metric('auc').above(0.5).inEachSlice('delay')] }, /a gate on 'auc' stands in each slice by 'delay', the column of the label, expected one that the model knows before: distance, origin, weekend\./],
    ['bounds that leave nothing between them', { gates: [Gate.metric('auc').above(0.9), Gate.metric('auc').below(0.9)] }, /the gates on 'auc' ask for above 0\.9 and below 0\.9, which no model can be/],
    ['an unknown column', { sliceColumns: ['airport'] }, /sliceColumns names 'airport', which is no declared column, expected one of distance, origin, weekend\./],
    ['the label', { sliceColumns: ['delay'] }, /sliceColumns names 'delay', the column of the label/],
    ['a column twice', { sliceColumns: ['origin', 'origin'] }, /sliceColumns names 'origin' twice, expected each column once\./],
    ['a token', { sliceColumns: [Lazy.string({ produce: () => 'origin' })] }, /sliceColumns holds a token, expected names that are known at synth\./],
  ])('refuses %s', (_, options, message) => {
    expect(() => render(options)).toThrow(message);
  });

  it('takes bounds that a value can keep', () => {
    expect(payloadOf({ gates: [Gate.metric('accuracy').above(0.5), Gate.metric('accuracy').below(0.999)] })).toMatchObject({ gates: [{}, {}] });
  });
});
