import { Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { EndpointVariantSpec } from '../../model/spec/endpoint.ts';
import { DeclarationError } from '../../model/spec/errors.ts';
import { validateInteger, validateRange, validateSeconds } from '../private/validation.ts';
import { endpointVariantDefaults as defaults } from './defaults.ts';

/** How a variant runs on instances. */
export interface EndpointInstanceOptions {
  /**
   * How many instances there are at first; scaling may change that.
   * @default 1
   */
  readonly count?: number;

  /**
   * How long a container may take until it answers: 1 minute to 1 hour.
   * @default - SageMaker's own, 8 minutes at most
   */
  readonly startupTimeout?: Duration;

  /**
   * How long the model's files may take from S3: 1 minute to 1 hour.
   * @default - SageMaker's own
   */
  readonly downloadTimeout?: Duration;
}

/** How a serverless variant runs. */
export interface EndpointServerlessOptions {
  /**
   * The memory in MiB: 1024, 2048, 3072, 4096, 5120 or 6144. The processor grows with it.
   * @default 2048
   */
  readonly memorySizeMiB?: number;

  /**
   * How many requests are served at once, 1 to 200; more are throttled.
   * @default 10
   */
  readonly maxConcurrency?: number;

  /**
   * How many of these are kept warm, which is billed by the hour.
   * @default - none
   */
  readonly provisionedConcurrency?: number;
}

/** On what an endpoint, or its canary, runs. */
export class EndpointVariant {
  /**
   * Instances, billed by the hour.
   * @param instanceType such as `ml.c7g.large`; a `g` behind the generation is Graviton, which the model server is built for
   * @throws DeclarationError for what SageMaker would refuse
   */
  static instances(instanceType: string, options: EndpointInstanceOptions = {}): EndpointVariant {
    const { count = defaults.count, startupTimeout, downloadTimeout } = options;
    check(`EndpointVariant.instances('${Token.isUnresolved(instanceType) ? '..' : instanceType}')`, [
      Token.isUnresolved(instanceType) || /^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(instanceType) ? undefined : `instanceType is '${instanceType}', expected one of SageMaker's, such as 'ml.c7g.large'.`,
      validateRange('count', count, 1, 1000),
      validateInteger('count', count),
      validateSeconds('startupTimeout', startupTimeout, 60, 3600),
      validateSeconds('downloadTimeout', downloadTimeout, 60, 3600),
    ]);
    return new EndpointVariant({
      instances: { type: instanceType, count },
      ...(startupTimeout === undefined ? {} : { startupSeconds: startupTimeout.toSeconds() }),
      ...(downloadTimeout === undefined ? {} : { downloadSeconds: downloadTimeout.toSeconds() }),
    });
  }

  /**
   * Serverless inference, which costs nothing while nobody asks, and takes seconds to wake up. It has one variant, and neither a network, scaling nor data capture.
   * @throws DeclarationError for what SageMaker would refuse
   */
  static serverless(options: EndpointServerlessOptions = {}): EndpointVariant {
    const { memorySizeMiB = defaults.memorySizeMiB, maxConcurrency = defaults.maxConcurrency, provisionedConcurrency } = options;
    check('EndpointVariant.serverless', [
      [1024, 2048, 3072, 4096, 5120, 6144].includes(memorySizeMiB) ? undefined : `memorySizeMiB is ${String(memorySizeMiB)}, expected 1024, 2048, 3072, 4096, 5120 or 6144.`,
      validateRange('maxConcurrency', maxConcurrency, 1, 200),
      validateInteger('maxConcurrency', maxConcurrency),
      validateRange('provisionedConcurrency', provisionedConcurrency, 1, maxConcurrency),
      validateInteger('provisionedConcurrency', provisionedConcurrency),
    ]);
    return new EndpointVariant({ serverless: { memorySizeMb: memorySizeMiB, maxConcurrency, ...(provisionedConcurrency === undefined ? {} : { provisionedConcurrency }) } });
  }

  /**
   * As the driver takes it.
   * @internal
   */
  readonly _spec: EndpointVariantSpec;

  private constructor(spec: EndpointVariantSpec) {
    this._spec = spec;
  }
}

function check(where: string, findings: readonly (string | readonly string[] | undefined)[]): void {
  const failures = findings.flatMap((finding) => finding ?? []);
  if (failures.length > 0) throw new DeclarationError(where, 'options', undefined, 'what SageMaker takes', failures);
}
