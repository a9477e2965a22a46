import type { Duration } from 'aws-cdk-lib';
import type { IAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';

/** Which tokens are accepted. */
export interface JwtAuthorizationProps {
  /** Who signs the tokens, an https URL, such as `https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc`: the claim `iss`. */
  readonly issuer: string;

  /** For whom they are: one of these has to stand in the claim `aud`, or in `client_id` where there is no `aud`, as in Cognito's access tokens. */
  readonly audience: string[];

  /**
   * Scopes of which a token has to have one, in the claim `scope`.
   * @default - any
   */
  readonly scopes?: string[];

  /**
   * Where the issuer's public keys are, an https URL.
   * @default - where `<issuer>/.well-known/openid-configuration` says
   */
  readonly jwksUri?: string;
}

/** How API keys are kept. */
export interface ApiKeyAuthorizationOptions {
  /**
   * Who calls, in kebab-case: each client has a key of its own, in a secret that it may be given to read.
   * @default - one client, `default`
   */
  readonly clients?: string[];

  /**
   * The header that a key comes in.
   * @default 'x-api-key'
   */
  readonly header?: string;

  /**
   * After how many days a key is replaced.
   * @default Duration.days(30)
   */
  readonly rotateEvery?: Duration;

  /**
   * How long the key before is still accepted.
   * @default Duration.hours(24)
   */
  readonly gracePeriod?: Duration;
}

/** Who may call a prediction API. */
export class ApiAuthorization {
  /** Principals of AWS, who sign their requests: `grantInvoke` lets one call. */
  static iam(): ApiAuthorization {
    return new ApiAuthorization({ kind: 'iam' });
  }

  /** Bearers of a token of an issuer (OpenID Connect). The function checks it, so that every front door refuses with the same answer. */
  static jwt(props: JwtAuthorizationProps): ApiAuthorization {
    return new ApiAuthorization({ kind: 'jwt', props });
  }

  /**
   * Holders of an API key. Keys are made, and replaced on a schedule, by a function: a client reads its own from Secrets Manager; the API keeps
   * SHA-256 digests alone, which it compares in constant time. The key before stays valid for a while.
   */
  static apiKeys(options: ApiKeyAuthorizationOptions = {}): ApiAuthorization {
    return new ApiAuthorization({ kind: 'apiKeys', options });
  }

  /** An authorizer of your own, in front of an HTTP API. `new HttpNoneAuthorizer()` lets everybody in. */
  static httpAuthorizer(authorizer: IHttpRouteAuthorizer): ApiAuthorization {
    return new ApiAuthorization({ kind: 'httpAuthorizer', authorizer });
  }

  /** An authorizer of your own, in front of a REST API. */
  static restAuthorizer(authorizer: IAuthorizer): ApiAuthorization {
    return new ApiAuthorization({ kind: 'restAuthorizer', authorizer });
  }

  /**
   * Which of them it is, with what it was told.
   * @internal
   */
  readonly _choice: AuthorizationChoice;

  private constructor(choice: AuthorizationChoice) {
    this._choice = choice;
  }
}

/** A kind of authorization with what it was told. */
export type AuthorizationChoice =
  | { readonly kind: 'iam' }
  | { readonly kind: 'jwt'; readonly props: JwtAuthorizationProps }
  | { readonly kind: 'apiKeys'; readonly options: ApiKeyAuthorizationOptions }
  | { readonly kind: 'httpAuthorizer'; readonly authorizer: IHttpRouteAuthorizer }
  | { readonly kind: 'restAuthorizer'; readonly authorizer: IAuthorizer };
