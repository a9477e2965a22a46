import type { ApiRequest } from './request.ts';

/** Who signed a request, as a function sees it in `requestContext.authorizer.iam`. */
export interface CallerIdentity {
  readonly accessKey: string;
  readonly accountId: string;
  readonly callerId: string;
  readonly cognitoIdentity: null;
  readonly principalOrgId: null;
  readonly userArn: string;
  readonly userId: string;
}

/** What a Lambda authorizer tells the integration. */
export type AuthorizerContext = Readonly<Record<string, unknown>>;

/** What a token claims, as text, and its scopes where the route asks for some. */
export interface JwtAuthorization {
  readonly claims: Readonly<Record<string, string>>;
  readonly scopes: readonly string[] | null;
}

/** What authorization found out: one of them, by the route's kind. */
export interface Authorized {
  readonly jwt?: JwtAuthorization;
  readonly iam?: CallerIdentity;
  readonly lambda?: AuthorizerContext;
}

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
  /** Absent on a route open to everyone, and before authorization. */
  readonly authorizer?: Authorized;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The time as web servers log it: `12/Mar/2020:19:03:58 +0000`. */
export function commonLogTime(time: Date): string {
  const [date = '', clock = ''] = time.toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  return `${day}/${months[Number(month) - 1]}/${year}:${clock} +0000`;
}
