import type { CallerIdentity } from './authorization.ts';
import type { ApiRequest } from './request.ts';

/** A request for which a route was found: what an event and an access log are made of. */
export interface Invocation {
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly routeKey: string;
  /** The route's path as declared: `/pets/{id}`. */
  readonly resourcePath: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly request: ApiRequest;
  readonly body: Buffer;
  /** Who signed a request to an IAM route. */
  readonly iam?: CallerIdentity;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The time as web servers log it: `12/Mar/2020:19:03:58 +0000`. */
export function commonLogTime(time: Date): string {
  const [date = '', clock = ''] = time.toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  return `${day}/${months[Number(month) - 1]}/${year}:${clock} +0000`;
}
