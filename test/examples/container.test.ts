import { describe, expect, it } from 'vitest';
import { ownContainer } from '../../examples/container/container.ts';
import { checkStateMachines } from '../../scripts/synth/state-machines.ts';
import { checkTaskArguments } from '../../scripts/synth/task-arguments.ts';
import { testApp } from '../lib/support.ts';
import { machineOf } from './support.ts';

describe('the example container', () => {
  it('is synthesised without Docker, to a definition that Step Functions and SageMaker take', async () => {
    const machine = machineOf(ownContainer(testApp(), { env: { region: 'us-east-1' }, name: 'container', stage: 'dev' }));
    expect(machine.States['TrainModel']?.Arguments).toMatchObject({
      AlgorithmSpecification: { TrainingImage: expect.stringContaining('container-assets') as string, MetricDefinitions: [{ Name: 'train:loss' }, { Name: 'validation:accuracy' }] },
      HyperParameters: { epochs: '200', num_class: '{% $string($prepared.classes) %}' },
    });
    const definitions = [{ where: 'container', machine }];
    expect(checkStateMachines(definitions).findings).toEqual([]);
    expect((await checkTaskArguments(definitions)).findings).toEqual([]);
  });
});
