import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Period } from 'aws-cdk-lib/aws-apigateway';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, it } from 'vitest';
import { ApiAuthorization, ApiFrontDoor, AsyncInference, InferenceApi, InferenceCode, ModelPlatform } from '../../../lib/index.ts';
import type { InferenceApiOptions } from '../../../lib/index.ts';
import { readAssembly } from '../../../scripts/synth/assembly.ts';
import { checkByCfnLint } from '../../../scripts/synth/cfn-lint.ts';
import { checkAcknowledgements } from '../../../scripts/synth/nag.ts';
import { checkPolicies } from '../../../scripts/synth/policies.ts';
import { readValidationReport } from '../../../scripts/synth/validation-report.ts';
import { testApp } from '../support.ts';

const env = { region: 'us-east-1' };
const cors = { allowOrigins: ['https://app.example.com', 'https://other.example.com'] };
const jwt = ApiAuthorization.jwt({ issuer: 'https://issuer.example.com', audience: ['own'], scopes: ['predict'] });

/** Each front door with all that goes with it, and each authorization. */
const variants: Readonly<Record<string, (stack: Stack) => InferenceApiOptions>> = {
  minimal: () => ({}),
  httpAll: (stack) => ({
    cors,
    domain: {
      domainName: 'http.example.com',
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012'),
      hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'example.com' }),
    },
    provisionedConcurrency: { instances: 1, maxInstances: 4, changes: [{ schedule: Schedule.cron({ hour: '8', minute: '0' }), instances: 3 }] },
    codeDeployment: {},
  }),
  httpKeys: () => ({ authorization: ApiAuthorization.apiKeys({ clients: ['mobile', 'partner'], rotateEvery: Duration.days(7) }), cors }),
  rest: () => ({ frontDoor: ApiFrontDoor.restApi() }),
  restAll: (stack) => ({
    frontDoor: ApiFrontDoor.restApi({ accountCloudWatchRole: false }),
    authorization: jwt,
    cors: { allowOrigins: ['https://app.example.com'] },
    apiTracing: true,
    webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/own/12345678-1234-1234-1234-123456789012',
    usagePlan: { clients: ['mobile'], rateLimit: 5, burstLimit: 10, quota: { limit: 1000, period: Period.DAY } },
    domain: { domainName: 'rest.example.com', certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012') },
    codeDeployment: {},
  }),
  url: () => ({ frontDoor: ApiFrontDoor.functionUrl() }),
  urlAll: () => ({ frontDoor: ApiFrontDoor.functionUrl({ streaming: true }), authorization: ApiAuthorization.apiKeys(), cors, timeout: Duration.minutes(15), provisionedConcurrency: { instances: 1 } }),
  image: () => ({ code: InferenceCode.image() }),
};

it('every variant of a prediction API, and predictions in the background, are clean to CloudFormation, cdk-nag, IAM and cfn-lint, and acknowledge nothing in vain', async () => {
  const app = testApp({ '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:failSynthOnValidationErrors': false });
  const ground = new Stack(app, 'ground', { env });
  const platforms = [new ModelPlatform(ground, 'Platform'), new ModelPlatform(ground, 'Encrypted', { encryptionKey: new Key(ground, 'Key', { enableKeyRotation: true }) })];
  for (const [name, options] of Object.entries(variants)) {
    for (const [index, platform] of platforms.entries()) {
      if (index > 0 && !name.endsWith('Keys')) continue;
      const stack = new Stack(app, `${name}${index === 0 ? '' : '-encrypted'}`, { env });
      const target = new InferenceApi(stack, 'Api', { ...options(stack), platform });
      if (name === 'minimal' || name.endsWith('Keys')) new AsyncInference(stack, 'Background', { platform, target });
    }
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const { directory } = app.synth();
  const stacks = readAssembly(directory);
  const results = [
    readValidationReport(directory, 'CloudFormation', 'CloudFormation Validate'),
    readValidationReport(directory, 'cdk-nag', 'AwsSolutions'),
    readValidationReport(directory, 'construct warnings', 'Construct Annotations'),
    checkAcknowledgements(app),
    await checkPolicies(stacks),
    checkByCfnLint(stacks),
  ];
  expect(results.flatMap(({ findings }) => findings.map(({ where, message }) => `${where}: ${message}`))).toEqual([]);
}, 60_000);
