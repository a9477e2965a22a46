import { Token } from 'aws-cdk-lib';
import type { Finding } from '../../private/validation.ts';
import { validateDays, validateInteger, validateKebabCase, validateRange, validateSeconds } from '../../private/validation.ts';
import { keyDefaults } from '../defaults.ts';
import type { ApiKeyAuthorizationOptions, JwtAuthorizationProps } from '../api-authorization.ts';
import type { InferenceApiOptions } from '../inference-api-props.ts';

/** The longest that a request may take behind a front door, in seconds. API Gateway answers by itself after 30 seconds, or 29. */
const longest = { httpApi: 29, restApi: 29, functionUrl: 900 } as const;

const names = { httpApi: 'an HTTP API', restApi: 'a REST API', functionUrl: 'a function URL' } as const;

/** Everything that is wrong with the props of a prediction API. */
export function validateInferenceApi(props: InferenceApiOptions): Finding[] {
  return [...validateNumbers(props), ...validateFrontDoor(props), ...validateAuthorization(props), ...validateCors(props), ...validateUsagePlan(props), ...validateProvisioned(props), validateAlarmsOfDeployment(props)];
}

function kindOf(props: InferenceApiOptions): keyof typeof names {
  return props.frontDoor?._kind ?? 'httpApi';
}

function validateNumbers(props: InferenceApiOptions): Finding[] {
  return [
    validateRange('maxBatchRows', props.maxBatchRows, 1, 10_000),
    validateInteger('maxBatchRows', props.maxBatchRows),
    validateRange('memorySizeMiB', props.memorySizeMiB, 512, 10_240, ' MiB'),
    validateInteger('memorySizeMiB', props.memorySizeMiB),
    validateSeconds('timeout', props.timeout, 1, longest[kindOf(props)]),
    validateSeconds('revalidateAfter', props.revalidateAfter, 1, 300),
    validateRange('throttlingRateLimit', props.throttlingRateLimit, 0, 10_000),
    validateRange('throttlingBurstLimit', props.throttlingBurstLimit, 0, 5_000),
    validateInteger('throttlingBurstLimit', props.throttlingBurstLimit),
    validateRange('reservedConcurrency', props.reservedConcurrency, 0, 100_000),
    validateInteger('reservedConcurrency', props.reservedConcurrency),
  ];
}

function validateFrontDoor(props: InferenceApiOptions): Finding[] {
  const kind = kindOf(props);
  const has = `The front door is ${names[kind]}, which has no`;
  const rest = (what: string): string => `${has} ${what}: set frontDoor: ApiFrontDoor.restApi(), or leave the prop away.`;
  const url = (prop: string, fix: string): Finding => `${has} ${prop}: ${fix}`;
  const isUrl = kind === 'functionUrl';
  return [
    kind !== 'restApi' && props.webAclArn !== undefined ? rest('web ACL (webAclArn)') : undefined,
    kind !== 'restApi' && props.usagePlan !== undefined ? rest('usage plan (usagePlan)') : undefined,
    kind !== 'restApi' && props.apiTracing === true ? rest('X-Ray traces of its own (apiTracing)') : undefined,
    isUrl && props.domain !== undefined ? url('domain of your own', 'set frontDoor: ApiFrontDoor.httpApi() or restApi(), or put Amazon CloudFront in front of it.') : undefined,
    isUrl && (props.throttlingRateLimit !== undefined || props.throttlingBurstLimit !== undefined) ? url('throttling (throttlingRateLimit, throttlingBurstLimit)', 'reservedConcurrency bounds what it runs at once.') : undefined,
    isUrl && props.accessLogGroup !== undefined ? url('access logs (accessLogGroup)', 'the function\'s own log holds each failure.') : undefined,
  ];
}

function validateAuthorization(props: InferenceApiOptions): Finding[] {
  const kind = kindOf(props);
  const choice = props.authorization?._choice;
  switch (choice?.kind) {
    case 'httpAuthorizer':
      return [kind === 'httpApi' ? undefined : `authorization is an authorizer of HTTP APIs, and the front door is ${names[kind]}: set frontDoor: ApiFrontDoor.httpApi(), or another ApiAuthorization.`];
    case 'restAuthorizer':
      return [kind === 'restApi' ? undefined : `authorization is an authorizer of REST APIs, and the front door is ${names[kind]}: set frontDoor: ApiFrontDoor.restApi(), or another ApiAuthorization.`];
    case 'jwt':
      return validateJwt(choice.props);
    case 'apiKeys':
      return validateKeys(choice.options, props);
    default:
      return [];
  }
}

function validateJwt({ issuer, audience, jwksUri, scopes }: JwtAuthorizationProps): Finding[] {
  const https = (name: string, value: string | undefined): Finding =>
    value === undefined || Token.isUnresolved(value) || value.startsWith('https://') ? undefined : `authorization.${name} is '${value}', expected an https:// URL: who could change what comes from it could make tokens.`;
  return [
    https('issuer', issuer),
    https('jwksUri', jwksUri),
    audience.length === 0 ? 'authorization.audience is empty, expected at least one: a token that the issuer made for another service would be accepted here.' : undefined,
    scopes?.length === 0 ? 'authorization.scopes is empty, expected at least one scope, or no such prop.' : undefined,
  ];
}

