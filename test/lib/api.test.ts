import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as api from '../../lib/index.ts';
import { memberCount, problemsOf } from './public-api.ts';

const index = path.join(import.meta.dirname, '..', '..', 'lib', 'index.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'slipway-api-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the public API', () => {
  it('is what index.ts exports', () => {
    expect(Object.keys(api).sort()).toEqual([
      'Algorithm', 'ApiAuthorization', 'ApiFrontDoor', 'Approval', 'AsyncInference', 'ChannelFormat', 'Column', 'ConfigurationError', 'DataCheck', 'DataDistribution', 'Dataset', 'DeclarationError', 'EndpointUpdate', 'EndpointVariant', 'Feature', 'FeatureGroup', 'Gate', 'GateMetric', 'Gpu', 'GpuCapacity', 'GpuScaling', 'GpuService', 'ImageRepository', 'InferenceApi', 'InferenceCode', 'InferenceEndpoint', 'InferenceService', 'Label', 'ModelPlatform', 'ModelRegistry',
      'PipelineStack', 'PlatformStack', 'RiskRating', 'Rollout', 'ServingAlarms', 'ServingImage', 'ServingMetrics', 'ServingNetwork', 'ServingStack', 'Split', 'TargetRollout', 'TargetSpec', 'TrainingFramework', 'TrainingImage', 'TrainingPipeline', 'Tuning', 'TuningObjective', 'TuningRange',
    ]);
  });

  it('exports from private folders nothing', () => {
    expect(readFileSync(index, 'utf8')).not.toMatch(/private/);
  });

  it('says what each member is and what each optional prop is by default, in types that jsii can carry', () => {
    expect(problemsOf(index)).toEqual([]);
    expect(memberCount(index)).toBeGreaterThan(150);
  });
});

it('the check of the API sees each kind of problem', () => {
  const file = path.join(folder, 'index.ts');
  writeFileSync(file, `
    interface Hidden { readonly a: string }
    /** Documented. */
    export interface ThingProps {
      readonly bare: string;
      /** Optional. */
      readonly open?: number;
      /** A choice. @default 'a' */
      readonly choice?: 'a' | 'b';
      /** A map. */
      readonly map: Record<string, string>;
      /** Not exported. */
      readonly hidden: Hidden;
    }
    export class Thing<T> {
      /** Generic. */
      get<U>(): string { return ''; }
      private secret?: 'a' | 'b';
      /** Ours. @internal */
      toJSON(): Hidden { return { a: '' }; }
    }
    export type Kind = 'a' | 'b';
  `);
  expect(problemsOf(file)).toEqual([
    'ThingProps.bare: has no docstring.',
    'ThingProps.open: is optional and has no @default.',
    "ThingProps.choice: has the union or intersection 'a' | 'b'.",
    "ThingProps.choice: has the literal type 'a'.",
    "ThingProps.choice: has the literal type 'b'.",
    'ThingProps.map: has the generic type Record<string, string>.',
    'ThingProps.hidden: has the type Hidden, which is not exported.',
    'Thing: has no docstring.',
    'Thing: is generic, which jsii cannot carry.',
    'Thing.get: is generic, which jsii cannot carry.',
    'Kind: is neither a class nor an interface, which jsii cannot carry.',
  ]);
});
