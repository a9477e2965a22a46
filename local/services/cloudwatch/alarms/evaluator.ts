import type { LaptopContext } from '../../../core/context.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { QueryRun, windowsUntil } from '../metrics/query.ts';
import { seriesOf } from '../math/values.ts';
import { planOf } from './alarm.ts';
import type { AlarmPlan, MetricAlarmInput } from './alarm.ts';
import type { Alarms } from './alarms.ts';
import { extraPeriods, judge } from './judge.ts';
import type { Verdict } from './judge.ts';
import { reasonDataOf, reasonOf } from './reason.ts';

/** CloudWatch looks at alarms every minute, at those of high resolution every ten seconds. */
const standardStep = 60_000;
const fineStep = 10_000;

/** Looks at every metric alarm as its period asks, on the laptop's clock. */
export class AlarmEvaluator {
  readonly #context: LaptopContext;
  readonly #metrics: Metrics;
  readonly #alarms: Alarms;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(context: LaptopContext, metrics: Metrics, alarms: Alarms) {
    this.#context = context;
    this.#metrics = metrics;
    this.#alarms = alarms;
  }

  /** Begins, once there is an alarm to look at. */
  wake(): void {
    if (this.#running !== undefined || this.#closing.signal.aborted || !this.#alarms.list().some(({ kind }) => kind === 'metric')) return;
    this.#running = this.#run()
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#context.emit({ type: 'notice', message: `Alarms are no longer looked at: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` });
      })
      .finally(() => (this.#running = undefined));
  }

  /** Looks at every alarm that is due at a time, in milliseconds. */
  #evaluateAll(time: number): void {
    for (const { kind, input } of this.#alarms.list()) {
      if (kind !== 'metric') continue;
      const plan = planOf(input);
      const step = stepOf(plan);
      if (time % step === 0) this.#evaluateOne(input, plan, time);
    }
  }

  /** Stops. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The laptop stops.'));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock } = this.#context;
    for (;;) {
      const plans = this.#alarms.list().flatMap(({ kind, input }) => (kind === 'metric' ? [planOf(input)] : []));
      if (plans.length === 0) return;
      const step = Math.min(...plans.map(stepOf));
      const now = clock.now().getTime();
      const next = Math.floor(now / step) * step + step;
      await clock.sleep(next - now, this.#closing.signal);
      // The clock may have gone on by more than a step; a timer may be early by a millisecond.
      const reached = Math.floor((clock.now().getTime() + 1) / step) * step;
      this.#evaluateAll(reached);
      this.#metrics.save(reached);
    }
  }

  #evaluateOne(input: MetricAlarmInput, plan: AlarmPlan, time: number): void {
    const { value: before } = this.#alarms.get(input.AlarmName).state;
    try {
      const verdict = this.#verdict(plan, time);
      if (verdict.state === undefined) return;
      const reasonData = reasonDataOf(verdict, plan, input, this.#context.clock.now());
      if (verdict.state === before) this.#alarms.repeat(input.AlarmName, reasonData);
      else this.#alarms.setState(input.AlarmName, { value: verdict.state, reason: reasonOf(verdict, plan), reasonData });
    } catch (error) {
      // One alarm that cannot be evaluated must not stop the others.
      this.#context.emit({ type: 'notice', subject: input.AlarmName, message: `the alarm cannot be evaluated: ${error instanceof Error ? error.message : String(error)}` });
    }
  }

  #verdict(plan: AlarmPlan, end: number): Verdict {
    const windows = windowsUntil(end, plan.evaluationPeriods + extraPeriods);
    const points = seriesOf(new QueryRun(this.#metrics, plan.queries, windows).value(plan.watched));
    return judge(windows(plan.periodSeconds).times.map((time) => ({ time, value: points.get(time) })), plan);
  }
}

function stepOf({ periodSeconds }: AlarmPlan): number {
  return periodSeconds < 60 ? fineStep : standardStep;
}
