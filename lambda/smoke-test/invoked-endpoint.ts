import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { versionHeader } from '../../model/serving/http/version-names.ts';
import { clientSettings } from '../shared/clients/settings.ts';
import type { Answer, Endpoint } from './check.ts';

/** What stands between the head and the body of an answer that is streamed. */
const streamSeparator = '\0'.repeat(8);

/** The API behind its front door: the function is invoked with the event that the front door would make of a request, as whom IAM lets call it. */
export function invokedEndpoint(functionArn: string): Endpoint {
  const client = new LambdaClient(clientSettings);
  return {
    url: functionArn,
    now: () => Date.now(),
    sleep: async (milliseconds) => sleep(milliseconds),
    send: async (path, body, version) => send(client, functionArn, path, body, version),
  };
}

async function send(client: LambdaClient, functionArn: string, path: string, content: unknown, version: string | undefined): Promise<Answer> {
  const url = `${functionArn}${path}`;
  const event = {
    version: '2.0',
    // No front door lets a caller add a field to its event.
    directlyInvoked: true,
    rawPath: path,
    rawQueryString: '',
    headers: { ...(content === undefined ? {} : { 'content-type': 'application/json' }), ...(version === undefined ? {} : { [versionHeader]: version }) },
    requestContext: { http: { method: content === undefined ? 'GET' : 'POST' } },
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
  };
  const startedAt = performance.now();
  try {
    const answer = await client.send(new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(event) }));
    const text = Buffer.from(answer.Payload ?? []).toString('utf8');
    const milliseconds = performance.now() - startedAt;
    if (answer.FunctionError !== undefined) return { url, status: 0, body: text.slice(0, 1000), milliseconds };
    return { url, ...answerIn(text), milliseconds };
  } catch (error) {
    return { url, status: 0, body: String(error), milliseconds: performance.now() - startedAt };
  }
}

function answerIn(text: string): { readonly status: number; readonly body: string } {
  const [head = '', streamed] = text.split(streamSeparator);
  const { statusCode, body = '', isBase64Encoded } = JSON.parse(head) as { statusCode: number; body?: string; isBase64Encoded?: boolean };
  if (streamed !== undefined) return { status: statusCode, body: streamed };
  return { status: statusCode, body: isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body };
}
