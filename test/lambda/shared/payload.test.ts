import { expect, test } from 'vitest';
import { artifactSchema, datasetSpecSchema, gateVerdictsSchema, modelSchema, parse, runSchema } from '../../../lambda/shared/payload.ts';

test('every field that is wrong is named', () => {
  const attempt = () => parse(modelSchema, { modelPackageArn: 'arn', modelName: 3, artifact: { bucket: 'b', key: 'k', sha256: 'ABC' } }, 'payload.model');
  expect(attempt).toThrow(/payload\.model\.modelName: .*; payload\.model\.modelVersion: .*; payload\.model\.artifact\.sha256: expected a SHA-256 as 64 hex digits/);
  expect(attempt).toThrow(expect.objectContaining({ name: 'PayloadInvalid' }) as Error);
});

test('what a newer state machine adds is left aside', () => {
  expect(parse(runSchema, { name: 'r', executionArn: 'a', extra: 1 }, 'run')).toEqual({ name: 'r', executionArn: 'a' });
});

test('a metric that could not be computed comes as null and is NaN', () => {
  expect(parse(gateVerdictsSchema, [{ metric: 'auc', comparison: 'above', threshold: 0.7, value: null, passed: false }], 'gates')[0]?.value).toBeNaN();
});

test('optional fields may be left out, not be of another type', () => {
  const artifact = { bucket: 'b', key: 'k', sha256: 'a'.repeat(64) };
  expect(parse(artifactSchema, artifact, 'artifact')).toEqual(artifact);
  expect(() => parse(artifactSchema, { ...artifact, versionId: 7 }, 'artifact')).toThrow('artifact.versionId');
});

test('a declaration is taken as it is', () => {
  const spec = { columns: [{ name: 'a', type: 'number', nullable: true, minimum: 0 }], label: { column: 'a', kind: 'above', name: 'big', threshold: 3 } };
  expect(parse(datasetSpecSchema, spec, 'schema')).toEqual(spec);
});
