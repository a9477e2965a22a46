import type { LaptopContext } from '../../core/context.ts';
import type { ContainerDefinition } from './types.ts';

/** A task cannot be started, for a reason that ECS tells as the task's. */
export class TaskStartError extends Error {
  override readonly name = 'TaskStartError';
}

/**
 * Reads the secrets of a container under the role by which ECS starts it.
 * @throws {TaskStartError} ResourceInitializationError, as ECS words it
 */
export async function readSecrets(context: LaptopContext, { secrets = [] }: ContainerDefinition, executionRoleArn: string | undefined): Promise<Record<string, string>> {
  const read: Record<string, string> = {};
  for (const { name, valueFrom } of secrets) read[name] = await readSecret(context, valueFrom, executionRoleArn);
  return read;
}

async function readSecret(context: LaptopContext, valueFrom: string, executionRoleArn: string | undefined): Promise<string> {
  // arn:aws:secretsmanager:region:account:secret:name[:key[:stage[:version]]]
  const [arn, partition, service, region, accountId, kind, name, key = '', stage = '', version = ''] = valueFrom.split(':');
  const failed = (reason: string): TaskStartError => new TaskStartError(`ResourceInitializationError: unable to pull secrets or registry auth: ${valueFrom}: ${reason}`);
  if (service !== 'secretsmanager') throw failed('the laptop reads secrets of Secrets Manager only: expected the ARN of one');
  if (executionRoleArn === undefined) throw failed('the task definition has no execution role');
  try {
    const output = await context.dispatch({
      service: 'secretsmanager',
      operation: 'GetSecretValue',
      input: { SecretId: [arn, partition, service, region, accountId, kind, name].join(':'), ...(stage !== '' && { VersionStage: stage }), ...(version !== '' && { VersionId: version }) },
      caller: context.identity.role(executionRoleArn, 'ecs'),
    });
    const text = String(output['SecretString']);
    return key === '' ? text : memberOf(text, key);
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error));
  }
}

function memberOf(text: string, key: string): string {
  const members = JSON.parse(text) as Record<string, unknown>;
  if (!Object.hasOwn(members, key)) throw new Error(`retrieved secret does not contain json key ${key}`);
  const member = members[key];
  return typeof member === 'string' ? member : JSON.stringify(member);
}