function validateKeys({ clients, header, rotateEvery, gracePeriod }: ApiKeyAuthorizationOptions, props: InferenceApiOptions): Finding[] {
  const days = (rotateEvery ?? keyDefaults.rotateEvery).toDays({ integral: false });
  const grace = (gracePeriod ?? keyDefaults.gracePeriod).toDays({ integral: false });
  return [
    ...validateClients('authorization.clients', clients),
    validateDays('authorization.rotateEvery', rotateEvery),
    validateRange('authorization.rotateEvery', days, 1, 1000, ' days'),
    validateSeconds('authorization.gracePeriod', gracePeriod, 60, 90 * 86_400),
    grace > days ? `authorization.gracePeriod is ${String(grace)} days, expected at most ${String(days)}, after which the next key comes (rotateEvery).` : undefined,
    header === undefined || /^[a-z][a-z0-9-]*$/i.test(header) ? undefined : `authorization.header is '${header}', expected the name of a header, such as 'x-api-key'.`,
    props.usagePlan !== undefined && (header ?? keyDefaults.header).toLowerCase() === 'x-api-key'
      ? "usagePlan and ApiAuthorization.apiKeys both read the header x-api-key: give the latter another one, such as header: 'x-slipway-key', or let the usage plan's keys do with ApiAuthorization.iam()."
      : undefined,
  ];
}

function validateClients(name: string, clients: readonly string[] | undefined): Finding[] {
  if (clients === undefined) return [];
  return [
    clients.length === 0 ? `${name} is empty, expected at least one client.` : undefined,
    ...clients.map((client) => validateKebabCase(`A client in ${name}`, client, 40)),
    new Set(clients).size < clients.length ? `${name} names a client twice.` : undefined,
  ];
}

function validateCors({ cors }: InferenceApiOptions): Finding[] {
  if (cors === undefined) return [];
  return [
    cors.allowOrigins.length === 0 ? "cors.allowOrigins is empty, expected origins such as 'https://app.example.com', or '*'." : undefined,
    ...cors.allowOrigins
      .filter((origin) => origin !== '*' && !Token.isUnresolved(origin) && !/^https?:\/\/[^/]+$/.test(origin))
      .map((origin) => `cors.allowOrigins holds '${origin}', expected an origin such as 'https://app.example.com', without a path.`),
    validateSeconds('cors.maxAge', cors.maxAge, 0, 86_400),
  ];
}

function validateUsagePlan({ usagePlan }: InferenceApiOptions): Finding[] {
  if (usagePlan === undefined) return [];
  return [
    ...(usagePlan.clients.length === 0 && (usagePlan.apiKeys ?? []).length > 0 ? [] : validateClients('usagePlan.clients', usagePlan.clients)),
    validateRange('usagePlan.rateLimit', usagePlan.rateLimit, 0, 10_000),
    validateRange('usagePlan.burstLimit', usagePlan.burstLimit, 0, 5_000),
    validateInteger('usagePlan.burstLimit', usagePlan.burstLimit),
  ];
}

function validateProvisioned({ provisionedConcurrency, reservedConcurrency }: InferenceApiOptions): Finding[] {
  if (provisionedConcurrency === undefined) return [];
  const { instances, maxInstances, targetUtilizationPercent, changes = [] } = provisionedConcurrency;
  const most = Math.max(...[{ instances, maxInstances }, ...changes].map((step) => step.maxInstances ?? step.instances));
  return [
    validateRange('provisionedConcurrency.instances', instances, 1, 100_000),
    validateInteger('provisionedConcurrency.instances', instances),
    validateRange('provisionedConcurrency.maxInstances', maxInstances, instances, 100_000),
    validateRange('provisionedConcurrency.targetUtilizationPercent', targetUtilizationPercent, 10, 90, ' %'),
    targetUtilizationPercent !== undefined && [{ instances, maxInstances }, ...changes].every((step) => (step.maxInstances ?? step.instances) === step.instances)
      ? 'provisionedConcurrency.targetUtilizationPercent says when more environments are made, but nothing allows more: set maxInstances, or leave it away.'
      : undefined,
    ...changes.flatMap((change, index) => [
      validateRange(`provisionedConcurrency.changes[${String(index)}].instances`, change.instances, 0, 100_000),
      validateInteger(`provisionedConcurrency.changes[${String(index)}].instances`, change.instances),
      validateRange(`provisionedConcurrency.changes[${String(index)}].maxInstances`, change.maxInstances, change.instances, 100_000),
    ]),
    reservedConcurrency !== undefined && !Token.isUnresolved(reservedConcurrency) && most > reservedConcurrency
      ? `provisionedConcurrency keeps up to ${String(most)} environments warm, expected at most the ${String(reservedConcurrency)} that reservedConcurrency lets run at once.`
      : undefined,
  ];
}

function validateAlarmsOfDeployment({ codeDeployment, alarms }: InferenceApiOptions): Finding {
  if (codeDeployment === undefined || codeDeployment.alarms !== undefined) return undefined;
  if (alarms?.enabled !== false && !(alarms?.latency?.enabled === false && alarms.errorRate?.enabled === false)) return undefined;
  return 'codeDeployment shifts requests under the alarms on latency and on failed requests, and both are off: turn one on, or name others in codeDeployment.alarms.';
}
