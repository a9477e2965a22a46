import * as z from 'zod';
import { WriteConflict } from '../errors.ts';
import { digestOf, ifThere, putJson, readJson } from '../objects.ts';
import { gateVerdictsSchema, modelSchema, parse, type RegisteredModel, type Run, runSchema, s3UriSchema } from '../payload.ts';
import { formatS3Uri, parseS3Uri } from '../s3-uri.ts';
import type { ApprovalLayout } from './layout.ts';

/** What a decision on a model stands on, as ValidateModel answers it. */
export const evidenceSchema = z.object({
  /** The gates' verdict in one line. */
  summary: z.string(),
  metrics: z.record(z.string(), z.number().nullable()),
  gates: gateVerdictsSchema,
  evaluation: s3UriSchema,
  report: s3UriSchema,
});

/** What a decision on a model stands on. */
export type Evidence = z.infer<typeof evidenceSchema>;

const requestSchema = z.object({
  /** Whether a person decides, or the gates alone did. */
  approval: z.enum(['manual', 'automatic']),
  run: runSchema,
  model: modelSchema,
  evidence: evidenceSchema.extend({ gates: z.array(z.looseObject({})), evaluationSha256: z.string(), reportSha256: z.string() }),
  requestedAt: z.string(),
  /** When the run stops waiting; null where nobody is asked. */
  expiresAt: z.string().nullable(),
});

/** The request for a version's approval, with the evidence and its digests. */
export type ApprovalRequest = z.infer<typeof requestSchema>;

/** The request for a version's approval; undefined where there is none. */
export async function readRequest(layout: ApprovalLayout): Promise<ApprovalRequest | undefined> {
  const found = await ifThere(readJson(layout.request));
  return found && parse(requestSchema, found.value, formatS3Uri(layout.request));
}

/** Keeps the request for a version's approval, once: a state that runs again finds the one that it made. */
export async function keepRequest(
  layout: ApprovalLayout,
  asked: { readonly approval: ApprovalRequest['approval']; readonly run: Run; readonly model: RegisteredModel; readonly evidence: Evidence; readonly expiresAt: string | null },
  now: Date,
): Promise<ApprovalRequest> {
  const known = await readRequest(layout);
  if (known !== undefined) return known;
  const { evidence } = asked;
  const [evaluationSha256, reportSha256] = await Promise.all([digestOf(parseS3Uri(evidence.evaluation)), digestOf(parseS3Uri(evidence.report))]);
  const request: ApprovalRequest = {
    ...asked,
    evidence: { ...evidence, gates: evidence.gates.map((gate) => ({ ...gate })), evaluationSha256, reportSha256 },
    requestedAt: now.toISOString(),
  };
  try {
    await putJson(layout.request, request, { ifAbsent: true });
    return request;
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    return (await readRequest(layout)) ?? request;
  }
}
