import { Duration } from 'aws-cdk-lib';
import type { EndpointUpdateSpec } from '../../model/spec/endpoint.ts';
import { DeclarationError } from '../../model/spec/errors.ts';
import { validateInteger, validateRange, validateSeconds } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import { endpointUpdateDefaults as defaults } from './defaults.ts';

/** How an update ends. */
export interface EndpointUpdateOptions {
  /**
   * How long the old instances stay, and the alarms are watched, after all traffic has gone over: up to 1 hour.
   * @default Duration.minutes(5)
   */
  readonly bakeTime?: Duration;

  /**
   * When an update counts as failed and is turned back: 10 minutes to 8 hours, and longer than all its waits.
   * @default - its waits and 30 minutes, 8 hours at most
   */
  readonly timeout?: Duration;
}

/** How an update moves traffic step by step. */
export interface EndpointStepOptions extends EndpointUpdateOptions {
  /**
   * How long each step waits, and the alarms are watched: up to 1 hour.
   * @default Duration.minutes(5)
   */
  readonly waitTime?: Duration;
}

/** How an update replaces instances a part at a time. */
export interface EndpointRollingOptions {
  /**
   * How long each part is watched: up to 1 hour.
   * @default Duration.minutes(5)
   */
  readonly waitTime?: Duration;

  /**
   * How much of the capacity a rollback brings back at a time, 5 to 100 %.
   * @default - all of it
   */
  readonly rollbackPercent?: number;

  /**
   * When an update counts as failed and is turned back: 10 minutes to 8 hours, and longer than all its waits.
   * @default - its waits and 30 minutes, 8 hours at most
   */
  readonly timeout?: Duration;
}

/**
 * How SageMaker itself moves traffic from old to new instances when the stable model changes, and turns back by alarms. Each factory throws a
 * DeclarationError for what SageMaker would refuse.
 */
export class EndpointUpdate {
  /** New instances take all traffic at once; then the alarms are watched. */
  static allAtOnce(options: EndpointUpdateOptions = {}): EndpointUpdate {
    const { bakeTime = defaults.bakeTime, timeout } = options;
    return made('EndpointUpdate.allAtOnce', [validateSeconds('bakeTime', bakeTime, 0, 3600)], [bakeTime], timeout, (timeoutSeconds) => ({ kind: 'allAtOnce', bakeSeconds: bakeTime.toSeconds(), timeoutSeconds }));
  }

  /** New instances take a share of the traffic; then, while the alarms stay quiet, all. @param percent of the traffic, 1 to 50 */
  static canary(percent: number, options: EndpointStepOptions = {}): EndpointUpdate {
    const { bakeTime = defaults.bakeTime, waitTime = defaults.waitTime, timeout } = options;
    const findings = [validatePercent(percent, 1), validateSeconds('waitTime', waitTime, 0, 3600), validateSeconds('bakeTime', bakeTime, 0, 3600)];
    return made(`EndpointUpdate.canary(${String(percent)})`, findings, [waitTime, bakeTime], timeout, (timeoutSeconds) => ({
      kind: 'canary', percent, waitSeconds: waitTime.toSeconds(), bakeSeconds: bakeTime.toSeconds(), timeoutSeconds,
    }));
  }

  /** New instances take one more share of the traffic after the other. @param percent of the traffic a step, 10 to 50 */
  static linear(percent: number, options: EndpointStepOptions = {}): EndpointUpdate {
    const { bakeTime = defaults.bakeTime, waitTime = defaults.waitTime, timeout } = options;
    const findings = [validatePercent(percent, 10), validateSeconds('waitTime', waitTime, 0, 3600), validateSeconds('bakeTime', bakeTime, 0, 3600)];
    const waits = Array.from({ length: Math.ceil(100 / Math.max(1, percent)) - 1 }, () => waitTime);
    return made(`EndpointUpdate.linear(${String(percent)})`, findings, [...waits, bakeTime], timeout, (timeoutSeconds) => ({
      kind: 'linear', percent, waitSeconds: waitTime.toSeconds(), bakeSeconds: bakeTime.toSeconds(), timeoutSeconds,
    }));
  }

  /** Instances are replaced a part at a time, without twice their number. @param percent of the instances a step, 5 to 50 */
  static rolling(percent: number, options: EndpointRollingOptions = {}): EndpointUpdate {
    const { waitTime = defaults.waitTime, rollbackPercent, timeout } = options;
    const findings = [validatePercent(percent, 5), validateSeconds('waitTime', waitTime, 0, 3600), validateRange('rollbackPercent', rollbackPercent, 5, 100, ' %'), validateInteger('rollbackPercent', rollbackPercent)];
    const waits = Array.from({ length: Math.ceil(100 / Math.max(1, percent)) }, () => waitTime);
    return made(`EndpointUpdate.rolling(${String(percent)})`, findings, waits, timeout, (timeoutSeconds) => ({
      kind: 'rolling', percent, waitSeconds: waitTime.toSeconds(), timeoutSeconds, ...(rollbackPercent === undefined ? {} : { rollbackPercent }),
    }));
  }

  /**
   * As the driver takes it.
   * @internal
   */
  readonly _spec: EndpointUpdateSpec;

  private constructor(spec: EndpointUpdateSpec) {
    this._spec = spec;
  }

  /** @internal */
  static _of(spec: EndpointUpdateSpec): EndpointUpdate {
    return new EndpointUpdate(spec);
  }
}

function validatePercent(percent: number, least: number): Finding {
  return validateRange('percent', percent, least, 50, ' %') ?? validateInteger('percent', percent);
}

function made(where: string, findings: readonly Finding[], waits: readonly Duration[], timeout: Duration | undefined, spec: (timeoutSeconds: number) => EndpointUpdateSpec): EndpointUpdate {
  const seconds = waits.reduce((sum, wait) => sum + wait.toSeconds({ integral: false }), 0);
  const [least, most] = [defaults.leastTimeout.toSeconds(), defaults.mostTimeout.toSeconds()];
  const limit = timeout ?? Duration.seconds(Math.min(most, Math.max(least, Math.ceil(seconds) + defaults.timeForStart.toSeconds())));
  const inBounds = validateSeconds('timeout', limit, least, most);
  const failures = [...findings, inBounds, ...(inBounds === undefined ? [validateWaits(seconds, limit)] : [])].flatMap((finding) => finding ?? []);
  if (failures.length > 0) throw new DeclarationError(where, 'options', undefined, 'what SageMaker takes', failures);
  return EndpointUpdate._of(spec(limit.toSeconds()));
}

function validateWaits(seconds: number, timeout: Duration): Finding {
  if (timeout.toSeconds() > seconds) return undefined;
  return `timeout is ${String(timeout.toSeconds())} s, expected more than the ${String(seconds)} s of all waits together. Wait less, or in fewer steps.`;
}
