import { describe, expect, it } from 'vitest';
import { cars, carConsumption } from '../../examples/cars/cars.ts';
import { penguins, penguinSpecies } from '../../examples/penguins/penguins.ts';
import { exampleCsv, exampleNames } from '../../scripts/example-data/csv.ts';
import { checkStateMachines } from '../../scripts/synth/state-machines.ts';
import { checkTaskArguments } from '../../scripts/synth/task-arguments.ts';
import { testApp } from '../lib/support.ts';
import { machineOf, payloadOf, raw, stacksOf } from './support.ts';

const env = { region: 'us-east-1' };
const copy = { env, stage: 'dev' };

describe.each([
  {
    name: 'penguins',
    make: penguinSpecies,
    dataset: penguins,
    gate: { metric: 'accuracy', comparison: 'above', threshold: 0.9 },
    label: { column: 'species', kind: 'category' },
    training: { objective: 'multi:softprob', eval_metric: 'mlogloss', num_class: '{% $string($prepared.classes) %}' },
  },
  {
    name: 'cars',
    make: carConsumption,
    dataset: cars,
    gate: { metric: 'rmse', comparison: 'below', threshold: 4 },
    label: { column: 'miles_per_gallon', kind: 'number' },
    training: { objective: 'reg:squarederror', eval_metric: 'rmse', base_score: '23' },
  },
])('the example $name', ({ name, make, dataset, gate, label, training }) => {
  const example = make(testApp(), { ...copy, name });
  const machine = machineOf(example);

  it('learns its label, behind its gate', () => {
    expect(payloadOf(machine, 'PrepareData')['schema']).toMatchObject({ label });
    expect(payloadOf(machine, 'ValidateModel')['gates']).toEqual([gate]);
    expect(machine.States['TrainModel']?.Arguments).toMatchObject({ HyperParameters: training });
  });

  it('has a definition that Step Functions and SageMaker take', async () => {
    const definitions = [{ where: name, machine }];
    expect(checkStateMachines(definitions).findings).toEqual([]);
    expect((await checkTaskArguments(definitions)).findings).toEqual([]);
  });

  it('is three stacks without anything that is billed by the hour', () => {
    expect(stacksOf(example).map(({ stackName }) => stackName)).toEqual([`${name}-dev-platform`, `${name}-dev-serving`, `${name}-dev-pipeline`]);
    const types = stacksOf(example).flatMap((stack) => Object.values(raw(stack).Resources ?? {}).map(({ Type }) => Type));
    expect(types.filter((type) => /CustomResource|Custom::|NatGateway|VPCEndpoint|Endpoint$/.test(type))).toEqual([]);
  });

  it('has data with the columns of its dataset', () => {
    expect(exampleNames).toContain(name);
    const [header = '', ...rows] = exampleCsv(name).trimEnd().split('\n');
    expect(header.split(',')).toEqual(dataset.toJSON().columns.map((column) => column.name));
    for (const row of rows) expect(row.split(','), row).toHaveLength(dataset.toJSON().columns.length);
    expect(rows.length).toBeGreaterThan(300);
  });
});

it('takes another gate', () => {
  expect(payloadOf(machineOf(penguinSpecies(testApp(), { ...copy, name: 'p', minimumAccuracy: 0.5 })), 'ValidateModel')['gates']).toMatchObject([{ threshold: 0.5 }]);
  expect(payloadOf(machineOf(carConsumption(testApp(), { ...copy, name: 'c', maximumRmse: 2 })), 'ValidateModel')['gates']).toMatchObject([{ threshold: 2 }]);
});

it('has no data of its own for the flights', () => {
  expect(() => exampleCsv('flight-delays')).toThrow(/expected penguins or cars/);
});
