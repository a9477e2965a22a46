import type { LaptopContext } from '../../../core/context.ts';
import type { Collection } from '../../../core/store.ts';
import { publishNews } from '../../events/publish.ts';
import { invalid } from '../validate.ts';
import { checkName, checkServerless } from './check.ts';
import { describeEndpoint } from './describe.ts';
import { LiveEndpoint } from './live-endpoint.ts';
import type { EndpointConfigs, Models } from './models.ts';
import { initialVariants } from './record.ts';
import type { Deployed, DeploymentInput, EndpointRecord, ServerlessConfig, VariantState } from './record.ts';
import { checkDeployment } from './traffic-steps.ts';
import { runUpdate } from './update.ts';

/** UpdateEndpoint. */
export interface UpdateInput {
  readonly EndpointName: string;
  readonly EndpointConfigName: string;
  readonly RetainAllVariantProperties?: boolean;
  readonly ExcludeRetainedVariantProperties?: readonly { readonly VariantPropertyType: string }[];
  readonly DeploymentConfig?: DeploymentInput;
  readonly RetainDeploymentConfig?: boolean;
}

/** A variant in UpdateEndpointWeightsAndCapacities. */
export interface DesiredVariant {
  readonly VariantName: string;
  readonly DesiredWeight?: number;
  readonly DesiredInstanceCount?: number;
  readonly ServerlessUpdateConfig?: Partial<ServerlessConfig>;
}

/** The endpoints of the laptop. What was asked for is under way when a call returns, as on AWS. */
export class Endpoints {
  readonly #context: LaptopContext;
  readonly #configs: EndpointConfigs;
  readonly #models: Models;
  readonly #records: Collection<EndpointRecord>;
  readonly #live = new Map<string, LiveEndpoint>();
  readonly #work = new Set<Promise<void>>();
  #closing = false;

  constructor(context: LaptopContext, configs: EndpointConfigs, models: Models) {
    this.#context = context;
    this.#configs = configs;
    this.#models = models;
    this.#records = context.store.collection('sagemaker', 'endpoint');
  }

