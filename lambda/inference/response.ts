import { errorResponse, HttpError } from '../../model/serving/http/error.ts';
import type { HttpResponse } from '../../model/serving/http/message.ts';

/** What API Gateway and function URLs turn into an HTTP answer; payload versions 1 and 2 take the same. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** The most that Lambda takes of a function that does not stream, in bytes of JSON. */
const maximumAnswerBytes = 6_291_556;

/** Below this no answer can come to more, however much of it has to be escaped. */
const surelySmallEnough = maximumAnswerBytes / 8;

/** The answer to an event. Bytes go as base64, which API Gateway decodes. One that Lambda would not take is refused with what to do about it. */
export function answerOf(response: HttpResponse, requestId: string): HttpAnswer {
  const answer = rendered(response);
  if (answer.body.length < surelySmallEnough || Buffer.byteLength(JSON.stringify(answer)) <= maximumAnswerBytes) return answer;
  const message = `The answer has ${String(answer.body.length)} bytes, more than the ${String(maximumAnswerBytes)} that one may have here. Send fewer rows at once.`;
  return rendered(errorResponse(new HttpError(413, 'AnswerTooLarge', message), requestId));
}

function rendered({ status, headers, body }: HttpResponse): HttpAnswer {
  if (typeof body === 'string') return { statusCode: status, headers, body, isBase64Encoded: false };
  return { statusCode: status, headers, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64'), isBase64Encoded: true };
}
