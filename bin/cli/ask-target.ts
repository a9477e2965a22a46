import { InvokeEndpointCommand, ModelError, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { clientConfig, type Connection } from './connection.ts';
import { CommandError } from './errors.ts';
import { type ApiResponse, parsedAnswer, postSigned } from './http.ts';
import type { Target } from './targets.ts';

/** Where predictions are asked for: a target of the stacks, or a base URL alone. */
export type Askable = Pick<Target, 'target' | 'url' | 'signedFor'>;

/**
 * Asks a target for predictions, in the way that it is asked: over HTTP with a signature, or by InvokeEndpoint.
 * @param isBatch whether `input` is a list of rows
 * @throws CommandError where it cannot be reached
 */
export async function askTarget(connection: Connection, { target, url, signedFor }: Askable, input: unknown, isBatch: boolean): Promise<ApiResponse> {
  const [, endpointName] = /\/endpoints\/([^/]+)\/invocations$/.exec(url) ?? [];
  if (endpointName !== undefined) return invoke(connection, endpointName, { instances: isBatch ? input : [input] });
  try {
    return await postSigned(connection, `${url}/predict${isBatch ? '/batch' : ''}`, isBatch ? { inputs: input } : { input }, signedFor);
  } catch (error) {
    // What fetch throws where there is no answer.
    if (!(error instanceof TypeError)) throw error;
    throw new CommandError(`The target ${target} cannot be reached at ${url}: ${String((error.cause as Error | undefined)?.message ?? error.message)}. A load balancer that does not face the internet answers inside of its network alone.`);
  }
}

/** SageMaker hands on what the model refused within an error of its own. */
async function invoke(connection: Connection, EndpointName: string, body: unknown): Promise<ApiResponse> {
  const client = new SageMakerRuntimeClient(clientConfig(connection));
  try {
    const { Body: answer } = await client.send(new InvokeEndpointCommand({ EndpointName, ContentType: 'application/json', Accept: 'application/json', Body: JSON.stringify(body) }));
    return { status: 200, body: parsedAnswer(Buffer.from(answer).toString('utf8')) };
  } catch (error) {
    if (error instanceof ModelError) return { status: error.OriginalStatusCode ?? 500, body: parsedAnswer(error.OriginalMessage ?? '') };
    if ((error as Error).name === 'ValidationError') throw new CommandError(`SageMaker answers: ${(error as Error).message}. An endpoint is made by its first deployment, and while it is stopped it does not exist.`);
    throw error;
  } finally {
    client.destroy();
  }
}
