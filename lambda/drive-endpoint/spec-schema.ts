import * as z from 'zod';
import { longestEndpointName } from '../../model/spec/endpoint.ts';
import type { EndpointSpec } from '../../model/spec/endpoint.ts';

const updateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('allAtOnce'), bakeSeconds: z.number(), timeoutSeconds: z.number() }),
  z.object({ kind: z.literal('canary'), percent: z.number(), waitSeconds: z.number(), bakeSeconds: z.number(), timeoutSeconds: z.number() }),
  z.object({ kind: z.literal('linear'), percent: z.number(), waitSeconds: z.number(), bakeSeconds: z.number(), timeoutSeconds: z.number() }),
  z.object({ kind: z.literal('rolling'), percent: z.number(), rollbackPercent: z.number().optional(), waitSeconds: z.number(), timeoutSeconds: z.number() }),
]);

const variantSchema = z.object({
  instances: z.object({ type: z.string().min(1), count: z.number().int().min(1) }).optional(),
  serverless: z.object({ memorySizeMb: z.number(), maxConcurrency: z.number(), provisionedConcurrency: z.number().optional() }).optional(),
  startupSeconds: z.number().optional(),
  downloadSeconds: z.number().optional(),
});

const scalingSchema = z.object({
  minimum: z.number().int(),
  maximum: z.number().int(),
  /** Invocations an instance and minute. */
  invocations: z.number(),
  scaleInSeconds: z.number(),
  scaleOutSeconds: z.number(),
});

const captureSchema = z.object({
  destination: z.string(),
  samplingPercent: z.number(),
  input: z.boolean(),
  output: z.boolean(),
  keyId: z.string().optional(),
});

/** Reads what the construct declares. */
export const endpointSpecSchema = z.object({
  endpointName: z.string().min(1).max(longestEndpointName),
  roleArn: z.string().min(1),
  image: z.string().min(1),
  environment: z.record(z.string(), z.string()),
  stable: variantSchema,
  canary: variantSchema,
  volumeKeyId: z.string().optional(),
  network: z.object({ subnets: z.array(z.string()), securityGroups: z.array(z.string()) }).optional(),
  isolated: z.boolean(),
  capture: captureSchema.optional(),
  update: updateSchema.optional(),
  /** The alarms by which SageMaker turns an update back. */
  alarms: z.array(z.string()),
  scaling: scalingSchema.optional(),
  tags: z.record(z.string(), z.string()),
}) satisfies z.ZodType<EndpointSpec>;
