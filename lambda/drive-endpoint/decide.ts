import type { EndpointSpec } from '../../model/spec/endpoint.ts';
import { configOf, type Desired, type DesiredConfig, type DesiredVariant } from './desired.ts';

/** The endpoint as SageMaker describes it. */
export interface Observed {
  readonly status: string;
  readonly configName: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  readonly weights: Readonly<Record<string, number>>;
  /** The models of its configuration, by variant. */
  readonly models: Readonly<Record<string, string>>;
  readonly failureReason?: string;
}

/** A change of the endpoint that was sent, or was about to be: what tells a silent rollback from an update that never began. */
export interface Attempt {
  /** The configuration that it brings. */
  readonly config: string;
  /** Which record asked for it: its `updatedAt`. */
  readonly record: string;
  /** When the endpoint was modified last, before it was sent; null where there was none. */
  readonly before: number | null;
  readonly startedAt: string;
  readonly status: 'APPLYING' | 'APPLIED' | 'FAILED';
  readonly reason?: string;
}

/** The next step towards the record. */
export type Step =
  | { readonly kind: 'create'; readonly config: DesiredConfig }
  /** @property guarded whether the update keeps the variants' names, so that SageMaker's guardrails may act on it */
  | { readonly kind: 'update'; readonly config: DesiredConfig; readonly guarded: boolean }
  | { readonly kind: 'weights' }
  | { readonly kind: 'delete'; readonly reason: string }
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'done' };

const underWay = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting'];

/** Weights are kept as single-precision numbers. */
const weightTolerance = 1e-6;

/**
 * What to do next. Nothing is sent while something is under way; what failed once for a record is not sent again for it.
 * @param record the `updatedAt` of the record that is wanted
 */
export function decide(spec: EndpointSpec, desired: Desired, observed: Observed | undefined, attempt: Attempt | undefined, record: string): Step {
  const tried = attempt?.record === record ? attempt : undefined;
  if (observed === undefined) {
    return tried?.status === 'FAILED' && tried.config === desired.config.name ? failedBefore(tried) : { kind: 'create', config: desired.config };
  }
  const { status, configName } = observed;
  if (underWay.includes(status)) return { kind: 'wait', reason: `The endpoint ${spec.endpointName} is ${status}, with the configuration ${configName}.` };
  if (status === 'Failed') return tried === undefined ? { kind: 'delete', reason: `The endpoint ${spec.endpointName} failed under an earlier record.` } : { kind: 'failed', reason: failureOf(spec, observed) };
  if (status !== 'InService') return { kind: 'failed', reason: `${failureOf(spec, observed)} It takes a person to mend it: look at the endpoint in the SageMaker console.` };
  if (configName === desired.config.name) return sameWeights(desired, observed) ? { kind: 'done' } : { kind: 'weights' };

  const next = nextConfig(spec, desired, observed);
  if (tried?.config !== next.config.name || tried.status === 'APPLIED') return next;
  if (tried.status === 'FAILED') return failedBefore(tried);
  // Written down and never sent, or sent and turned back: the endpoint was not touched since, or it was.
  if (tried.before === observed.lastModified) return next;
  return { kind: 'failed', reason: `${failureOf(spec, observed)} SageMaker turned the update to ${next.config.name} back: it is InService with ${configName} again.` };
}

/** The update that is due. SageMaker's guardrails act on an update that keeps the variants' names: where they are asked for, variants come and go in an update of their own before it. */
function nextConfig(spec: EndpointSpec, { config }: Desired, { models }: Observed): Extract<Step, { kind: 'update' }> {
  const names = config.variants.map(({ name }) => name as string);
  const current = Object.keys(models);
  const sameNames = names.length === current.length && names.every((name) => current.includes(name));
  const changesModel = config.variants.some(({ name, model }) => models[name] !== undefined && models[name] !== model.name);
  if (spec.update === undefined || sameNames || !changesModel) return { kind: 'update', config, guarded: sameNames };
  const between = configOf(spec, config.variants.map((variant) => withModel(variant, models[variant.name])));
  return { kind: 'update', config: between, guarded: false };
}

/** The variant with the model that it has now, which is there already. */
function withModel(variant: DesiredVariant, modelName: string | undefined): DesiredVariant {
  return modelName === undefined ? variant : { ...variant, model: { ...variant.model, name: modelName } };
}

function sameWeights({ weights }: Desired, observed: Observed): boolean {
  const total = Object.values(observed.weights).reduce((sum, weight) => sum + weight, 0);
  return total > 0 && Object.entries(weights).every(([name, weight]) => Math.abs(weight - (observed.weights[name] ?? 0) / total) < weightTolerance);
}

function failedBefore({ reason }: Attempt): Step {
  return { kind: 'failed', reason: reason ?? 'It failed before, and no reason was given.' };
}

function failureOf({ endpointName }: EndpointSpec, { status, failureReason }: Observed): string {
  return `The endpoint ${endpointName} is ${status}: ${failureReason ?? 'SageMaker gives no reason'}${(failureReason ?? '').endsWith('.') ? '' : '.'}`;
}
