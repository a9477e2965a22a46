import * as z from 'zod';
import { SmokeTestFailed } from '../shared/errors.ts';
import { exampleRow } from '../../model/serving/example-row.ts';
import { columnSpecsSchema, parse } from '../shared/payload.ts';
import { batchSchema, type Prediction, predictionSchema, sampleSchema, type SmokeTestResult, type TestedModel } from './payload.ts';

/** An answer of the endpoint. */
export interface Answer {
  readonly url: string;
  /** 0 where there was no answer; `body` then says why. */
  readonly status: number;
  readonly body: string;
  readonly milliseconds: number;
}

/** The endpoint, and the time. */
export interface Endpoint {
  /** The base URL, without a slash at its end. */
  readonly url: string;
  /**
   * @param body what is posted as JSON; a GET without it.
   * @param version the version that is asked for; whichever is served without it.
   */
  send(path: string, body?: unknown, version?: string): Promise<Answer>;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** The pause after the first answer of an older version; each next one is longer by half, up to the longest. */
const pauses = { first: 250, growth: 1.5, longest: 5000 };

/** What is tested, and how. */
export interface Check {
  readonly model: TestedModel;
  /** Raw rows. @default - one that is made from the model's columns */
  readonly sample?: unknown;
  /** Whether to ask for this very version, which other requests need not meet yet. */
  readonly byVersion: boolean;
  /** The time after which it gives up. */
  readonly deadline: number;
}

/**
 * Waits until the endpoint serves the model, and tests it: healthy, a row, and the same rows as a batch.
 * @throws SmokeTestFailed with the last URL, status and body.
 */
export async function checkEndpoint(endpoint: Endpoint, check: Check): Promise<SmokeTestResult> {
  const given = check.sample === undefined ? undefined : parse(sampleSchema, check.sample, 'sample');
  const served = await untilServed(endpoint, check, given);
  const { rows } = served;
  if (!isPlausible(served.prediction)) throw failed(served.answer, 'a number, or a class with the probabilities of all classes');
  const health = await endpoint.send('/health');
  if (health.status !== 200 || healthSchema.safeParse(json(health)).success === false) throw failed(health, 'status 200 and {"status":"healthy"}');
  await checkBatch(endpoint, rows, served.prediction, versionOf(check));
  const latencyMs = Math.round(served.answer.milliseconds * 10) / 10;
  return { url: endpoint.url, input: rows[0] ?? {}, prediction: served.prediction, modelVersion: served.prediction.modelVersion, latencyMs };
}

const versionOf = ({ byVersion, model }: Check): string | undefined => (byVersion ? model.modelVersion : undefined);

const healthSchema = z.looseObject({ status: z.literal('healthy') });

const infoSchema = z.looseObject({ modelName: z.string(), modelVersion: z.string() });

const columnsSchema = z.looseObject({ input: z.looseObject({ columns: columnSpecsSchema }) });

type Rows = readonly Readonly<Record<string, unknown>>[];

interface Served {
  readonly rows: Rows;
  readonly answer: Answer;
  readonly prediction: Prediction;
}

/**
 * Other instances may still hold the older version, which may even refuse the row. So everything but the wanted answer is waited out,
 * except a refusal by an instance that has just said that it serves the model, thrice in a row.
 */
async function untilServed(endpoint: Endpoint, check: Check, given: Rows | undefined): Promise<Served> {
  const { model, deadline } = check;
  const version = versionOf(check);
  let pause = pauses.first;
  for (let refusals = 0; ;) {
    const info = await endpoint.send('/model/info', undefined, version);
    const rows = given ?? exampleRows(info);
    const answer = isModel(info, check) ? await endpoint.send('/predict', { input: rows[0] }, version) : info;
    const prediction = predictionSchema.safeParse(json(answer));
    if (answer.status === 200 && prediction.success && isServed(prediction.data, check)) return { rows, answer, prediction: prediction.data };
    refusals = answer !== info && isRefusal(answer) ? refusals + 1 : 0;
    if (refusals === 3 || endpoint.now() + pause > deadline) throw failed(answer, `a prediction by version ${model.modelVersion} of ${model.modelName}`);
    await endpoint.sleep(pause);
    pause = Math.min(pause * pauses.growth, pauses.longest);
  }
}

/** A row of the columns that the model says it takes. */
function exampleRows(info: Answer): Rows {
  const { data } = columnsSchema.safeParse(json(info));
  return data === undefined ? [] : [exampleRow(data.input.columns)];
}

function isModel(info: Answer, check: Check): boolean {
  const served = infoSchema.safeParse(json(info));
  return info.status === 200 && served.success && isServed(served.data, check);
}

function isRefusal(answer: Answer): boolean {
  return answer.status >= 400 && answer.status < 500 && answer.status !== 429;
}

/** The version answers that was asked for; where none was, also one that a later deployment has put in its place. */
function isServed(prediction: z.infer<typeof infoSchema>, { model, byVersion }: Check): boolean {
  if (prediction.modelName !== model.modelName) return false;
  return byVersion ? prediction.modelVersion === model.modelVersion : Number(prediction.modelVersion) >= Number(model.modelVersion);
}

async function checkBatch(endpoint: Endpoint, rows: Rows, single: Prediction, version: string | undefined): Promise<void> {
  const answer = await endpoint.send('/predict/batch', { inputs: rows }, version);
  const batch = answer.status === 200 ? batchSchema.safeParse(json(answer)) : undefined;
  if (batch?.success !== true) throw failed(answer, 'status 200 and {"predictions":[..]}');
  const { predictions, modelVersion } = batch.data;
  if (predictions.length !== rows.length) throw failed(answer, `${String(rows.length)} predictions`);
  const first = predictions[0];
  if (modelVersion === single.modelVersion && !isClose(first?.probabilities ?? first?.prediction, single.probabilities ?? single.prediction)) {
    throw failed(answer, `a first prediction equal to that of /predict, ${JSON.stringify(single)}`);
  }
}

/** How far the probabilities of all classes may be from 1 together: float32 sums. */
const sumTolerance = 1e-3;

const probabilitiesSchema = z.record(z.string(), z.number().min(0).max(1));

/** A number by itself is a regression's answer; a class, 1 and 0 among them, has its own probability beside the others'. */
function isPlausible({ prediction, probabilities }: Prediction): boolean {
  if (probabilities === undefined) return Number.isFinite(prediction);
  const shares = probabilitiesSchema.safeParse(probabilities);
  if (!shares.success || !Object.hasOwn(shares.data, String(prediction))) return false;
  const sum = Object.values(shares.data).reduce((total, share) => total + share, 0);
  return Math.abs(sum - 1) <= sumTolerance;
}

/** Whether two answers hold the same; numbers may differ by what float32 arithmetic in another order gives. */
function isClose(left: unknown, right: unknown): boolean {
  if (typeof left === 'number' && typeof right === 'number') return Math.abs(left - right) <= 1e-6 * Math.max(1, Math.abs(left));
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => isClose((left as Record<string, unknown>)[name], (right as Record<string, unknown>)[name]));
}

function json(answer: Answer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
}

/** What is thrown for an answer that is not as it should be. */
export function failed(answer: Answer, expected: string): SmokeTestFailed {
  const found = answer.status === 0 ? `did not answer (${answer.body})` : `answered ${String(answer.status)} ${answer.body.slice(0, 1000)}`;
  return new SmokeTestFailed(`${answer.url} ${found}, expected ${expected}.`);
}
