import * as z from 'zod';
import { evidenceSchema } from '../shared/approvals/request.ts';
import { modelSchema, runSchema } from '../shared/payload.ts';

/** What AwaitApproval asks for. */
export const requestApprovalSchema = z.object({
  /** Answers the state that waits. It is kept, and never logged. */
  taskToken: z.string().min(1),
  /** When the state was entered, and its try. */
  enteredAt: z.string().min(1),
  attempt: z.number().int().default(0),
  /** How often the run was redriven: each time people are asked anew. */
  redriveCount: z.number().int().default(0),
  timeoutSeconds: z.number().positive(),
  run: runSchema,
  model: modelSchema,
  evidence: evidenceSchema,
});

/** What AwaitApproval asks for. */
export type ApprovalQuestion = z.infer<typeof requestApprovalSchema>;

/** What the handler answers; the state itself waits for the task token. */
export interface RequestApprovalResult {
  /** Whether people were asked by this call; not where the decision was there already, or the message was sent before. */
  readonly asked: boolean;
  /** The decision, where it was there already. */
  readonly decision?: string;
}
