import { randomUUID } from 'node:crypto';
import { BroadcastChannel, threadId } from 'node:worker_threads';
import type { Observation } from '../../model/serving/http/call.ts';
import type { Served } from '../../model/serving/live-models.ts';
import { accessEntry } from '../../model/serving/metrics/access-log.ts';
import { BufferedMetrics } from '../../model/serving/metrics/buffered-metrics.ts';
import { prometheusText } from '../../model/serving/metrics/prometheus.ts';
import { mergedSeries, RequestMetrics, type RequestSeries } from '../../model/serving/metrics/request-metrics.ts';
import { metricsNamespace } from '../../model/spec/serving-metrics.ts';
import type { ModelServerEnv } from './env.ts';
import type { Log } from './log.ts';

/** Between two flushes of the metrics that CloudWatch reads from the log. */
const flushMs = 5000;

/** Another loop that takes longer is left out of an answer to Prometheus: it is asked again soon. */
const patienceMs = 1000;

type Message = { readonly kind: 'ask'; readonly id: string } | { readonly kind: 'tell'; readonly id: string; readonly series: readonly RequestSeries[] };

/** What one event loop counts and logs of its requests. The loop that is asked for `/metrics` adds up what all of them have counted. */
export class Reporting {
  private readonly env: ModelServerEnv;
  private readonly log: Log;
  /** All loops of the process, this one included. */
  private readonly loops: number;
  private readonly counted = new RequestMetrics();
  private readonly buffered = new BufferedMetrics();
  private readonly waiting = new Map<string, (series: readonly RequestSeries[]) => void>();
  private readonly channel = new BroadcastChannel('slipway-metrics');
  private readonly timer: NodeJS.Timeout;

  constructor(env: ModelServerEnv, log: Log, loops: number) {
    this.env = env;
    this.log = log;
    this.loops = loops;
    this.channel.onmessage = ({ data }) => { this.receive(data as Message); };
    this.channel.unref();
    this.timer = setInterval(() => { this.flush(); }, flushMs).unref();
  }

  /** Counts a request that was answered, and logs it where it is to be. */
  observe(answered: Observation): void {
    this.counted.observe(answered);
    if (answered.predicts && this.env.TARGET_NAME !== undefined) this.buffered.add(answered);
    const withPayloads = this.env.LOG_PAYLOADS === 'true';
    if (withPayloads || this.env.LOG_REQUESTS === 'all' || (answered.status >= 400 && this.env.LOG_REQUESTS !== 'none')) this.log.info('Request', accessEntry(answered, withPayloads));
  }

  /** The text for Prometheus, of all loops. */
  async metricsText(live: readonly Served[]): Promise<string> {
    const series = mergedSeries([this.counted.snapshot(), ...(await this.others())]);
    const { user, system } = process.cpuUsage();
    return prometheusText(series, live, { residentBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6, startedAt: Math.round(Date.now() / 1000 - process.uptime()) });
  }

  /** Writes what is not written yet. */
  stop(): void {
    clearInterval(this.timer);
    this.flush();
    this.channel.close();
  }

  private flush(): void {
    const { TARGET_NAME: target } = this.env;
    if (target === undefined) return;
    for (const line of this.buffered.flush(process.env['POWERTOOLS_METRICS_NAMESPACE'] ?? metricsNamespace, target, Date.now())) process.stdout.write(`${line}\n`);
  }

  private receive(message: Message): void {
    if (message.kind === 'ask') this.channel.postMessage({ kind: 'tell', id: message.id, series: this.counted.snapshot() } satisfies Message);
    else this.waiting.get(message.id)?.(message.series);
  }

  private async others(): Promise<readonly (readonly RequestSeries[])[]> {
    if (this.loops === 1) return [];
    const id = `${String(threadId)} ${randomUUID()}`;
    const told: (readonly RequestSeries[])[] = [];
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.waiting.set(id, (series) => {
        told.push(series);
        if (told.length < this.loops - 1) return;
        clearTimeout(timer);
        resolve();
      });
      this.channel.postMessage({ kind: 'ask', id } satisfies Message);
    });
    this.waiting.delete(id);
    return told;
  }
}
