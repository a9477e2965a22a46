import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import * as z from 'zod';
import { metricsNamespace } from '../../model/spec/serving-metrics.ts';
import { parse, runSchema } from './payload.ts';

/** What Slipway uses of the Lambda context. */
export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** What a task's work is handed beside its payload. */
export interface TaskTools {
  /** Writes JSON lines that all hold the run's name and execution ARN. */
  readonly logger: Logger;
  /** Metrics in CloudWatch's embedded format, published when the task ends, also where it fails. */
  readonly metrics: Metrics;
  /** The time at which Lambda ends the call, in milliseconds since 1970. */
  readonly deadline: number;
}

/** A logger of this service. Powertools' own variables (POWERTOOLS_SERVICE_NAME, POWERTOOLS_LOG_LEVEL, ..) come first. */
export function newLogger(service: string): Logger {
  return new Logger({ serviceName: process.env['POWERTOOLS_SERVICE_NAME'] ?? service });
}

/** Metrics of this service and, where it belongs to one, its pipeline. Powertools' own variables come first. */
export function newMetrics(service: string): Metrics {
  const pipeline = process.env['PIPELINE_NAME'];
  return new Metrics({
    ...(pipeline === undefined ? {} : { defaultDimensions: { Pipeline: pipeline } }),
    serviceName: process.env['POWERTOOLS_SERVICE_NAME'] ?? service,
    namespace: process.env['POWERTOOLS_METRICS_NAMESPACE'] ?? metricsNamespace,
  });
}

const withRun = z.object({ run: runSchema });

/**
 * The Lambda handler of a task: checks the payload, puts the run in every log line, publishes the metrics, logs a failure and passes it on.
 * @param service the handler's folder.
 */
export function task<Payload, Result>(
  service: string,
  schema: z.ZodType<Payload>,
  work: (payload: Payload, tools: TaskTools) => Promise<Result>,
): (event: unknown, context: LambdaContext) => Promise<Result> {
  const logger = newLogger(service);
  const metrics = newMetrics(service);
  return async (event, context) => {
    const run = withRun.safeParse(event).data?.run;
    logger.resetKeys();
    logger.appendKeys({ requestId: context.awsRequestId, ...(run === undefined ? {} : { run: run.name, executionArn: run.executionArn }) });
    const startedAt = performance.now();
    try {
      const payload = parse(schema, event, 'payload');
      const result = await work(payload, { logger, metrics, deadline: Date.now() + context.getRemainingTimeInMillis() });
      logger.info(`${service} is done`, { seconds: (performance.now() - startedAt) / 1000 });
      return result;
    } catch (error) {
      logger.error(`${service} failed`, error as Error);
      throw error;
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}
