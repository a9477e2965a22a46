import type { HttpAnswer } from '../types.ts';
import { RestError } from './errors.ts';
import type { RestInvocation } from './invocation.ts';
import { templateVariables } from './template-variables.ts';
import type { IntegrationResponse, RestIntegration } from './types.ts';
import { render } from './velocity.ts';

/** Answers without a backend: the request template names the status that chooses the response. */
export function answerMock(integration: RestIntegration, invocation: RestInvocation): HttpAnswer {
  const variables = templateVariables(invocation);
  const chosen = chooseResponse(integration, statusFrom(integration, invocation, variables));
  return responseOf(chosen, variables, invocation.request.headers['accept']);
}

function statusFrom({ RequestTemplates = {}, PassthroughBehavior: passthrough = 'WHEN_NO_MATCH' }: RestIntegration, { request }: RestInvocation, variables: Record<string, unknown>): string {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? 'application/json';
  const template = RequestTemplates[type] ?? RequestTemplates['$default'];
  if (template === undefined) {
    const isRefused = passthrough === 'NEVER' || (passthrough === 'WHEN_NO_TEMPLATES' && Object.keys(RequestTemplates).length > 0);
    if (isRefused) throw new RestError('UNSUPPORTED_MEDIA_TYPE');
  }
  // API Gateway reads it leniently: the name of the member may stand without quotes.
  const status = /["']?statusCode["']?\s*:\s*["']?(\d{3})/.exec(template === undefined ? '' : render(template, variables))?.[1];
  if (status === undefined) throw new RestError('API_CONFIGURATION_ERROR', { reason: 'The request template of a MOCK integration gives no {"statusCode": ..}' });
  return status;
}

function chooseResponse({ IntegrationResponses: responses = [] }: RestIntegration, status: string): IntegrationResponse {
  const chosen = responses.find(({ SelectionPattern: pattern }) => pattern !== undefined && pattern !== '' && new RegExp(`^(?:${pattern})$`).test(status)) ?? responses.find(({ SelectionPattern: pattern }) => pattern === undefined || pattern === '');
  if (chosen === undefined) throw new RestError('API_CONFIGURATION_ERROR', { reason: `No integration response for the status ${status}` });
  return chosen;
}

function responseOf({ StatusCode, ResponseParameters = {}, ResponseTemplates = {} }: IntegrationResponse, variables: Record<string, unknown>, accept: string | undefined): HttpAnswer {
  const headers = Object.fromEntries(
    Object.entries(ResponseParameters).flatMap(([target, value]) => {
      const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
      // What a backend would have sent is not there: only literals stand.
      const literal = /^'(.*)'$/s.exec(value)?.[1];
      return name === undefined || literal === undefined ? [] : [[name.toLowerCase(), literal]];
    }),
  ) as Record<string, string>;
  const [type, template] = Object.entries(ResponseTemplates).find(([name]) => accept?.includes(name) === true) ?? Object.entries(ResponseTemplates)[0] ?? ['application/json', ''];
  const body = render(template, variables);
  const { status, header = {} } = ((variables['context'] as Record<string, unknown>)['responseOverride'] ?? {}) as { status?: number; header?: Record<string, string> };
  const overridden = Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), value]));
  return { status: Number(status ?? StatusCode), headers: { 'content-type': type, ...headers, ...overridden }, body: body.trim() === '' ? '' : body };
}
