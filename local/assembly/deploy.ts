import { assetLocator } from './assets.ts';
import type { DeployOptions } from './deploy-options.ts';
import type { AssemblyStack } from './manifest.ts';
import { nestedStackProvider } from './nested.ts';
import { deploymentRecords, type StackOutput } from './records.ts';
import { removeVanished } from './removal.ts';
import type { Environment } from './scope.ts';
import { deployStack, type StackDeployment } from './stack.ts';

/** What a deployment came to. */
export interface DeploySummary {
  readonly stacks: readonly { readonly stackName: string; readonly outputs: readonly StackOutput[] }[];
  /** How many resources of each type are served. */
  readonly served: Readonly<Record<string, number>>;
  /** How many resources of each type are kept as declarations, since the laptop serves no such type. */
  readonly declared: Readonly<Record<string, number>>;
}

/** Where a stack lives. */
export function stackEnvironment(stack: AssemblyStack, fallback: Environment): Environment {
  return { ...fallback, accountId: stack.account ?? fallback.accountId, region: stack.region ?? fallback.region };
}

/**
 * Brings an assembly's stacks up over what the store holds: new resources are created, known ones
 * updated in place, and what is no longer in any template goes, unless its policy retains it.
 */
export async function deployAssembly(options: DeployOptions): Promise<DeploySummary> {
  const { assembly, store, environment } = options;
  const records = deploymentRecords(store);
  const exports = new Map<string, unknown>();
  const counts = { served: {} as Record<string, number>, declared: {} as Record<string, number> };
  const live = new Set<string>();
  const providers = new Map(options.providers.map((provider) => [provider.type, provider]));

  const deploy = (stack: AssemblyStack, parameters: Readonly<Record<string, string>>, parentId?: string) => {
    const place = stackEnvironment(stack, environment);
    const deployment: StackDeployment = { ...options, stack, parameters, records, exports, counts, live, providers, environment: place, assetPath: assetLocator(assembly.assets, place), ...(parentId !== undefined && { parentId }) };
    return deployStack(deployment);
  };
  const nested = nestedStackProvider(assembly, environment, deploy);
  providers.set(nested.type, nested);

  const stacks = [];
  for (const stack of assembly.stacks) stacks.push({ stackName: stack.stackName, outputs: await deploy(stack, options.parameters ?? {}) });
  await removeVanished({ records, live, providers, emit: options.emit });
  return { stacks, ...counts };
}
