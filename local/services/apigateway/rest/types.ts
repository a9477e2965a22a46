/** The properties of AWS::ApiGateway::RestApi that the laptop acts on. */
export interface RestApiProperties {
  readonly Name?: string;
  /** Bodies of these media types are bytes: base64 in events. */
  readonly BinaryMediaTypes?: readonly string[];
  readonly ApiKeySourceType?: 'HEADER' | 'AUTHORIZER';
  /** Who may call the API at all. */
  readonly Policy?: unknown;
}

/** The properties of AWS::ApiGateway::Resource. */
export interface ResourceProperties {
  readonly RestApiId: string;
  readonly ParentId: string;
  readonly PathPart: string;
}

/** How a method's backend answers. */
export interface RestIntegration {
  readonly Type: 'AWS' | 'AWS_PROXY' | 'HTTP' | 'HTTP_PROXY' | 'MOCK';
  readonly Uri?: string;
  readonly Credentials?: string;
  readonly TimeoutInMillis?: number | string;
  readonly ResponseTransferMode?: 'BUFFERED' | 'STREAM';
  readonly PassthroughBehavior?: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  /** Velocity templates by content type. */
  readonly RequestTemplates?: Readonly<Record<string, string>>;
  readonly IntegrationResponses?: readonly IntegrationResponse[];
}

/** One answer of a backend that is not a proxy. */
export interface IntegrationResponse {
  readonly StatusCode: string | number;
  readonly SelectionPattern?: string;
  /** `method.response.header.X` → `'literal'`. */
  readonly ResponseParameters?: Readonly<Record<string, string>>;
  readonly ResponseTemplates?: Readonly<Record<string, string>>;
}

/** The properties of AWS::ApiGateway::Method. */
export interface MethodProperties {
  readonly RestApiId: string;
  readonly ResourceId: string;
  readonly HttpMethod: string;
  readonly AuthorizationType?: 'NONE' | 'AWS_IAM' | 'CUSTOM' | 'COGNITO_USER_POOLS';
  readonly AuthorizerId?: string;
  readonly ApiKeyRequired?: boolean | string;
  readonly RequestValidatorId?: string;
  /** `method.request.querystring.x` → whether it must be there. */
  readonly RequestParameters?: Readonly<Record<string, boolean | string>>;
  /** Model names by content type. */
  readonly RequestModels?: Readonly<Record<string, string>>;
  readonly Integration?: RestIntegration;
}

/** The properties of AWS::ApiGateway::Authorizer. */
export interface RestAuthorizerProperties {
  readonly RestApiId: string;
  readonly Name: string;
  readonly Type: 'TOKEN' | 'REQUEST' | 'COGNITO_USER_POOLS';
  readonly AuthorizerUri?: string;
  readonly AuthorizerCredentials?: string;
  /** `method.request.header.Authorization`; several are divided by commas. */
  readonly IdentitySource?: string;
  readonly IdentityValidationExpression?: string;
  readonly AuthorizerResultTtlInSeconds?: number | string;
}

/** The properties of AWS::ApiGateway::RequestValidator. */
export interface ValidatorProperties {
  readonly RestApiId: string;
  readonly ValidateRequestBody?: boolean | string;
  readonly ValidateRequestParameters?: boolean | string;
}

/** The properties of AWS::ApiGateway::Model. */
export interface ModelProperties {
  readonly RestApiId: string;
  readonly Name?: string;
  readonly ContentType?: string;
  /** JSON Schema, draft 4: an object, or JSON. */
  readonly Schema?: unknown;
}

/** The properties of AWS::ApiGateway::GatewayResponse. */
export interface GatewayResponseProperties {
  readonly RestApiId: string;
  readonly ResponseType: string;
  readonly StatusCode?: string | number;
  /** `gatewayresponse.header.X` → `'literal'`. */
  readonly ResponseParameters?: Readonly<Record<string, string>>;
  readonly ResponseTemplates?: Readonly<Record<string, string>>;
}

/** How many requests a method takes. */
export interface MethodSetting {
  /** `*` for all. */
  readonly HttpMethod?: string;
  /** `/*` for all. */
  readonly ResourcePath?: string;
  readonly ThrottlingRateLimit?: number | string;
  readonly ThrottlingBurstLimit?: number | string;
}

/** The properties of AWS::ApiGateway::Stage. */
export interface RestStageProperties {
  readonly RestApiId: string;
  readonly StageName: string;
  readonly DeploymentId?: string;
  readonly Variables?: Readonly<Record<string, string>>;
  readonly AccessLogSetting?: { readonly DestinationArn?: string; readonly Format?: string };
  readonly MethodSettings?: readonly MethodSetting[];
  readonly TracingEnabled?: boolean | string;
}

/** How many requests at once and a second. */
export interface UsageThrottle {
  readonly RateLimit?: number | string;
  readonly BurstLimit?: number | string;
}

/** How many requests a day, a week or a month. */
export interface UsageQuota {
  readonly Limit?: number | string;
  readonly Period?: 'DAY' | 'WEEK' | 'MONTH';
  readonly Offset?: number | string;
}

/** The properties of AWS::ApiGateway::UsagePlan. */
export interface UsagePlanProperties {
  readonly UsagePlanName?: string;
  /** Method throttles are by `/<path>/<METHOD>`. */
  readonly ApiStages?: readonly { readonly ApiId: string; readonly Stage: string; readonly Throttle?: Readonly<Record<string, UsageThrottle>> }[];
  readonly Throttle?: UsageThrottle;
  readonly Quota?: UsageQuota;
}
