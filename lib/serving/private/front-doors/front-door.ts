import type { RestApi, Stage as RestStage } from 'aws-cdk-lib/aws-apigateway';
import type { HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { FunctionUrl, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { AuthorizationChoice } from '../../api-authorization.ts';
import type { ApiCorsOptions } from '../../api-options.ts';
import { keyDefaults } from '../../defaults.ts';
import type { InferenceApiProps } from '../../inference-api-props.ts';

/** What a front door is made of. */
export interface FrontDoorSettings {
  readonly props: InferenceApiProps;
  readonly targetName: string;
  /** What is called: the function, or its alias. */
  readonly target: IFunction;
  readonly authorization: AuthorizationChoice;
}

/** A front door that is made, as far as callers and the construct's properties are concerned. */
export interface FrontDoor {
  /** Without a slash at its end. */
  readonly url: string;
  /** Where a name of one's own has to point. */
  readonly domainTarget?: string;
  readonly httpApi?: HttpApi;
  readonly restApi?: RestApi;
  readonly stage?: HttpStage | RestStage;
  readonly functionUrl?: FunctionUrl;
  readonly accessLogGroup?: ILogGroup;
  /** Lets a principal of AWS call it. */
  grantInvoke(grantee: IGrantable): void;
}

/** Why grants on routes hold a wildcard. */
export const routeWildcard = 'The routes of a prediction API hold names and versions of models, which change at run time; the API is one target\'s alone.';

/** Why cdk-nag finds routes without an authorizer. */
export const checkedInside = 'The function itself checks each request (ApiAuthorization.jwt, ApiAuthorization.apiKeys): it answers as it does behind every other front door.';

/** Whether the front door lets every request through, because the function checks it. */
export function isCheckedInside({ kind }: AuthorizationChoice): boolean {
  return kind === 'jwt' || kind === 'apiKeys';
}

/** The headers that a page may send. */
export function allowedHeaders(cors: ApiCorsOptions, authorization: AuthorizationChoice): string[] {
  const keyHeader = authorization.kind === 'apiKeys' ? [authorization.options.header ?? keyDefaults.header] : [];
  return cors.allowHeaders ?? [...new Set(['content-type', 'accept', 'authorization', ...keyHeader, 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256'])];
}
