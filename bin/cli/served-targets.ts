import type { Target } from './targets.ts';

/** A target, and what an app has it for. */
export interface ServedTarget {
  readonly target: string;
  readonly url: string;
  /** Undefined for further targets. */
  readonly serves?: 'staging' | 'production';
}

type Stacks = readonly { readonly outputs: readonly { readonly key: string; readonly value: string }[] }[];

/** The targets of an app with what it has them for, as its stacks' outputs tell: which deployment record is staging's, and which production's. */
export function servedTargets(targets: readonly Target[], stacks: Stacks): ServedTarget[] {
  const keys = (name: string): string[] => stacks.flatMap(({ outputs }) => outputs.filter(({ key }) => key === name).map(({ value }) => value));
  const [staging, production] = [keys('DeploymentRecordKey'), keys('ProductionDeploymentRecordKey')];
  return targets.map(({ target, url, key }) => ({ target, url, ...(production.includes(key) ? { serves: 'production' as const } : staging.includes(key) ? { serves: 'staging' as const } : {}) }));
}
