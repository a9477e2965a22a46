import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { References } from '../../../scripts/synth/references.ts';
import { templateStack } from '../../../scripts/synth/assembly.ts';
import type { Template as RawTemplate } from '../../../scripts/synth/assembly.ts';
import type { AslMachine } from '../../../scripts/synth/definitions.ts';
import { Column, Dataset, Feature, Label, Split, TrainingPipeline } from '../../../lib/index.ts';
import { ground, learning, OwnTarget, testStack } from '../support.ts';

const dataset = new Dataset({
  columns: [Column.timestamp('date'), Column.string('customer'), Column.number('price'), Column.integer('late')],
  label: Label.binary('late'),
});

/** What PrepareData is told of a split. */
function rendered(split?: Split, features = [Feature.numeric('price')]): unknown {
  const stack = testStack();
  const { platform, registry } = ground(stack);
  new TrainingPipeline(stack, 'Late', { platform, registry, target: new OwnTarget(platform.artifactBucket), ...learning, dataset, features, ...(split === undefined ? {} : { split }) });
  const template = templateStack('Stack', Template.fromStack(stack).toJSON() as RawTemplate);
  const machine = template.resources.find(({ type }) => type === 'AWS::StepFunctions::StateMachine');
  const { States } = JSON.parse(new References([template]).text('Stack', machine!.properties['DefinitionString'])) as AslMachine;
  return (States['PrepareData']?.Arguments as { Payload: { split: unknown } }).Payload.split;
}

describe('the split of a pipeline', () => {
  it('is by a hash of the row unless it is declared', () => {
    expect(rendered()).toEqual({ kind: 'rowHash', train: 0.8, validation: 0.1, test: 0.1 });
  });

  it('is what is declared', () => {
    expect(rendered(Split.byTime('date', { train: 0.7, validation: 0.1, test: 0.2 }))).toEqual({ kind: 'time', column: 'date', train: 0.7, validation: 0.1, test: 0.2 });
    expect(rendered(Split.byGroup('customer'))).toEqual({ kind: 'group', column: 'customer', train: 0.8, validation: 0.1, test: 0.1 });
  });

  it('is refused at synth where it does not fit the dataset', () => {
    expect(() => rendered(Split.byTime('day'))).toThrow(/Split.byTime\('day'\): column is "day", expected one of date, customer, price, late/);
    expect(() => rendered(Split.byTime('price'))).toThrow(/column type is "number", expected timestamp or integer/);
    expect(() => rendered(Split.byGroup('price'))).toThrow(/column type is "number", expected string or integer/);
    expect(() => rendered(Split.byGroup('late'))).toThrow(/a column other than the label/);
    expect(() => rendered(Split.byGroup('customer'), [Feature.category('customer')])).toThrow(/no feature that learns the groups/);
  });
});
