import autocannon from 'autocannon';
import { servingRows } from '../../bench/serving/model.ts';
import { versionHeader } from '../../model/serving/http/version-names.ts';

const connections = 32;

/** What happened to the requests so far. */
export interface Traffic {
  requests: number;
  /** Answers other than 200, by status. */
  readonly refused: Record<string, number>;
  /** Requests without an answer: a connection that was reset, a timeout. */
  lost: number;
  /** When each version answered last, in milliseconds since 1970. */
  readonly lastAnswer: Record<string, number>;
  /** How often each version answered. */
  readonly answers: Record<string, number>;
}

/** How many requests a second a server answers at most, as this generator can ask. */
export async function peakOf(url: string, seconds: number): Promise<number> {
  const result = await autocannon({ url: `${url}/predict`, connections, duration: seconds, requests: requests() });
  return result.requests.average;
}

/** Asks for predictions at a steady rate until `seconds` are over. */
export async function drive(url: string, rate: number, seconds: number, traffic: Traffic): Promise<{ readonly p99Ms: number }> {
  const result = await autocannon({
    url: `${url}/predict`, connections, duration: seconds, overallRate: rate,
    requests: requests((status, _body, _context, headers) => {
      traffic.requests += 1;
      if (status !== 200) traffic.refused[String(status)] = (traffic.refused[String(status)] ?? 0) + 1;
      const version = String(headers?.[versionHeader] ?? headers?.[versionHeader.toLowerCase()] ?? '-');
      traffic.answers[version] = (traffic.answers[version] ?? 0) + 1;
      traffic.lastAnswer[version] = Date.now();
    }),
  });
  traffic.lost += result.errors + result.timeouts;
  return { p99Ms: result.latency.p99 };
}

function requests(onResponse?: autocannon.Request['onResponse']): autocannon.Request[] {
  return servingRows(64, 7).map((row) => ({
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input: [...row] }),
    ...(onResponse === undefined ? {} : { onResponse }),
  }));
}
