import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct, IConstruct } from 'constructs';
import { afterAll } from 'vitest';
import { Algorithm, Column, Dataset, Feature, Label, ModelPlatform, ModelRegistry, Rollout } from '../../lib/index.ts';
import type { DeploymentRecordLocation, IServingTarget, ITargetRollout } from '../../lib/index.ts';
import { allow } from '../../lib/private/permissions.ts';
import { bundleRootContext } from '../../lib/private/handler-bundle.ts';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

const root = mkdtempSync(path.join(tmpdir(), 'slipway-lib-test-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** The folders of lambda/ with a handler. */
const lambda = path.join(import.meta.dirname, '..', '..', 'lambda');
const handlers = readdirSync(lambda).filter((name) => existsSync(path.join(lambda, name, 'handler.ts')));

/** A folder of tiny bundles, so that no test needs a build. */
export function tinyBundles(): string {
  const folder = path.join(root, 'bundles');
  for (const architecture of ['arm64', 'x64']) {
    for (const handler of handlers) {
      mkdirSync(path.join(folder, architecture, handler), { recursive: true });
      writeFileSync(path.join(folder, architecture, handler, 'index.mjs'), `export const handler = async () => '${handler}';\n`);
    }
    for (const name of ['model-server', 'inference-function']) {
      const image = path.join(folder, 'images', architecture, name);
      mkdirSync(image, { recursive: true });
      writeFileSync(path.join(image, 'Dockerfile'), 'ARG BASE_IMAGE=own\nFROM ${BASE_IMAGE}\n');
    }
  }
  return folder;
}

/** The feature flags of cdk.json. */
export const flags = (JSON.parse(readFileSync(path.join(import.meta.dirname, '..', '..', 'cdk.json'), 'utf8')) as { context: Record<string, unknown> }).context;

/** An app with the project's flags and tiny bundles; CloudFormation's validation is off, since it is most of a synth's time. */
export function testApp(context: Record<string, unknown> = {}): App {
  return new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    outdir: mkdtempSync(path.join(root, 'out-')),
    context: { ...flags, [bundleRootContext]: tinyBundles(), ...context },
  });
}

/** An app as of a consumer whose cdk.json has no feature flags. */
export function flaglessApp(context: Record<string, unknown> = {}): App {
  return new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    outdir: mkdtempSync(path.join(root, 'out-')),
    context: { [bundleRootContext]: tinyBundles(), ...context },
  });
}

/** A stack in us-east-1. */
export function testStack(id = 'Stack', app = testApp()): Stack {
  return new Stack(app, id, { env: { region: 'us-east-1' } });
}

/** A small dataset with its features and an algorithm: what every pipeline needs. */
export const learning = {
  dataset: new Dataset({ columns: [Column.integer('delay'), Column.number('distance')], label: Label.above('delay', 15, 'late') }),
  features: [Feature.numeric('distance')],
  algorithm: Algorithm.xgboost({ numRound: 10 }),
};

/** A platform and a registry in a stack. */
export function ground(stack: Stack): { platform: ModelPlatform; registry: ModelRegistry } {
  return { platform: new ModelPlatform(stack, 'Platform'), registry: new ModelRegistry(stack, 'Registry') };
}

/** A rollout of another app. */
export function ownRollout(scope: IConstruct, name: string): ITargetRollout {
  const id = `${name}-${String(scope.node.children.length)}`;
  return { stateMachine: StateMachine.fromStateMachineArn(scope as Construct, id, `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`), plan: Rollout.allAtOnce() };
}

/** A target of the user's own making. */
export class OwnTarget implements IServingTarget {
  readonly targetName = 'own';
  readonly url = 'https://predictions.example.com';
  readonly revalidateAfter = Duration.seconds(9);
  readonly record: DeploymentRecordLocation;
  readonly rollout: ITargetRollout;

  constructor(bucket: IBucket) {
    this.record = { bucket, key: 'deployments/own.json' };
    this.rollout = ownRollout(bucket, 'own-rollout');
  }

  grantInvoke(grantee: IGrantable): void {
    allow(grantee, { actions: ['execute-api:Invoke'], resources: ['arn:aws:execute-api:us-east-1:123456789012:own/prod/POST/predict'] });
  }
}

/** A policy statement as the template has it, with lists. */
export interface RenderedStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly effect: string;
  readonly condition: unknown;
}

/** The statements of the policies of every role whose logical id matches, with references as JSON. */
export function statementsOf(template: Template, role: RegExp): RenderedStatement[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => {
    const { Roles, PolicyDocument } = Properties as { Roles: ({ Ref: string } | string)[]; PolicyDocument: { Statement: Record<string, unknown>[] } };
    if (!Roles.some((name) => role.test(typeof name === 'string' ? name : name.Ref))) return [];
    return PolicyDocument.Statement.map(({ Action, Resource, Effect, Condition }) => ({
      actions: list(Action).map(String),
      resources: list(Resource).map((resource) => (typeof resource === 'string' ? resource : JSON.stringify(resource))),
      effect: String(Effect),
      condition: Condition,
    }));
  });
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
