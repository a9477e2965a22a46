import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openModel } from '../../model/serving/loaded-model.ts';
import { answer } from '../../model/serving/http/answer.ts';
import type { ServingPorts } from '../../model/serving/http/call.ts';
import { type Served, versionOf } from '../../model/serving/live-models.ts';
import { badRequests } from './bad-requests.ts';
import { type Case, goodCases, versionCases } from './cases.ts';
import { contractModel, modelName } from './model.ts';
import { protocolCases } from './oip-cases.ts';
import { type ContractRequest, type ContractResponse, maximumRows, type Target, travelsAsText } from './target.ts';

/**
 * The contract: what a target must answer to some hundred requests, each the same to the bit as what the core answers in this process. Call it at the top of a test file.
 * @param start gives the target, on which the model of `contractModel()` is served with MAX_BATCH_ROWS at `maximumRows`; it is closed in the end
 */
export function contractSuite(name: string, start: () => Promise<Target>): void {
  describe(`the contract: ${name}`, () => {
    let target: Target;
    let reference: Target;
    beforeAll(async () => {
      target = await start();
      reference = await inProcess(target.model ?? defaultModel, target.hasMetrics);
    });
    afterAll(async () => target.close?.());

    const groups: [string, () => readonly Case[]][] = [
      ...Object.entries(goodCases).map(([group, cases]): [string, () => readonly Case[]] => [group, () => cases]),
      ['a version that is asked for', () => versionCases((target.model ?? defaultModel).version)],
      ['the Open Inference Protocol', () => protocolCases((target.model ?? defaultModel).version)],
      ['500 bad requests', () => badRequests()],
    ];
    test.each(groups)('%s', { timeout: 60_000 }, async (_group, cases) => {
      const queue = cases().filter((one) => isFor(target, one));
      const wrong: unknown[] = [];
      const work = async (): Promise<void> => {
        for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
          const expected = comparable(await reference.send(one.request), target);
          const found = comparable(await target.send(one.request), target);
          const problem = problemOf(one, found, expected);
          if (problem !== undefined) wrong.push({ title: one.title, request: shown(one.request), problem, ...difference(found, expected) });
        }
      };
      await Promise.all(Array.from({ length: target.concurrency ?? 8 }, work));
      expect(wrong.slice(0, 3), `${String(wrong.length)} answers differ`).toEqual([]);
    });
  });
}

const defaultModel = { name: modelName, version: '1' };

/** The core in this process: what everything else is held against. */
export async function inProcess({ name, version }: { readonly name: string; readonly version: string } = defaultModel, hasMetrics = false): Promise<Target> {
  const model = await openModel(await contractModel());
  const one: Served = { identity: { modelName: name, modelVersion: version }, model, role: 'stable' };
  const ports: ServingPorts = {
    choose: async (asked) => (asked === undefined ? one : versionOf([one], asked)),
    all: async () => [one],
    maximumRows,
    observe: () => undefined,
    onFailure: (error) => { throw error; },
    ...(hasMetrics ? { metricsText: async () => '' } : {}),
  };
  return {
    async send({ path, ...request }) {
      const [before = '', query = ''] = path.split('?');
      const { status, headers, body } = await answer({ ...request, path: before, query, requestId: 'in-process' }, ports);
      return { status, headers, body: Buffer.from(body as string) };
    },
    close: () => model.close(),
  };
}

function isFor({ onlyInvocations = false, onlyAnswered = false, requestHeaders, bodyBytes = Infinity, takesTextAlone = false, decodesPaths = false }: Target, { request, status, isNoText = false }: Case): boolean {
  if (onlyAnswered && status !== 200) return false;
  if (onlyInvocations && (request.path !== '/invocations' || request.method !== 'POST')) return false;
  if (requestHeaders !== undefined && Object.keys(request.headers).some((header) => !requestHeaders.includes(header))) return false;
  if (decodesPaths && !isDecodable(request.path)) return false;
  return request.body.length <= bodyBytes && !(takesTextAlone && isNoText && travelsAsText(request.headers));
}

function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}

interface Comparable {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As text, each byte a character. */
  readonly body: string;
}

/** The headers that belong to the contract; others are whoever's between it and the model. */
const comparedHeaders = ['content-type', 'x-model-version', 'x-amzn-sagemaker-custom-attributes', 'inference-header-content-length', 'allow', 'retry-after', 'content-security-policy'];

/** What must be the same of an answer everywhere: all but the request's id, and the digest that only a registered model has. */
function comparable({ status, headers, body }: ContractResponse, { responseHeaders, refusalHeaders = responseHeaders }: Target): Comparable {
  const through = status < 400 ? responseHeaders : refusalHeaders;
  const names = comparedHeaders.filter((name) => headers[name] !== undefined && (through?.includes(name) ?? true));
  const text = body.toString('latin1').replace(/"requestId":"[^"]*"/, '"requestId":"-"').replace(/"(?:sha256|modelPackageArn)":"[^"]*",|<dt>SHA-256<\/dt><dd>\w*<\/dd>/g, '');
  return { status, headers: Object.fromEntries(names.map((name) => [name, headers[name]!])), body: text };
}

function problemOf(one: Case, found: Comparable, expected: Comparable): string | undefined {
  if (expected.status !== one.status) return `the core answers ${String(expected.status)}, expected ${String(one.status)}`;
  if (one.names !== undefined && !expected.body.includes(one.names)) return `the core's answer does not name ${one.names}`;
  if (/node_modules|\.ts:\d|(\n|\\n) +at /.test(found.body)) return 'it shows the inside';
  return JSON.stringify(found) === JSON.stringify(expected) ? undefined : 'another answer than the core gives';
}

/** As much of two answers as shows where they part. */
function difference(found: Comparable, expected: Comparable): { found: object; expected: object } {
  const from = Math.max(0, [...found.body].findIndex((character, index) => character !== expected.body[index]) - 80);
  const part = (answer: Comparable): object => ({ ...answer, body: answer.body.slice(from, from + 400) });
  return { found: part(found), expected: part(expected) };
}

function shown({ method, path, headers, body }: ContractRequest): string {
  return `${method} ${path} ${JSON.stringify(headers)} ${body.toString('utf8', 0, 300)}`;
}
