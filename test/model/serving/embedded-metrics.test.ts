import { describe, expect, it } from 'vitest';
import { embeddedMetrics } from '../../../model/serving/embedded-metrics.ts';
import type { Answered } from '../../../model/serving/embedded-metrics.ts';

interface Line {
  readonly _aws: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly [{ readonly Namespace: string; readonly Dimensions: readonly string[][]; readonly Metrics: readonly { Name: string; Unit: string }[] }] };
  readonly [name: string]: unknown;
}

const lines = (answered: readonly Answered[]) => embeddedMetrics('Slipway', 'staging', answered, 1_700_000_000_000).map((line) => JSON.parse(line) as Line);

describe('requests as embedded metrics', () => {
  it('stand under the target, under its role and under its version', () => {
    const [line] = lines([{ role: 'canary', modelVersion: '7', status: 200, milliseconds: 1.5 }]);
    expect(line).toMatchObject({ Target: 'staging', Role: 'canary', ModelVersion: '7', Requests: 1, Errors: 0, RefusedRequests: 0, Latency: 1.5 });
    expect(line?._aws.Timestamp).toBe(1_700_000_000_000);
    const [directive] = line!._aws.CloudWatchMetrics;
    expect(directive.Namespace).toBe('Slipway');
    expect(directive.Dimensions).toEqual([['Target'], ['Target', 'Role'], ['Target', 'ModelVersion']]);
    expect(directive.Metrics).toEqual([{ Name: 'Requests', Unit: 'Count' }, { Name: 'Errors', Unit: 'Count' }, { Name: 'RefusedRequests', Unit: 'Count' }, { Name: 'Latency', Unit: 'Milliseconds' }]);
  });

  it('that met no model stand under the target alone', () => {
    const [line] = lines([{ status: 503, milliseconds: 2 }]);
    expect(line).toMatchObject({ Target: 'staging', Requests: 1, Errors: 1, RefusedRequests: 0 });
    expect(line!._aws.CloudWatchMetrics[0].Dimensions).toEqual([['Target']]);
  });

  it('are added up by version, and tell what failed from what was refused', () => {
    const answered = [200, 400, 500, 503, 429].map((status, index): Answered => ({ role: 'stable', modelVersion: '1', status, milliseconds: index }));
    const all = lines([...answered, { role: 'canary', modelVersion: '2', status: 200, milliseconds: 9 }]);
    expect(all).toHaveLength(2);
    expect(all[0]).toMatchObject({ ModelVersion: '1', Requests: 5, Errors: 2, RefusedRequests: 2, Latency: [0, 1, 2, 3, 4] });
    expect(all[1]).toMatchObject({ ModelVersion: '2', Requests: 1, Errors: 0 });
  });

  it('never hold more values of a metric than CloudWatch takes, and none is lost', () => {
    const all = lines(Array.from({ length: 250 }, (_, index): Answered => ({ role: 'stable', modelVersion: '1', status: 200, milliseconds: index })));
    expect(all.map((line) => (line['Latency'] as number[]).length)).toEqual([100, 100, 50]);
    expect(all.reduce((sum, line) => sum + (line['Requests'] as number), 0)).toBe(250);
  });
});
