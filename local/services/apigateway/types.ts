import type { Readable } from 'node:stream';

/** What is kept of an HTTP API from one start to the next. */
export interface StoredApi {
  /** The port it last listened on, so that its URL outlives a restart. */
  readonly port: number;
}

/** The properties of AWS::ApiGatewayV2::Api that the laptop acts on. */
export interface ApiProperties {
  readonly Name?: string;
  readonly ProtocolType?: 'HTTP' | 'WEBSOCKET';
  readonly CorsConfiguration?: CorsConfiguration;
}

/** Which pages of other origins may call the API. */
export interface CorsConfiguration {
  readonly AllowOrigins?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly AllowCredentials?: boolean | string;
  readonly MaxAge?: number | string;
}

/** The properties of AWS::ApiGatewayV2::Integration. */
export interface IntegrationProperties {
  readonly ApiId: string;
  readonly IntegrationType: string;
  readonly IntegrationSubtype?: string;
  readonly IntegrationUri?: string;
  readonly PayloadFormatVersion?: '1.0' | '2.0';
  readonly TimeoutInMillis?: number | string;
  /** Whether the answer goes out as the function makes it: as function URLs and REST APIs can. @default BUFFERED */
  readonly ResponseTransferMode?: 'BUFFERED' | 'STREAM';
  /** The role under which the integration is called. @default - API Gateway itself calls, and the function's policy must allow it */
  readonly CredentialsArn?: string;
}

/** The properties of AWS::ApiGatewayV2::Route. */
export interface RouteProperties {
  readonly ApiId: string;
  readonly RouteKey: string;
  readonly Target?: string;
  readonly AuthorizationType?: 'NONE' | 'AWS_IAM' | 'JWT' | 'CUSTOM';
  readonly AuthorizerId?: string;
  /** Of these, a token must have one. */
  readonly AuthorizationScopes?: readonly string[];
}

/** How many requests a route takes. */
export interface RouteSettings {
  readonly ThrottlingRateLimit?: number | string;
  readonly ThrottlingBurstLimit?: number | string;
}

/** The properties of AWS::ApiGatewayV2::Stage. */
export interface StageProperties {
  readonly ApiId: string;
  readonly StageName: string;
  readonly StageVariables?: Readonly<Record<string, string>>;
  readonly AccessLogSettings?: { readonly DestinationArn?: string; readonly Format?: string };
  readonly DefaultRouteSettings?: RouteSettings;
  /** By route key. */
  readonly RouteSettings?: Readonly<Record<string, RouteSettings>>;
}

/** The properties of AWS::ApiGatewayV2::Authorizer. */
export interface AuthorizerProperties {
  readonly ApiId: string;
  readonly Name: string;
  readonly AuthorizerType: 'REQUEST' | 'JWT';
  readonly AuthorizerUri?: string;
  readonly AuthorizerCredentialsArn?: string;
  readonly AuthorizerPayloadFormatVersion?: '1.0' | '2.0';
  readonly EnableSimpleResponses?: boolean | string;
  /** Expressions such as `$request.header.Authorization`; a request without one of them is refused. */
  readonly IdentitySource?: readonly string[];
  readonly JwtConfiguration?: { readonly Issuer?: string; readonly Audience?: readonly string[] };
}

/** What a client gets. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name; several values become several lines. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** A stream goes out as it comes. */
  readonly body: Buffer | string | Readable;
}
