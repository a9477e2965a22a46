import { createRequire } from 'node:module';
import { buildModel, type ServiceModel } from './model.ts';

/**
 * SigV4 service name → the SDK packages whose schemas describe its operations. Some services sign
 * several APIs with one name (`sagemaker` covers its runtime too).
 */
const packages: Readonly<Record<string, readonly string[]>> = {
  'application-autoscaling': ['@aws-sdk/client-application-auto-scaling'],
  cloudformation: ['@aws-sdk/client-cloudformation'],
  codedeploy: ['@aws-sdk/client-codedeploy'],
  ecs: ['@aws-sdk/client-ecs'],
  events: ['@aws-sdk/client-eventbridge'],
  lambda: ['@aws-sdk/client-lambda'],
  monitoring: ['@aws-sdk/client-cloudwatch'],
  s3: ['@aws-sdk/client-s3'],
  sagemaker: ['@aws-sdk/client-sagemaker', '@aws-sdk/client-sagemaker-featurestore-runtime', '@aws-sdk/client-sagemaker-runtime'],
  scheduler: ['@aws-sdk/client-scheduler'],
  secretsmanager: ['@aws-sdk/client-secrets-manager'],
  sns: ['@aws-sdk/client-sns'],
  sqs: ['@aws-sdk/client-sqs'],
  states: ['@aws-sdk/client-sfn'],
  sts: ['@aws-sdk/client-sts'],
};

const load = createRequire(import.meta.url);
const models = new Map<string, ServiceModel>();

/**
 * The operations of a service as its SDK client describes them, or undefined for a service that the
 * laptop does not know. Loaded at the first call: most runs touch a few services only.
 */
export function serviceModel(name: string): ServiceModel | undefined {
  const known = models.get(name);
  if (known) return known;
  const sources = Object.hasOwn(packages, name) ? packages[name] : undefined;
  if (!sources) return undefined;
  const model = buildModel(name, sources.map((source) => load(source) as Record<string, unknown>));
  models.set(name, model);
  return model;
}
