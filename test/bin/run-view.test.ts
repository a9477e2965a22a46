import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Application } from '../../bin/cli/application.ts';
import { figure, headline } from '../../bin/cli/figures.ts';
import { sameRun } from '../../bin/cli/options.ts';
import type { RunResult } from '../../bin/cli/result.ts';
import { RunView } from '../../bin/cli/run-view.ts';
import type { UploadedData } from '../../bin/cli/start.ts';
import { Terminal } from '../../bin/cli/terminal.ts';

/** What a person reads of a run that ended. */
function shown(result: Partial<RunResult>): string {
  const stream = new PassThrough();
  new RunView(new Terminal({ json: false, stream })).ended({ status: 'SUCCEEDED', executionArn: 'arn', states: [], ...result });
  return String(stream.read());
}

describe('the metrics of a run', () => {
  it.each<[string, NonNullable<RunResult['metrics']>, string]>([
    ['two classes', { auc: 0.73811, accuracy: 0.7 }, 'auc 0.7381  accuracy 0.7000'],
    ['several classes', { accuracy: 0.97, macro_f1: 0.96, log_loss: 0.1 }, 'accuracy 0.9700  macro_f1 0.9600  log_loss 0.1000'],
    ['a number', { rmse: 31245.1234, mae: 2.5, r2: -0.25 }, 'rmse 31245.1  mae 2.5000  r2 -0.2500'],
    ['what could not be computed', { auc: null }, 'auc not defined'],
  ])('are those of its task: %s', (_, metrics, text) => {
    expect(shown({ metrics })).toContain(`Metrics        ${text}\n`);
  });

  it('stand beside the gates', () => {
    const gate = { metric: 'rmse', comparison: 'below', threshold: 4, value: 2.81331, passed: true } as const;
    expect(shown({ metrics: { rmse: 2.81331 }, gates: [gate], verdict: 'rmse 2.8133 is below 4' })).toMatch(/rmse 2\.8133\n.*Gate +rmse 2\.8133 is below 4\n/);
  });
});

it.each<[number, string]>([[13_479, '13.5 kB'], [13_500_000, '13.5 MB']])('%d bytes are shown as %s', (bytes, expected) => {
  const stream = new PassThrough();
  new RunView(new Terminal({ json: false, stream })).started({ pipelineName: 'p' } as Application, { bucket: 'b', key: 'k', bytes } as UploadedData, { name: 'run', executionArn: 'arn' });
  expect(String(stream.read())).toContain(`s3://b/k, ${expected}\n`);
});

describe('a run that waits for a person', () => {
  const waits = (options?: string): string => {
    const stream = new PassThrough();
    const view = new RunView(new Terminal({ json: false, stream }), options);
    view.state({ name: 'RegisterModel', status: 'succeeded', seconds: 1, depth: 0, variables: { model: { modelVersion: '3' } } });
    view.state({ name: 'AwaitApproval', status: 'waiting', seconds: 1, depth: 0, variables: {} });
    return String(stream.read());
  };

  it('says how it is answered, also on AWS', () => {
    expect(waits()).toMatch(/● AwaitApproval {2}version 3 waits for a person:\n {4}slipway approve 3 --reason "WHY"\n {4}slipway reject 3 --reason "WHY"\n$/);
    expect(waits('--aws')).toContain('slipway approve 3 --reason "WHY" --aws\n');
  });

  it.each([
    [{ state: '.slipway', stacks: '' }, ''],
    [{ state: '/tmp/other', stacks: 'churn' }, '--state /tmp/other --stacks churn'],
    [{ state: '.slipway', aws: true, region: 'eu-west-1', stacks: '' }, '--aws --region eu-west-1'],
  ])('names the options that reach the same run: %j', (given, expected) => {
    expect(sameRun(given)).toBe(expected);
  });

  it('names whoever decided, and the version that is served instead', () => {
    expect(shown({ outcome: 'DEPLOYED', approval: { by: 'alice', at: 'now', reason: 'good' } })).toMatch(/✓ The model is deployed\.\n.*Approved by +alice: good\n/);
    expect(shown({ outcome: 'SUPERSEDED', servedVersion: '4' })).toContain('so is version 4, which serves production');
    expect(shown({ status: 'RUNNING', waiting: 'AwaitApproval' })).toContain('The run goes on once it is decided.');
  });
});

describe('headline', () => {
  it('is what tells most of a model, whatever the order', () => {
    expect(headline({ accuracy: 0.7, auc: 0.74 })).toBe('auc 0.7400');
    expect(headline({ macro_f1: 0.96, accuracy: 0.97 })).toBe('accuracy 0.9700');
    expect(headline({ mae: 2, rmse: 2.8 })).toBe('rmse 2.8000');
    expect(headline({})).toBe('');
  });
});

describe('figure', () => {
  it('has as many decimals as tell something', () => {
    expect([0.5, 999.99999, -1234.56, null, undefined, Number.NaN].map(figure)).toEqual(['0.5000', '1000.0000', '-1234.6', 'not defined', 'not defined', 'not defined']);
  });
});
