import type { Attempt, Observed } from '../../../lambda/drive-endpoint/decide.ts';
import type { DesiredConfig } from '../../../lambda/drive-endpoint/desired.ts';
import type { EndpointPorts, RememberedAttempt } from '../../../lambda/drive-endpoint/ports.ts';
import type { DeploymentRecord } from '../../../model/serving/record.ts';

/** The process that made the call died after it. */
export class Died extends Error {}

/** SageMaker and S3 in memory: one endpoint, whose changes are done when the world is moved on. What it refuses or is asked twice, it counts. */
export class FakeWorld {
  record: DeploymentRecord | undefined;
  observed: Observed | undefined;
  remembered: RememberedAttempt | undefined;
  readonly models = new Set<string>();
  readonly configs = new Map<string, DesiredConfig>();
  /** How often the endpoint was created, updated and deleted. */
  readonly sent: string[] = [];
  /** Whether the next update is turned back without a word. */
  rollsBack = false;
  private time = 1;
  private written = 0;
  private pending: Observed | undefined;

  /** What is under way is done. */
  move(): void {
    if (this.observed?.status === 'Deleting') this.observed = undefined;
    else if (this.pending !== undefined) this.observed = { ...this.pending, lastModified: (this.time += 1) };
    this.pending = undefined;
  }

  /** The world as one process sees it, which dies after so many calls. */
  ports(diesAfter = Infinity, interleave: () => Promise<unknown> = async () => undefined): EndpointPorts {
    let calls = 0;
    const call = async <Answer>(effect: () => Answer): Promise<Answer> => {
      await interleave();
      const answer = effect();
      if ((calls += 1) === diesAfter) throw new Died();
      return answer;
    };
    return {
      record: () => call(() => this.record),
      remembered: () => call(() => this.remembered),
      remember: (attempt, replaced) => call(() => this.write(attempt, replaced)),
      observe: () => call(() => this.observed),
      verify: () => call(() => undefined),
      createModel: ({ name }) => call(() => void this.models.add(name)),
      createConfig: (config) => call(() => void this.configs.set(config.name, config)),
      create: (config) => call(() => this.create(config)),
      update: (config) => call(() => this.change('update', { ...this.standing(config), weights: initialWeights(config) }, config)),
      setWeights: (weights) => call(() => this.observed !== undefined && this.change('weights', { ...this.observed, weights: { ...weights } })) as Promise<never>,
      delete: () => call(() => this.remove()),
      scale: () => call(() => undefined),
      cleanUp: (config) => call(() => this.cleanUp(config)),
      now: () => new Date(0),
    };
  }

  private write(attempt: Attempt, replaced: RememberedAttempt | undefined): boolean {
    if (this.remembered?.etag !== replaced?.etag) return false;
    this.remembered = { attempt, etag: String((this.written += 1)) };
    return true;
  }

  private create(config: DesiredConfig): void {
    if (this.observed !== undefined) return;
    this.need(config);
    this.sent.push(`create ${config.name}`);
    this.pending = this.standing(config);
    this.observed = { ...this.pending, status: 'Creating' };
  }

  private change(what: string, next: Observed, config?: DesiredConfig): void {
    if (this.observed?.status !== 'InService') return;
    if (config !== undefined) this.need(config);
    this.sent.push(`${what} ${next.configName}`);
    const back = this.rollsBack && what === 'update';
    this.pending = back ? { ...this.observed, failureReason: 'An alarm sounded.' } : next;
    if (back) this.rollsBack = false;
    this.observed = { ...this.observed, status: 'Updating', lastModified: (this.time += 1) };
  }

  private remove(): void {
    if (this.observed === undefined || this.observed.status === 'Deleting') return;
    this.sent.push('delete');
    this.observed = { ...this.observed, status: 'Deleting' };
  }

  private standing(config: DesiredConfig): Observed {
    return { status: 'InService', configName: config.name, lastModified: this.time, weights: initialWeights(config), models: Object.fromEntries(config.variants.map(({ name, model }) => [name, model.name])) };
  }

  private need({ name, variants }: DesiredConfig): void {
    if (!this.configs.has(name)) throw new Error(`The configuration ${name} does not exist`);
    for (const { model } of variants) if (!this.models.has(model.name)) throw new Error(`The model ${model.name} does not exist`);
  }

  private cleanUp({ name, variants }: DesiredConfig): void {
    for (const found of [...this.configs.keys()]) if (found !== name) this.configs.delete(found);
    for (const found of [...this.models]) if (!variants.some(({ model }) => model.name === found)) this.models.delete(found);
  }
}

function initialWeights({ variants }: DesiredConfig): Record<string, number> {
  return Object.fromEntries(variants.map(({ name, initialWeight }) => [name, initialWeight]));
}
