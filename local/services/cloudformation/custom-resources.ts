import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Provisioned, ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';

/** What a custom resource's function answers. */
interface CustomAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

type RequestType = 'Create' | 'Update' | 'Delete';

/** CloudFormation waits an hour for an answer, unless the resource says otherwise. */
const defaultTimeoutSeconds = 3600;
const principal = 'cloudformation.amazonaws.com';

/**
 * AWS::CloudFormation::CustomResource: a function of the app decides what the resource is. It is asked when the resource is new or changed. Types of
 * one's own, `Custom::..`, stay declarations: most are housekeeping of CDK's that only AWS needs.
 */
export function customResourceProvider(context: LaptopContext): ResourceProvider {
  const declared = context.store.collection<string>('cloudformation', 'custom-properties');
  return {
    type: 'AWS::CloudFormation::CustomResource',
    accepts: ({ properties }) => isRunnable(context, properties['ServiceToken']),
    async apply(declaration, _provision, previous) {
      const key = `${declaration.stackName}/${declaration.logicalId}`;
      const said = JSON.stringify(declaration.properties);
      const before = declared.get(key);
      if (previous !== undefined && before === said) return previous;
      const request = previous === undefined ? { RequestType: 'Create' as const } : { RequestType: 'Update' as const, PhysicalResourceId: previous.physicalId, OldResourceProperties: texts(JSON.parse(before ?? '{}')) };
      const { PhysicalResourceId, Data = {} } = await ask(context, declaration, request);
      declared.put(key, said);
      return { physicalId: PhysicalResourceId ?? previous?.physicalId ?? key, attributes: Data };
    },
    async remove(previous: Provisioned, declaration) {
      declared.delete(`${declaration.stackName}/${declaration.logicalId}`);
      try {
        await ask(context, declaration, { RequestType: 'Delete', PhysicalResourceId: previous.physicalId });
      } catch (error) {
        // What is gone from the template is gone: a function that cannot clean up must not keep the app down.
        context.emit({ type: 'notice', subject: placeOf(declaration), message: `the custom resource was not removed by its function: ${error instanceof Error ? error.message : String(error)}` });
      }
    },
  };
}

/** Whether a function of this laptop answers for the resource: one of another runtime, or a topic, leaves it a declaration. */
async function isRunnable(context: LaptopContext, token: unknown): Promise<boolean> {
  if (typeof token !== 'string' || !token.includes(':lambda:')) return false;
  try {
    const { Runtime } = await context.dispatch({ service: 'lambda', operation: 'GetFunctionConfiguration', input: { FunctionName: token }, caller: context.identity.service(principal) });
    return String(Runtime).startsWith('nodejs');
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

async function ask(context: LaptopContext, declaration: ResourceDeclaration, request: { readonly RequestType: RequestType; readonly PhysicalResourceId?: string; readonly OldResourceProperties?: unknown }): Promise<CustomAnswer> {
  const { ServiceToken: token, ServiceTimeout: seconds = defaultTimeoutSeconds } = declaration.properties;
  const place = placeOf(declaration);
  const listening = await answerTo();
  const over = new AbortController();
  const { partition, region, accountId } = context;
  const event = {
    ...request,
    ResponseURL: listening.url,
    StackId: `arn:${partition}:cloudformation:${region}:${accountId}:stack/${declaration.stackName}/laptop`,
    RequestId: randomUUID(),
    ResourceType: declaration.type,
    LogicalResourceId: declaration.logicalId,
    ServiceToken: token,
    ResourceProperties: texts(declaration.properties),
  };
  try {
    const invoked = context.dispatch({ service: 'lambda', operation: 'Invoke', input: { FunctionName: token, Payload: Buffer.from(JSON.stringify(event)) }, caller: context.identity.service(principal) }).then(({ FunctionError: failed, Payload: payload }) => {
      if (failed !== undefined) throw new Error(`its function failed: ${Buffer.from((payload as Uint8Array | undefined) ?? []).toString()}`);
      // It may have handed the work on: the answer comes by its own way.
      return new Promise<never>(() => undefined);
    });
    const tooLate = delay(Number(seconds) * 1000, undefined, { signal: over.signal, ref: false }).then(() => Promise.reject(new Error(`its function did not answer within ${Number(seconds)} seconds`)), () => new Promise<never>(() => undefined));
    const answer = await Promise.race([listening.answer, invoked, tooLate]);
    if (answer.Status !== 'SUCCESS') throw new Error(answer.Reason ?? 'its function gave no reason');
    return answer;
  } catch (error) {
    throw new Error(`${request.RequestType} of the custom resource ${place} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    over.abort();
    listening.close();
  }
}

/** A place to which one answer may be put, as the presigned URL is that CloudFormation sends along. */
async function answerTo(): Promise<{ readonly url: string; readonly answer: Promise<CustomAnswer>; close(): void }> {
  let settle: (answer: CustomAnswer) => void = () => undefined;
  const answer = new Promise<CustomAnswer>((resolve) => (settle = resolve));
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      response.end();
      settle(readAnswer(Buffer.concat(chunks).toString()));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    // The port twice: functions that put to it by TLS know the host and the path alone (see bootstrap/custom-resource.mjs).
    url: `http://127.0.0.1:${port}/custom-resource-answer/${port}/${randomUUID()}`,
    answer,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function readAnswer(text: string): CustomAnswer {
  try {
    return JSON.parse(text) as CustomAnswer;
  } catch {
    return { Status: 'FAILED', Reason: `its function answered what is no JSON: ${text.slice(0, 200)}` };
  }
}

/** CloudFormation hands every scalar to the function as text. */
function texts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(texts);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, texts(member)]));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

function placeOf({ constructPath, stackName, logicalId }: ResourceDeclaration): string {
  return constructPath ?? `${stackName}/${logicalId}`;
}
