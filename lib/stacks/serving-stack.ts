import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { IModelPlatform } from '../platform/model-platform.ts';
import { pascalCase, validate, validateKebabCase } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import { endpointsOf } from '../serving/private/service-place.ts';
import { AsyncInference } from '../serving/async-inference.ts';
import type { AsyncInferenceOptions } from '../serving/async-inference-props.ts';
import { ServingNetwork } from '../serving/serving-network.ts';
import type { IServingTarget } from '../serving/serving-target.ts';
import { TargetSpec } from './target-spec.ts';

/** What a `ServingStack` is made of. */
export interface ServingStackProps extends StackProps {
  /** Where models and deployment records lie. */
  readonly platform: IModelPlatform;

  /**
   * What serves, each under a name of its own.
   * @default - one Lambda function behind an HTTP API, `staging`
   */
  readonly targets?: TargetSpec[];

  /**
   * The name of the target that new models meet first: pipelines' `target`.
   * @default - the first of `targets` that is not `production`
   */
  readonly staging?: string;

  /**
   * The name of the target that serves the users, beside which `staging` is for trying out: pipelines' `productionTarget`.
   * @default - none: `staging` is what users are served by
   */
  readonly production?: string;

  /**
   * The network of those services of containers that name none.
   * @default - where there are several of them they share a ServingNetwork, which bills its endpoints once; a single one makes its own
   */
  readonly vpc?: IVpc;

  /**
   * Answers requests from a queue, in the background, with the models of what users are served by.
   * @default - nothing does
   */
  readonly asyncInference?: AsyncInferenceOptions;
}

/** What answers with predictions: deployed after the platform, before the pipeline, which tests it. */
export class ServingStack extends Stack {
  /** All that serves, in the order in which it was named. */
  readonly targets: IServingTarget[];
  /** What new models meet first. */
  readonly staging: IServingTarget;
  /** What users are served by; undefined where that is `staging`. */
  readonly production?: IServingTarget;
  /** The network that services share; undefined where none had to be made. */
  readonly network?: ServingNetwork;
  /** What answers requests in the background; undefined where nothing does. */
  readonly asyncInference?: AsyncInference;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: ServingStackProps) {
    super(scope, id, props);
    const specs = props.targets ?? [TargetSpec.api({ targetName: 'staging' })];
    validate(this, validateTargets(specs, props));
    this.network = this.createNetwork(specs, props.vpc);
    const vpc = props.vpc ?? this.network?.vpc;
    const made = specs.map((spec) => spec._create(this, pascalCase(spec.targetName), { platform: props.platform, ...(vpc === undefined ? {} : { vpc }) }));
    this.targets = made;
    const staging = props.staging ?? specs.find(({ targetName }) => targetName !== props.production)!.targetName;
    this.staging = this.target(staging);
    if (props.production !== undefined) this.production = this.target(props.production);

    new CfnOutput(this, 'ApiUrl', { value: this.staging.url, description: 'The base URL of the prediction API.' });
    new CfnOutput(this, 'DeploymentRecordKey', { value: this.staging.record.key, description: 'The object in the artifact bucket that names the served model.' });
    if (this.production !== undefined) {
      new CfnOutput(this, 'ProductionApiUrl', { value: this.production.url, description: 'The base URL of the prediction API of production.' });
      new CfnOutput(this, 'ProductionDeploymentRecordKey', { value: this.production.record.key, description: 'The object in the artifact bucket that names the model that production serves.' });
    }
    if (props.asyncInference !== undefined) {
      this.asyncInference = new AsyncInference(this, 'AsyncInference', { ...props.asyncInference, platform: props.platform, target: this.production ?? this.staging });
      new CfnOutput(this, 'AsyncInferenceQueueUrl', { value: this.asyncInference.queue.queueUrl, description: 'The queue that takes requests to be answered in the background.' });
    }
    for (const { targetName, rollout } of made) {
      new CfnOutput(this, `${pascalCase(targetName)}Target`, { value: rollout.reference, description: `What the command line needs to ask ${targetName} and to deploy to it.` });
    }
  }

  /**
   * The target of a name.
   * @throws ConfigurationError where there is none
   */
  target(targetName: string): IServingTarget {
    const names = this.targets.map((target) => target.targetName);
    validate(this, [validateName('target', targetName, names)]);
    return this.targets[names.indexOf(targetName)]!;
  }

  /** One network for all services that name none: each of their own would bill its endpoints anew. */
  private createNetwork(specs: readonly TargetSpec[], vpc: IVpc | undefined): ServingNetwork | undefined {
    const needs = specs.flatMap(({ _network }) => _network ?? []);
    if (vpc !== undefined || needs.length < 2) return undefined;
    return new ServingNetwork(this, 'Network', {
      publicSubnets: needs.some(({ options }) => options.internetFacing === true),
      instances: needs.some(({ instances }) => instances),
      furtherEndpoints: needs.flatMap(({ options }) => endpointsOf(options)),
    });
  }
}

function validateTargets(specs: readonly TargetSpec[], { staging, production, vpc }: ServingStackProps): Finding[] {
  const names = specs.map(({ targetName }) => targetName);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    specs.length === 0 ? 'targets is empty, expected at least one: TargetSpec.api() costs nothing while nobody asks.' : undefined,
    ...specs.map(({ targetName }) => validateKebabCase('targetName', targetName, 40)),
    twice.length === 0 ? undefined : `targets has ${[...new Set(twice)].map((name) => `'${name}'`).join(', ')} more than once, expected a targetName of its own for each: it names the deployment record.`,
    staging === undefined ? undefined : validateName('staging', staging, names),
    production === undefined ? undefined : validateName('production', production, names),
    production !== undefined && (staging === production || (specs.length === 1 && names[0] === production))
      ? `production is '${production}', which is what new models are tried out on, expected another target beside it; leave production out where one target is for both.`
      : undefined,
    vpc !== undefined && specs.every(({ _network }) => _network === undefined)
      ? 'vpc is set, and no target would be in it, expected TargetSpec.service or TargetSpec.gpu without a network of its own. Endpoints are told their vpc themselves.'
      : undefined,
  ];
}

function validateName(prop: string, name: string, names: readonly string[]): Finding {
  return names.includes(name) ? undefined : `${prop} is '${name}', expected the name of one of the targets: ${names.join(', ')}.`;
}
