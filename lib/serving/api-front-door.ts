/** What a function URL may be told. */
export interface FunctionUrlFrontDoorOptions {
  /**
   * Whether answers are streamed as they are made: up to 200 MB instead of the 6 MB of a buffered answer.
   * @default false
   */
  readonly streaming?: boolean;
}

/** What a REST API may be told. */
export interface RestApiFrontDoorOptions {
  /**
   * Whether the role is made under which API Gateway writes the logs of REST APIs. It is a setting of the whole account and region: where
   * another stack has set it already, say false.
   * @default true
   */
  readonly accountCloudWatchRole?: boolean;
}

/** Where requests to a prediction API come in. */
export class ApiFrontDoor {
  /** An HTTP API of API Gateway: the cheapest that has throttling, access logs and a domain. It knows no web ACL, no usage plan and no X-Ray. */
  static httpApi(): ApiFrontDoor {
    return new ApiFrontDoor('httpApi', {});
  }

  /** A REST API of API Gateway, regional: for a web ACL, usage plans with quotas, or X-Ray. A request costs about three times as much as an HTTP API's. */
  static restApi(options: RestApiFrontDoorOptions = {}): ApiFrontDoor {
    return new ApiFrontDoor('restApi', options);
  }

  /** The function's own URL: no charge beside the function's, up to 15 minutes a request, answers that may be streamed; no throttling, no domain, no access logs. */
  static functionUrl(options: FunctionUrlFrontDoorOptions = {}): ApiFrontDoor {
    return new ApiFrontDoor('functionUrl', options);
  }

  /**
   * Which of them it is.
   * @internal
   */
  readonly _kind: 'httpApi' | 'restApi' | 'functionUrl';
  /**
   * What it was told.
   * @internal
   */
  readonly _options: FunctionUrlFrontDoorOptions & RestApiFrontDoorOptions;

  private constructor(kind: 'httpApi' | 'restApi' | 'functionUrl', options: FunctionUrlFrontDoorOptions & RestApiFrontDoorOptions) {
    this._kind = kind;
    this._options = options;
  }
}
