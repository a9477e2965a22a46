import { Duration, SecretValue, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { RotateApiKeyEnv } from '../../../lambda/rotate-api-key/env.ts';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import { acknowledge } from '../../private/acknowledgements.ts';
import { HandlerFunction } from '../../private/handler-function.ts';
import { allow, allowKey } from '../../private/permissions.ts';
import type { ApiKeyAuthorizationOptions } from '../api-authorization.ts';
import { keyDefaults } from '../defaults.ts';

/** What API keys are made of. */
export interface ApiKeysProps {
  readonly platform: IModelPlatform;
  readonly targetName: string;
  readonly options: ApiKeyAuthorizationOptions;
  readonly architecture: Architecture;
  readonly tracing: boolean;
}

const functionTimeout = Duration.seconds(30);

/** A key for each client, and the function that replaces it. */
export class ApiKeys extends Construct {
  /** The secret that holds a client's key, by client. */
  readonly keys: ReadonlyMap<string, Secret>;
  /** The function that replaces keys. */
  readonly rotation: HandlerFunction;
  /** By client, the secret that holds the digests of its keys. */
  private readonly digests: ReadonlyMap<string, Secret>;
  private readonly platform: IModelPlatform;

  constructor(scope: Construct, id: string, props: ApiKeysProps) {
    super(scope, id);
    const { platform, targetName, options } = props;
    this.platform = platform;
    const clients = options.clients ?? keyDefaults.clients;
    const encryption = platform.encryptionKey === undefined ? {} : { encryptionKey: platform.encryptionKey };
    this.keys = new Map(clients.map((client) => [client, new Secret(this, `Key ${client}`, { description: `The API key of ${client} for ${targetName}. It is replaced on a schedule: read it again where it is refused.`, ...encryption })]));
    this.digests = new Map(clients.map((client) => {
      const secret = new Secret(this, `Digests ${client}`, { description: `By what ${targetName} knows the API keys of ${client}. Written by rotations alone.`, secretStringValue: SecretValue.unsafePlainText('{"keys":[]}'), ...encryption });
      acknowledge(secret, 'SMG4', "It holds digests alone, and is written anew whenever the client's key is replaced.");
      return [client, secret];
    }));

    const environment: RotateApiKeyEnv = {
      API_KEYS: Stack.of(this).toJsonString(Object.fromEntries(clients.map((client) => [this.keys.get(client)!.secretArn, { client, digests: this.digests.get(client)!.secretArn }]))),
      GRACE_SECONDS: String((options.gracePeriod ?? keyDefaults.gracePeriod).toSeconds()),
    };
    this.rotation = new HandlerFunction(this, 'Rotation', {
      handler: 'rotate-api-key',
      description: `Replaces the API keys of ${targetName}.`,
      environment: { ...environment },
      memorySizeMiB: 256,
      timeout: functionTimeout,
      architecture: props.architecture,
      tracing: props.tracing,
      logRetention: platform.logRetention,
      logRemovalPolicy: platform.logRemovalPolicy,
    });
    this.rotateBy(options.rotateEvery ?? keyDefaults.rotateEvery);
  }

  /** By client, the ARN of the secret that holds the digests of its keys. */
  digestArns(): Record<string, string> {
    return Object.fromEntries([...this.digests].map(([client, secret]) => [client, secret.secretArn]));
  }

  /** Lets the prediction function read digests. */
  grantCheck(grantee: IGrantable): void {
    allow(grantee, { actions: ['secretsmanager:GetSecretValue'], resources: [...this.digests.values()].map(({ secretArn }) => secretArn) });
    allowKey(grantee, this.platform.encryptionKey, ['kms:Decrypt']);
  }

  /** Lets a caller read a client's key. */
  grantKey(grantee: IGrantable, client: string): void {
    allow(grantee, { actions: ['secretsmanager:GetSecretValue'], resources: [this.keys.get(client)!.secretArn] });
    allowKey(grantee, this.platform.encryptionKey, ['kms:Decrypt']);
  }

  private rotateBy(every: Duration): void {
    const { role, function: fn } = this.rotation;
    const keys = [...this.keys.values()].map(({ secretArn }) => secretArn);
    const digests = [...this.digests.values()].map(({ secretArn }) => secretArn);
    allow(role, { actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'], resources: keys });
    allow(role, { actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'], resources: digests });
    allowKey(role, this.platform.encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey']);
    const permission = { principal: new ServicePrincipal('secretsmanager.amazonaws.com'), sourceAccount: Stack.of(this).account };
    fn.addPermission('Rotation', permission);
    for (const [client, secret] of this.keys) {
      const schedule = new CfnRotationSchedule(this, `Schedule ${client}`, {
        secretId: secret.secretArn,
        rotationLambdaArn: fn.functionArn,
        rotationRules: { scheduleExpression: `rate(${String(every.toDays())} days)` },
        // The first rotation makes the first key that the API accepts.
        rotateImmediatelyOnUpdate: true,
      });
      // It is rotated as soon as it is made: the function has to be allowed to by then.
      schedule.node.addDependency(fn, role);
    }
  }
}
