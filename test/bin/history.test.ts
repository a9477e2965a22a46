import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { HistoryReader, messageOf, type StateProgress } from '../../bin/cli/history.ts';
import { resultOf } from '../../bin/cli/result.ts';

const at = (seconds: number): Date => new Date(seconds * 1000);

/** A state that succeeds, then one whose first attempt fails, whose retry fails too and which a Catch ends. */
const events: HistoryEvent[] = [
  { id: 1, type: 'ExecutionStarted', timestamp: at(0) },
  { id: 2, previousEventId: 0, type: 'TaskStateEntered', timestamp: at(0), stateEnteredEventDetails: { name: 'ValidateData' } },
  { id: 3, previousEventId: 2, type: 'TaskScheduled', timestamp: at(0) },
  { id: 4, previousEventId: 3, type: 'TaskFailed', timestamp: at(1) },
  { id: 5, previousEventId: 4, type: 'TaskScheduled', timestamp: at(2) },
  { id: 6, previousEventId: 5, type: 'TaskSucceeded', timestamp: at(3) },
  {
    id: 7, previousEventId: 6, type: 'TaskStateExited', timestamp: at(3),
    stateExitedEventDetails: { name: 'ValidateData', assignedVariables: { validation: '{"rows":120}' } },
  },
  { id: 8, previousEventId: 7, type: 'TaskStateEntered', timestamp: at(3), stateEnteredEventDetails: { name: 'PrepareData' } },
  { id: 9, previousEventId: 8, type: 'TaskScheduled', timestamp: at(3) },
  { id: 10, previousEventId: 9, type: 'TaskFailed', timestamp: at(5) },
  { id: 11, previousEventId: 10, type: 'TaskStateExited', timestamp: at(5), stateExitedEventDetails: { name: 'PrepareData' } },
  { id: 12, previousEventId: 11, type: 'TaskStateEntered', timestamp: at(5), stateEnteredEventDetails: { name: 'NotifyFailure' } },
  { id: 13, previousEventId: 12, type: 'TaskFailed', timestamp: at(6) },
  { id: 14, previousEventId: 13, type: 'ExecutionFailed', timestamp: at(6) },
];

function read(list: HistoryEvent[]): StateProgress[] {
  const states: StateProgress[] = [];
  const reader = new HistoryReader((state) => states.push(state));
  for (const event of list) reader.read(event);
  return states;
}

describe('HistoryReader', () => {
  it('reports a state that a retry saved as succeeded, and one that a Catch ended as failed', () => {
    expect(read(events).filter((state) => state.status !== 'entered').map(({ name, status, seconds }) => ({ name, status, seconds }))).toEqual([
      { name: 'ValidateData', status: 'succeeded', seconds: 3 },
      { name: 'PrepareData', status: 'failed', seconds: 2 },
      { name: 'NotifyFailure', status: 'failed', seconds: 1 },
    ]);
  });

  it('reads each event once, however often the history is read', () => {
    expect(read([...events.slice(0, 7), ...events])).toEqual(read(events));
  });

  it('tells of a state that waits for somebody outside, once the question is out', () => {
    const waiting: HistoryEvent[] = [
      { id: 1, type: 'TaskStateEntered', timestamp: at(0), stateEnteredEventDetails: { name: 'AwaitApproval' } },
      { id: 2, previousEventId: 1, type: 'TaskScheduled', timestamp: at(0), taskScheduledEventDetails: { resourceType: 'lambda', resource: 'invoke.waitForTaskToken', region: 'us-east-1', parameters: '{}' } },
      { id: 3, previousEventId: 2, type: 'TaskStarted', timestamp: at(0) },
      { id: 4, previousEventId: 3, type: 'TaskSubmitted', timestamp: at(1), taskSubmittedEventDetails: { resourceType: 'lambda', resource: 'invoke.waitForTaskToken', output: '{"Payload":{"asked":true}}' } },
    ];
    expect(read(waiting).map(({ name, status }) => [name, status])).toEqual([['AwaitApproval', 'entered'], ['AwaitApproval', 'waiting']]);
    const end = { status: 'RUNNING' };
    expect(resultOf({ executionArn: 'arn', name: 'run' }, end, read(waiting))).toMatchObject({ status: 'RUNNING', waiting: 'AwaitApproval', states: [] });
    const sync: HistoryEvent[] = waiting.map((event) => (event.id === 4 ? { ...event, taskSubmittedEventDetails: { resourceType: 'sagemaker', resource: 'createTrainingJob.sync' } } : event));
    expect(read(sync).map(({ status }) => status)).toEqual(['entered']);
  });

  it('finds the Parallel that a branch ended', () => {
    const parallel: HistoryEvent[] = [
      { id: 1, type: 'ParallelStateEntered', timestamp: at(0), stateEnteredEventDetails: { name: 'Both' } },
      { id: 2, previousEventId: 1, type: 'ParallelStateStarted', timestamp: at(0) },
      { id: 3, previousEventId: 2, type: 'TaskStateEntered', timestamp: at(0), stateEnteredEventDetails: { name: 'Left' } },
      { id: 4, previousEventId: 3, type: 'TaskStateExited', timestamp: at(2), stateExitedEventDetails: { name: 'Left' } },
      { id: 5, previousEventId: 4, type: 'ParallelStateSucceeded', timestamp: at(2) },
      { id: 6, previousEventId: 4, type: 'ParallelStateExited', timestamp: at(4), stateExitedEventDetails: { name: 'Both' } },
    ];
    expect(read(parallel).filter((state) => state.status !== 'entered').map(({ name, seconds, depth }) => [name, seconds, depth])).toEqual([['Left', 2, 1], ['Both', 4, 0]]);
  });
});

describe('resultOf', () => {
  it('takes what a failed run had found by then from the variables', () => {
    const result = resultOf({ executionArn: 'arn', name: 'run' }, { status: 'FAILED', error: 'DataRejected', cause: 'bad' }, read(events));
    expect(result).toMatchObject({ status: 'FAILED', rows: 120, error: 'DataRejected', cause: 'bad' });
    expect(result.states.at(-1)).toEqual({ name: 'NotifyFailure', seconds: 1, failed: true });
    expect(result).not.toHaveProperty('modelPackageArn');
    expect(resultOf({ executionArn: 'arn', name: 'run' }, { status: 'SUCCEEDED', output: { task: 'regression' } }, [])).toMatchObject({ task: 'regression' });
  });
});

describe('messageOf', () => {
  it('unwraps what Lambda wraps, and leaves plain words', () => {
    expect(messageOf('{"errorType":"GateNotMet","errorMessage":"auc 0.5 is not above 0.7"}')).toBe('auc 0.5 is not above 0.7');
    expect(messageOf('plain words')).toBe('plain words');
  });
});
