import type { HttpRequest, HttpResponse } from '../../model/serving/http/message.ts';
import { DataNotFound, messageOf } from '../shared/errors.ts';
import { parse } from '../shared/payload.ts';
import { type ObjectLocation, parseS3Uri } from '../shared/s3-uri.ts';
import { type AsyncRequest, type QueueMessage, requestSchema } from './message.ts';

/** What a worker needs of the world. */
export interface WorkerPorts {
  isAnswered(inferenceId: string): Promise<boolean>;
  /** @throws DataNotFound where there is none, InputTooLarge */
  readInput(location: ObjectLocation): Promise<Buffer>;
  predict(request: HttpRequest): Promise<HttpResponse>;
  /** Keeps the answer, unless there is one. */
  keepAnswer(inferenceId: string, response: HttpResponse): Promise<void>;
  /** Keeps the reason why there is no answer, in the place of an earlier one. */
  keepFailure(inferenceId: string, body: string): Promise<void>;
  now(): number;
}

/** The model's server cannot answer now: the request is asked again. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
}

/** An input is larger than the worker takes. */
export class InputTooLarge extends Error {
  override readonly name = 'InputTooLarge';
}

/**
 * Answers one message. What is wrong with a request itself is kept as its failure, and the message is done with; what else goes wrong is thrown, and the
 * queue hands the message out again, until it puts it aside. However often it is handed out, there is one answer.
 * @param maximumReceives after so many the queue puts the message aside: its sender is told
 */
export async function processMessage(message: QueueMessage, ports: WorkerPorts, maximumReceives: number): Promise<void> {
  let inferenceId = message.messageId;
  try {
    const request = parse(requestSchema, parsedJson(message.body), 'message');
    inferenceId = request.InferenceId ?? inferenceId;
    if (await ports.isAnswered(inferenceId)) return;
    const refusal = await answer(request, inferenceId, message, ports);
    if (refusal !== undefined) await ports.keepFailure(inferenceId, refusal);
  } catch (error) {
    if (message.attributes.ApproximateReceiveCount >= maximumReceives) await ports.keepFailure(inferenceId, failure('NotAnswered', messageOf(error), inferenceId));
    throw error;
  }
}

/** @returns what is wrong with the request; undefined where it was answered. */
async function answer(request: AsyncRequest, inferenceId: string, { attributes }: QueueMessage, ports: WorkerPorts): Promise<string | undefined> {
  const age = (ports.now() - attributes.SentTimestamp) / 1000;
  if (request.RequestTTLSeconds !== undefined && age > request.RequestTTLSeconds) {
    return failure('RequestExpired', `The request waited for ${String(Math.round(age))} s, and was worth an answer for ${String(request.RequestTTLSeconds)} s (RequestTTLSeconds).`, inferenceId);
  }
  let body: Buffer;
  try {
    body = await inputOf(request, ports);
  } catch (error) {
    if (error instanceof DataNotFound) return failure('InputNotFound', error.message, inferenceId);
    if (error instanceof InputTooLarge) return failure('BodyTooLarge', error.message, inferenceId);
    throw error;
  }
  const response = await ports.predict({ method: 'POST', path: '/invocations', query: '', headers: headersOf(request), body, requestId: inferenceId });
  if (response.status >= 500) throw new NotAnswered(`The model does not answer (${String(response.status)}): ${textOf(response).slice(0, 1000)}`);
  if (response.status >= 400) return textOf(response);
  await ports.keepAnswer(inferenceId, response);
  return undefined;
}

function inputOf({ InputLocation, Input }: AsyncRequest, ports: WorkerPorts): Promise<Buffer> {
  if (InputLocation !== undefined) return ports.readInput(parseS3Uri(InputLocation));
  return Promise.resolve(Buffer.from(typeof Input === 'string' ? Input : JSON.stringify(Input)));
}

function headersOf({ ContentType, Accept, CustomAttributes }: AsyncRequest): Record<string, string> {
  return {
    'content-type': ContentType,
    ...(Accept === undefined ? {} : { accept: Accept }),
    ...(CustomAttributes === undefined ? {} : { 'x-amzn-sagemaker-custom-attributes': CustomAttributes }),
  };
}

const textOf = ({ body }: HttpResponse): string => (typeof body === 'string' ? body : Buffer.from(body).toString());

/** In the form of every error of the API. */
function failure(code: string, message: string, requestId: string): string {
  return JSON.stringify({ error: { code, message, requestId } });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NotAnswered('The message is no JSON, expected {"InputLocation": "s3://.."} or {"Input": ..}.', { cause });
  }
}
