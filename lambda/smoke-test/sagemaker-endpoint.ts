import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { servingRoles } from '../../model/spec/serving-metrics.ts';
import { clientSettings } from '../shared/clients/settings.ts';
import type { InvocationAnswer, Invocations } from './check-invocations.ts';

/** Errors that say that there is no such variant, or no such endpoint. */
const absent = ['ValidationError', 'ValidationException'];

/**
 * An endpoint of SageMaker.
 * @param address `arn:..:endpoint/<name>`, and behind a `#` the name of the endpoint on which new versions are tried out; without, they are its variant `canary`.
 */
export function sageMakerEndpoint(address: string): Invocations {
  const [arn = '', trial] = address.split('#');
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  const client = new SageMakerRuntimeClient(clientSettings);
  return {
    url: name,
    now: () => Date.now(),
    sleep: async (milliseconds) => sleep(milliseconds),
    invoke: async (body, newVersion) => {
      const place = !newVersion ? { EndpointName: name } : trial === undefined ? { EndpointName: name, TargetVariant: servingRoles.canary } : { EndpointName: trial };
      return invoke(client, place, body);
    },
  };
}

async function invoke(client: SageMakerRuntimeClient, place: { readonly EndpointName: string; readonly TargetVariant?: string }, body: unknown): Promise<InvocationAnswer | undefined> {
  const url = place.EndpointName;
  const startedAt = performance.now();
  const milliseconds = (): number => performance.now() - startedAt;
  try {
    const answer = await client.send(new InvokeEndpointCommand({ ...place, ContentType: 'application/json', Accept: 'application/json', Body: JSON.stringify(body) }));
    return { url, status: 200, body: Buffer.from(answer.Body).toString('utf8'), milliseconds: milliseconds(), modelVersion: versionIn(answer.CustomAttributes) };
  } catch (error) {
    const { name, message, OriginalStatusCode: status, OriginalMessage: original } = error as Error & { OriginalStatusCode?: number; OriginalMessage?: string };
    if (absent.includes(name)) return undefined;
    return { url, status: status ?? 0, body: original ?? `${name}: ${message}`, milliseconds: milliseconds(), modelVersion: undefined };
  }
}

/** Slipway's servers say their version among the attributes that they answer. */
function versionIn(attributes: string | undefined): string | undefined {
  return /(?:^|,)model_version=([^,]+)$/.exec(attributes ?? '')?.[1];
}
