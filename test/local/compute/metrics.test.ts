import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { eachLine } from '../../../local/compute/lines.ts';
import { metricDefinitions, MetricReader } from '../../../local/compute/training/metrics.ts';

const image = '246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:3.0-5';

describe('metrics', () => {
  it('of the built-in XGBoost are read as SageMaker reads them', () => {
    const reader = new MetricReader(metricDefinitions(image, []));
    reader.read('[0]\ttrain-logloss:0.69\tvalidation-logloss:0.68', new Date(0));
    expect(reader.read('[12]\ttrain-logloss:5e-1\tvalidation-logloss:.55', new Date(1))).toHaveLength(2);
    expect(reader.read('Stopping. Best iteration: [3]', new Date(2))).toEqual([]);
    expect(reader.final).toEqual([
      { MetricName: 'train:logloss', Value: 0.5, Timestamp: new Date(1) },
      { MetricName: 'validation:logloss', Value: 0.55, Timestamp: new Date(1) },
    ]);
  });

  it('that a job defines take the place of those, and other images have none', () => {
    const own = [{ Name: 'loss', Regex: 'loss: ([0-9.]+)' }];
    expect(metricDefinitions(image, own)).toBe(own);
    expect(metricDefinitions('example.com/mine:1', [])).toEqual([]);
  });
});

describe('lines', () => {
  it('come whole, whatever the chunks, in UTF-8', async () => {
    const stream = new PassThrough();
    const lines: string[] = [];
    const done = eachLine(stream, (line) => lines.push(line));
    const bytes = Buffer.from('eins\r\nzwölf\n\nlast');
    for (const byte of bytes) stream.write(Buffer.from([byte]));
    stream.end();
    await done;
    expect(lines).toEqual(['eins', 'zwölf', '', 'last']);
  });

  it('are cut when they never end', async () => {
    const stream = new PassThrough();
    const lengths: number[] = [];
    const done = eachLine(stream, (line) => lengths.push(line.length));
    stream.write('x'.repeat(300_000));
    stream.end('y');
    await done;
    expect(lengths).toEqual([300_000, 1]);
  });
});
