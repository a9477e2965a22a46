import type { Duration } from 'aws-cdk-lib';
import type { IApiKey, QuotaSettings } from 'aws-cdk-lib/aws-apigateway';
import type { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { TimeZone } from 'aws-cdk-lib';

/** A name of one's own for an API. */
export interface ApiDomainOptions {
  /** The name, such as `predictions.example.com`. */
  readonly domainName: string;

  /** The name's certificate, in the API's region. */
  readonly certificate: ICertificate;

  /**
   * The zone in which the name is made to point to the API.
   * @default - none: a record of your own has to point to `domainTarget`
   */
  readonly hostedZone?: IHostedZone;
}

/** Which pages of other origins may call an API from a browser. */
export interface ApiCorsOptions {
  /** The origins, such as `https://app.example.com`; `*` is any. */
  readonly allowOrigins: string[];

  /**
   * The headers that a page may send.
   * @default - content-type, accept, authorization, the header of API keys, and those of signed requests
   */
  readonly allowHeaders?: string[];

  /**
   * The headers of an answer that a page may read.
   * @default - those that browsers show by themselves
   */
  readonly exposeHeaders?: string[];

  /**
   * How long a browser remembers.
   * @default Duration.hours(1)
   */
  readonly maxAge?: Duration;
}

/** How much each client of a REST API may ask. A client sends its key of API Gateway in `x-api-key`. */
export interface UsagePlanOptions {
  /** The clients, in kebab-case: each gets a key of API Gateway. */
  readonly clients: string[];

  /**
   * Keys that exist already, beside those of `clients`.
   * @default - none
   */
  readonly apiKeys?: IApiKey[];

  /**
   * How many requests a second each may ask over time.
   * @default - the API's own throttling
   */
  readonly rateLimit?: number;

  /**
   * How many requests each may ask at once.
   * @default - the API's own throttling
   */
  readonly burstLimit?: number;

  /**
   * How many requests each may ask a day, week or month.
   * @default - any number
   */
  readonly quota?: QuotaSettings;
}

/** From when on how many environments are kept warm. */
export interface ProvisionedConcurrencyChange {
  /** When. */
  readonly schedule: Schedule;

  /** How many are kept warm from then on. */
  readonly instances: number;

  /**
   * How many there are at most, where more are made as they are used.
   * @default - as many as `instances`
   */
  readonly maxInstances?: number;

  /**
   * The time zone of the schedule.
   * @default - UTC
   */
  readonly timeZone?: TimeZone;
}

/** Environments that are kept warm, model and all, so that no request waits for a start. Each is paid for by the hour. */
export interface ProvisionedConcurrencyOptions {
  /** How many are kept warm. */
  readonly instances: number;

  /**
   * How many there are at most, where more are made as they are used.
   * @default - as many as `instances`
   */
  readonly maxInstances?: number;

  /**
   * The share of them in use, in percent, from which more are made.
   * @default 70
   */
  readonly targetUtilizationPercent?: number;

  /**
   * When how many are kept warm.
   * @default - always as many
   */
  readonly changes?: ProvisionedConcurrencyChange[];
}

/** How a new version of the function's code gets its requests. It has nothing to do with the model, which the deployment record names. */
export interface CodeDeploymentOptions {
  /**
   * How requests are shifted to it.
   * @default LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES
   */
  readonly shift?: ILambdaDeploymentConfig;

  /**
   * What takes it back when it sounds.
   * @default - the target's alarms on latency and on failed requests
   */
  readonly alarms?: IAlarm[];

  /**
   * Runs before any request reaches it, and says whether it may.
   * @default - none
   */
  readonly preTraffic?: IFunction;

  /**
   * Runs once all requests reach it, and says whether it may stay.
   * @default - none
   */
  readonly postTraffic?: IFunction;
}
