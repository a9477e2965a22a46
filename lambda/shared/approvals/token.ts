import { SendTaskFailureCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { sfn } from '../clients/sfn.ts';
import { WriteConflict } from '../errors.ts';
import { ifThere, putJson, readJson, type WriteCondition } from '../objects.ts';
import { parse } from '../payload.ts';
import { formatS3Uri } from '../s3-uri.ts';
import type { AuditedDecision } from './audit.ts';
import type { ApprovalLayout } from './layout.ts';

/** A question that a run waits for: the token that answers it, until it was answered. It is never logged. */
const tokenSchema = z.object({
  taskToken: z.string().optional(),
  /** When the state was entered, and its try: which of two questions is the newer one. */
  enteredAt: z.string(),
  attempt: z.number(),
  answered: z.object({ decision: z.string(), at: z.string() }).optional(),
});

type Token = z.infer<typeof tokenSchema>;

/** Lost races in a row after which something else is wrong. */
const attempts = 5;

/** Keeps the token of a question, unless a newer question has taken its place. */
export async function keepToken(layout: ApprovalLayout, token: Required<Pick<Token, 'taskToken' | 'enteredAt' | 'attempt'>>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await read(layout);
    if (current !== undefined && isNewer(current.token, token)) return;
    try {
      await putJson(layout.token, token, current === undefined ? { ifAbsent: true } : { ifMatch: current.etag });
      return;
    } catch (error) {
      if (!(error instanceof WriteConflict) || attempt === attempts) throw error;
    }
  }
}

/** What became of an answer: this call gave it, it had been given before, or nobody waits for it (any more). */
export type Answer = 'given' | 'given before' | 'nobody waits';

/** The error by which a run ends whose model was rejected. */
const rejectedError = 'ApprovalRejected';

/** Answers the run that waits for a decision. A token that is gone is no error: the run timed out, was stopped, or has its answer. */
export async function answer(layout: ApprovalLayout, version: string, decision: AuditedDecision): Promise<Answer> {
  const current = await read(layout);
  const answered = current?.token.answered;
  if (answered !== undefined) return answered.decision === decision.decision && answered.at === decision.at ? 'given before' : 'nobody waits';
  const taskToken = current?.token.taskToken;
  if (current === undefined || taskToken === undefined || decision.decision === 'PendingManualApproval') return 'nobody waits';
  try {
    await send(taskToken, version, decision);
  } catch (error) {
    if (!gone.includes((error as Error).name)) throw error;
    return 'nobody waits';
  }
  const { taskToken: _spent, ...rest } = current.token;
  await keepAnswered(layout, { ...rest, answered: { decision: decision.decision, at: decision.at } }, { ifMatch: current.etag });
  return 'given';
}

const gone = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

/** A text of SendTaskFailure may hold so many characters. */
const causeLength = 32_768;

async function send(taskToken: string, version: string, { decision, by, at, reason }: AuditedDecision): Promise<void> {
  if (decision === 'Approved') {
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ decision, by, at, reason }) }));
    return;
  }
  // `slipway reject` writes who it was into the reason as well.
  const who = by === null || reason?.includes(by) === true ? '' : ` (${by})`;
  const cause = `Version ${version} was rejected${reason === null ? '' : `: ${reason}`}${who}`;
  await sfn.send(new SendTaskFailureCommand({ taskToken, error: rejectedError, cause: cause.slice(0, causeLength) }));
}

/** Where a newer question has taken the token's place, that one stays. */
async function keepAnswered(layout: ApprovalLayout, token: Token, condition: WriteCondition): Promise<void> {
  try {
    await putJson(layout.token, token, condition);
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

function isNewer(known: Token, other: Pick<Token, 'enteredAt' | 'attempt'>): boolean {
  if (known.enteredAt !== other.enteredAt) return known.enteredAt > other.enteredAt;
  return known.attempt > other.attempt;
}

async function read(layout: ApprovalLayout): Promise<{ token: Token; etag: string } | undefined> {
  const found = await ifThere(readJson(layout.token));
  return found && { token: parse(tokenSchema, found.value, formatS3Uri(layout.token)), etag: found.etag };
}
