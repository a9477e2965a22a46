import * as z from 'zod';
import { parse } from '../shared/payload.ts';
import { type Answer, type Check, failed } from './check.ts';
import { sampleSchema, type SmokeTestResult } from './payload.ts';

/** An answer of SageMaker's InvokeEndpoint. */
export interface InvocationAnswer extends Answer {
  /** The version that answered, where the container says so, as Slipway's does. */
  readonly modelVersion: string | undefined;
}

/** An endpoint that knows one route, and the time. */
export interface Invocations {
  /** The endpoint's name, for people. */
  readonly url: string;
  /** @param newVersion whether to ask where the version stands that no other request meets yet; undefined where there is no such place. */
  invoke(body: unknown, newVersion: boolean): Promise<InvocationAnswer | undefined>;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

const pauses = { first: 500, growth: 1.5, longest: 10_000 };

const answerSchema = z.looseObject({ predictions: z.array(z.unknown()).min(1) });

/**
 * Waits until the endpoint answers by the version, and tests it with the rows; without any, it sends an empty one, which a model may refuse: that it does
 * shows that it is up.
 * @throws SmokeTestFailed with the last status and body.
 */
export async function checkInvocations(endpoint: Invocations, { model, sample, byVersion, deadline }: Check): Promise<SmokeTestResult> {
  const rows = sample === undefined ? [{}] : parse(sampleSchema, sample, 'sample');
  for (let pause = pauses.first; ; pause = Math.min(pause * pauses.growth, pauses.longest)) {
    const answer = await ask(endpoint, rows, byVersion, model.modelVersion);
    if (isOf(answer, model.modelVersion, byVersion)) {
      const content = answerSchema.safeParse(json(answer));
      const latencyMs = Math.round(answer.milliseconds * 10) / 10;
      if (answer.status === 200 && content.success && content.data.predictions.length === rows.length) {
        return { url: endpoint.url, input: rows[0] ?? {}, prediction: content.data.predictions[0], modelVersion: model.modelVersion, latencyMs };
      }
      if (sample === undefined && answer.status >= 400 && answer.status < 500) return { url: endpoint.url, input: {}, prediction: null, modelVersion: model.modelVersion, latencyMs };
    }
    if (endpoint.now() + pause > deadline) throw failed(answer, `${String(rows.length)} predictions by version ${model.modelVersion} of ${model.modelName}`);
    await endpoint.sleep(pause);
  }
}

/** Where the new version stands; else where everybody asks: the first version of an endpoint stands nowhere else. */
async function ask(endpoint: Invocations, rows: readonly unknown[], byVersion: boolean, version: string): Promise<InvocationAnswer> {
  const beside = byVersion ? await endpoint.invoke({ instances: rows }, true) : undefined;
  if (beside !== undefined && (beside.modelVersion === undefined || beside.modelVersion === version)) return beside;
  return (await endpoint.invoke({ instances: rows }, false)) ?? { url: endpoint.url, status: 0, body: 'the endpoint does not exist', milliseconds: 0, modelVersion: undefined };
}

/** Answers of containers that do not say their version count as of it: the endpoint has come to rest before it is tested. */
function isOf({ modelVersion, status }: InvocationAnswer, version: string, byVersion: boolean): boolean {
  if (status === 0) return false;
  return modelVersion === undefined || modelVersion === version || (!byVersion && Number(modelVersion) >= Number(version));
}

function json({ body }: Answer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
