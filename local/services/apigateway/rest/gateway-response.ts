import type { HttpAnswer } from '../types.ts';
import type { Definition } from './definition.ts';
import type { RestError } from './errors.ts';
import { nest } from './template-variables.ts';
import type { LogVariables } from '../access-log.ts';
import { render } from './velocity.ts';

const defaultTemplate = '{"message":$context.error.messageString}';

/** What the client gets for a refusal or failure: the API's own answer for its type, or for all of its class, or AWS's. */
export function gatewayAnswer(error: RestError, definition: Definition | undefined, variables: LogVariables): HttpAnswer {
  const own = error.type === undefined ? undefined : (definition?.gatewayResponses[error.type] ?? definition?.gatewayResponses[error.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX']);
  const [type, template] = Object.entries(own?.ResponseTemplates ?? {})[0] ?? ['application/json', defaultTemplate];
  const literals = Object.entries(own?.ResponseParameters ?? {}).flatMap(([target, value]) => {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
    const literal = /^'(.*)'$/s.exec(value)?.[1] ?? requested(value, variables);
    return name === undefined || literal === undefined ? [] : [[name.toLowerCase(), literal] as const];
  });
  return {
    status: Number(own?.StatusCode ?? error.status),
    headers: { 'content-type': type, 'x-amzn-errortype': error.errorType, ...Object.fromEntries(literals) },
    body: template === defaultTemplate ? defaultBody(error) : render(template, { context: nest(variables) }),
  };
}

/** Denials by policy come with a capital letter, as AWS words them. */
function defaultBody({ type, clientMessage }: RestError): string {
  return JSON.stringify({ [type === 'ACCESS_DENIED' ? 'Message' : 'message']: clientMessage });
}

/** A header of the request, `method.request.header.X`, or a value of the context. */
function requested(expression: string, variables: LogVariables): string | undefined {
  const name = /^context\.(.+)$/.exec(expression)?.[1];
  return name === undefined || variables[name] === undefined ? undefined : String(variables[name]);
}