  /** @throws {AwsError} ValidationException when there is one of this name, or the configuration is unknown */
  create(name: string, configName: string): EndpointRecord {
    checkName('endpointName', name);
    if (this.#records.get(name) !== undefined) throw invalid(`Cannot create already existing endpoint "${this.#arn(name)}".`);
    const deployed = this.#snapshot(configName);
    const time = this.#now();
    const record: EndpointRecord = { name, arn: this.#arn(name), status: 'Creating', deployed, variants: initialVariants(deployed.config), creationTime: time, lastModifiedTime: time };
    this.#save(record);
    this.#bring(record);
    return record;
  }

  /** @throws {AwsError} ValidationException when it is not in service, or the deployment is out of SageMaker's bounds */
  update(input: UpdateInput): EndpointRecord {
    const record = this.#idle(input.EndpointName);
    const deployed = this.#snapshot(input.EndpointConfigName);
    const deployment = input.DeploymentConfig ?? (input.RetainDeploymentConfig === true ? record.lastDeployment : undefined) ?? {};
    checkDeployment(deployment, record.deployed.config, deployed.config);
    const updating: EndpointRecord = { ...record, status: 'Updating', pending: { deployed, deployment, variants: retained(record, deployed, input), startTime: this.#now() } };
    this.#save(updating);
    this.#do(() => this.#update(updating));
    return updating;
  }

  /** @throws {AwsError} ValidationException when it is not in service, or a variant is unknown */
  scale(name: string, variants: readonly DesiredVariant[]): EndpointRecord {
    const record = this.#idle(name);
    const desired = { ...record.variants };
    for (const change of variants) desired[change.VariantName] = changed(record, change);
    const updating: EndpointRecord = { ...record, status: 'Updating', desired };
    this.#save(updating);
    this.#do(() => this.#scale(updating, desired));
    return updating;
  }

  /** @throws {AwsError} ValidationException when there is none, or something is under way with it */
  delete(name: string): void {
    const record = this.get(name);
    if (record.status !== 'Failed') this.#idle(name);
    this.#save({ ...record, status: 'Deleting' });
    this.#do(() => this.#delete(name));
  }

  /** @throws {AwsError} ValidationException when there is none */
  get(name: string): EndpointRecord {
    const found = this.#records.get(name);
    if (found === undefined) throw invalid(`Could not find endpoint "${this.#arn(name)}".`);
    return found;
  }

  find(name: string): EndpointRecord | undefined {
    return this.#records.get(name);
  }

  list(): EndpointRecord[] {
    return this.#records.list().map(({ value }) => value);
  }

  /** The processes of an endpoint that serves, or undefined. */
  live(name: string): LiveEndpoint | undefined {
    const status = this.#records.get(name)?.status;
    return status === undefined || status === 'Creating' || status === 'Failed' || status === 'Deleting' ? undefined : this.#live.get(name);
  }

  /** Goes on with what an earlier laptop left: its endpoints come up again, and an update that was under way begins anew. */
  recover(): void {
    for (const record of this.list()) {
      if (this.#live.has(record.name) || record.status === 'Failed') continue;
      if (record.status === 'Deleting') this.#records.delete(record.name);
      else this.#bring(record);
    }
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  /** Ends all processes at once; the records stay. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#live.values()].map((live) => live.close('once')));
    await this.idle();
  }

  /** Starts an endpoint's processes. */
  #bring(record: EndpointRecord): void {
    const live = new LiveEndpoint(this.#context, record.name, record.deployed, record.variants);
    this.#live.set(record.name, live);
    this.#do(async () => {
      try {
        await live.serving;
      } catch (error) {
        this.#live.delete(record.name);
        this.#change(record.name, { status: 'Failed', failureReason: error instanceof Error ? error.message : String(error) }, ['pending', 'desired']);
        return;
      }
      if (record.pending !== undefined) await this.#update(record);
      else if (record.desired !== undefined) await this.#scale(record, record.desired);
      else if (record.status !== 'InService') this.#change(record.name, { status: 'InService' });
    });
  }

  async #update({ name, pending }: EndpointRecord): Promise<void> {
    const live = this.#live.get(name);
    if (live === undefined || pending === undefined) throw new Error(`The endpoint ${name} is not up, and cannot be updated.`);
    const outcome = await runUpdate(this.#context, name, live, pending, () => this.#change(name, { status: 'RollingBack' }));
    const { deployment: lastDeployment, deployed, variants } = pending;
    if (outcome.kind === 'done') this.#change(name, { status: 'InService', deployed, variants, lastDeployment }, ['pending', 'failureReason']);
    // As on AWS, an update that was turned back ends in service, with the old configuration.
    else this.#change(name, { status: 'InService', lastDeployment, failureReason: outcome.reason }, ['pending']);
  }

  async #scale({ name }: EndpointRecord, desired: Readonly<Record<string, VariantState>>): Promise<void> {
    const fleet = await this.#live.get(name)?.serving;
    try {
      for (const variant of fleet?.variants ?? []) await variant.scale(desired[variant.name] ?? variant.state);
      this.#change(name, { status: 'InService', variants: desired }, ['desired', 'failureReason']);
    } catch (error) {
      this.#change(name, { status: 'InService', failureReason: error instanceof Error ? error.message : String(error) }, ['desired']);
    }
  }

  async #delete(name: string): Promise<void> {
    await this.#live.get(name)?.close('grace');
    this.#live.delete(name);
    this.#records.delete(name);
  }

  #idle(name: string): EndpointRecord {
    const record = this.get(name);
    if (record.status !== 'InService') throw invalid(record.status === 'Failed' ? `Cannot update failed endpoint "${record.arn}".` : `Cannot update in-progress endpoint "${record.arn}".`);
    return record;
  }

  #snapshot(configName: string): Deployed {
    const { input: config } = this.#configs.get(configName);
    const names = config.ProductionVariants.map(({ ModelName }) => ModelName ?? '');
    return { config, models: Object.fromEntries(names.map((model) => [model, this.#models.get(model).input])) };
  }

  #do(work: () => Promise<void>): void {
    const done = work()
      .catch((error: unknown) => {
        // What was under way when the laptop stopped is taken up again when it starts.
        if (!this.#closing) this.#context.emit({ type: 'notice', message: `SageMaker hosting failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` });
      })
      .finally(() => this.#work.delete(done));
    this.#work.add(done);
  }

  #change(name: string, changes: Partial<EndpointRecord>, without: readonly (keyof EndpointRecord)[] = []): void {
    const record = this.#records.get(name);
    if (this.#closing || record === undefined) return;
    const kept = Object.fromEntries(Object.entries(record).filter(([key]) => !without.includes(key as keyof EndpointRecord))) as unknown as EndpointRecord;
    this.#save({ ...kept, ...changes });
  }

  #save(record: EndpointRecord): void {
    const saved = { ...record, lastModifiedTime: this.#now() };
    this.#records.put(record.name, saved);
    this.#context.emit({ type: 'service', service: 'sagemaker', name: 'EndpointStatus', detail: { endpointName: record.name, status: record.status, endpointConfigName: record.deployed.config.EndpointConfigName } });
    const detail = JSON.stringify(describeEndpoint(saved), (key, value: unknown) => (key.endsWith('Time') && typeof value === 'string' ? Date.parse(value) : value));
    void publishNews(this.#context, 'sagemaker.amazonaws.com', {
      source: 'aws.sagemaker',
      detailType: 'SageMaker Endpoint State Change',
      resources: [record.arn],
      detail: { ...(JSON.parse(detail) as object), EndpointStatus: record.status.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase() },
    });
  }

  #arn(name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:sagemaker:${region}:${accountId}:endpoint/${name.toLowerCase()}`;
  }

  #now(): string {
    return this.#context.clock.now().toISOString();
  }
}

/** The variants that an update starts with: those of the configuration or, where they are retained, the endpoint's own. */
function retained({ variants: current }: EndpointRecord, { config }: Deployed, { RetainAllVariantProperties: retain, ExcludeRetainedVariantProperties: excluded = [] }: UpdateInput): Record<string, VariantState> {
  const initial = initialVariants(config);
  if (retain !== true) return initial;
  const without = excluded.map(({ VariantPropertyType }) => VariantPropertyType);
  return Object.fromEntries(
    Object.entries(initial).map(([name, state]) => {
      const { weight, instances } = current[name] ?? state;
      return [name, { ...state, ...(without.includes('DesiredWeight') ? {} : { weight }), ...(without.includes('DesiredInstanceCount') || instances === undefined ? {} : { instances }) }];
    }),
  );
}

function changed({ name, variants }: EndpointRecord, { VariantName, DesiredWeight, DesiredInstanceCount, ServerlessUpdateConfig }: DesiredVariant): VariantState {
  const current = variants[VariantName];
  if (current === undefined) throw invalid(`The variant "${VariantName}" does not exist in the endpoint "${name}": it has ${Object.keys(variants).join(', ')}`);
  if (DesiredWeight !== undefined && !(DesiredWeight >= 0)) throw invalid(`DesiredWeight of "${VariantName}" must be 0 or more, found ${DesiredWeight}`);
  if (DesiredInstanceCount !== undefined && !(DesiredInstanceCount >= 1)) throw invalid(`DesiredInstanceCount of "${VariantName}" must be 1 or more, found ${DesiredInstanceCount}`);
  const serverless = current.serverless === undefined ? undefined : { ...current.serverless, ...ServerlessUpdateConfig };
  if (serverless !== undefined) checkServerless(VariantName, serverless);
  return { weight: DesiredWeight ?? current.weight, ...(current.instances === undefined ? {} : { instances: DesiredInstanceCount ?? current.instances }), ...(serverless === undefined ? {} : { serverless }) };
}
