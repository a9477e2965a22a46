import * as z from 'zod';
import { rolloutPlanSchema } from '../../model/serving/deployment/plan.ts';
import { modelSchema } from '../shared/payload.ts';

const id = z.string().min(1);
/** Who asked for it, for the audit trail. */
const by = z.string().min(1).optional();
const nameSchema = z.object({ modelPackageArn: z.string().min(1), modelName: z.string().min(1), modelVersion: z.string().min(1) });

/** What a rollout machine asks of the record. */
export const rollOutSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('deploy'), id, by, model: modelSchema, plan: rolloutPlanSchema.optional(), explicit: z.boolean().default(false), again: z.boolean().optional() }),
  /** How a deployment stands that somebody else has written into the record. */
  z.object({ action: z.literal('follow'), id, model: nameSchema.optional() }),
  /** A change that stands in the record already has to be brought to what serves. */
  z.object({ action: z.literal('apply'), id }),
  z.object({ action: z.literal('traffic'), id, by, shares: z.array(z.object({ model: modelSchema, share: z.number().min(0).max(1) })).min(1).max(2) }),
  z.object({ action: z.literal('promote'), id, by }),
  z.object({ action: z.literal('rollBack'), id, by, reason: z.string().min(1) }),
  z.object({ action: z.literal('advance'), id, step: z.number().int().min(0), model: nameSchema }),
  z.object({ action: z.literal('withdraw'), id, error: z.string(), cause: z.string(), model: nameSchema }),
], { error: "expected {\"action\": \"deploy\" | \"follow\" | \"apply\" | \"traffic\" | \"promote\" | \"rollBack\" | \"advance\" | \"withdraw\", ..}" });

/** What a rollout machine asks of the record. */
export type RollOutRequest = z.infer<typeof rollOutSchema>;
