import type { LaptopContext } from '../../core/context.ts';
import type { ResourceProvider } from '../../core/resource.ts';
import type { AliasShifts, AliasUpdatePolicy } from './alias-shift.ts';
import type { AliasRecord } from './aliases.ts';
import type { Functions } from './functions.ts';
import { parseFunctionName } from './name.ts';
import type { ProvisionedConcurrency } from './provisioned.ts';

interface VersionProperties {
  readonly FunctionName: string;
  readonly Description?: string;
  readonly ProvisionedConcurrencyConfig?: ProvisionedConfig;
}

interface AliasProperties {
  readonly FunctionName: string;
  readonly FunctionVersion: string;
  readonly Name: string;
  readonly Description?: string;
  readonly RoutingConfig?: { readonly AdditionalVersionWeights?: readonly { readonly FunctionVersion: string; readonly FunctionWeight: number | string }[] };
  readonly ProvisionedConcurrencyConfig?: ProvisionedConfig;
}

interface ProvisionedConfig {
  readonly ProvisionedConcurrentExecutions: number | string;
}

/** AWS::Lambda::Version: the function as it was when this resource first stood in the template. */
export function versionProvider(context: LaptopContext, functions: Functions, provisioned: ProvisionedConcurrency): ResourceProvider {
  const numbers = context.store.collection<number>('lambda', 'version');
  return {
    type: 'AWS::Lambda::Version',
    apply({ properties, logicalId }) {
      const { FunctionName, Description = '', ProvisionedConcurrencyConfig: config } = properties as unknown as VersionProperties;
      const { name } = parseFunctionName(FunctionName);
      const id = `${name}/${logicalId}`;
      const known = numbers.get(id);
      const standing = known === undefined ? undefined : functions.versions.find(name, String(known));
      const { version } = standing ?? functions.publish(name, Description, known);
      numbers.put(id, Number(version));
      provisioned.declare(name, version, config && Number(config.ProvisionedConcurrentExecutions));
      const arn = `${functions.arn(name)}:${version}`;
      return { physicalId: arn, attributes: { FunctionArn: arn, Version: version } };
    },
    remove({ physicalId }, { logicalId }) {
      const { name, qualifier: version = '' } = parseFunctionName(physicalId);
      numbers.delete(`${name}/${logicalId}`);
      provisioned.declare(name, version, undefined);
      functions.doom(name, version);
    },
  };
}

/** AWS::Lambda::Alias. What was changed by the API since stays, until the template says something else. */
export function aliasProvider(context: LaptopContext, functions: Functions, provisioned: ProvisionedConcurrency, shifts: AliasShifts): ResourceProvider {
  const declared = context.store.collection<string>('lambda', 'declared-alias');

  /** CodeDeploy moves the alias; a failed update goes back, as CloudFormation does. */
  async function shift(policy: AliasUpdatePolicy, { functionName, name, functionVersion, description }: AliasRecord, targetVersion: string, put: () => void): Promise<void> {
    try {
      await shifts.run(policy, { functionName, alias: name, currentVersion: functionVersion, targetVersion });
      put();
    } catch (error) {
      functions.aliases.put(functionName, name, { functionVersion, description, weights: {} });
      throw error;
    }
  }

  return {
    type: 'AWS::Lambda::Alias',
    apply({ properties, updatePolicy }, { settle }) {
      const { FunctionName, FunctionVersion, Name, Description = '', RoutingConfig, ProvisionedConcurrencyConfig: config } = properties as unknown as AliasProperties;
      const { name } = parseFunctionName(FunctionName);
      const id = `${name}/${Name}`;
      const weights = Object.fromEntries((RoutingConfig?.AdditionalVersionWeights ?? []).map(({ FunctionVersion: version, FunctionWeight: weight }) => [version, Number(weight)]));
      const settings = { functionVersion: FunctionVersion, description: Description, weights };
      const standing = functions.aliases.find(name, Name);
      const put = (): void => {
        functions.aliases.put(name, Name, settings);
        declared.put(id, JSON.stringify(settings));
      };
      const policy = updatePolicy?.['CodeDeployLambdaAliasUpdate'] as AliasUpdatePolicy | undefined;
      if (standing === undefined || (declared.get(id) !== JSON.stringify(settings) && (policy === undefined || standing.functionVersion === FunctionVersion))) put();
      else if (policy !== undefined && declared.get(id) !== JSON.stringify(settings)) settle(shift(policy, standing, FunctionVersion, put));
      provisioned.declare(name, Name, config && Number(config.ProvisionedConcurrentExecutions));
      const arn = `${functions.arn(name)}:${Name}`;
      return { physicalId: arn, attributes: { AliasArn: arn } };
    },
    remove({ physicalId }) {
      const { name, qualifier = '' } = parseFunctionName(physicalId);
      declared.delete(`${name}/${qualifier}`);
      provisioned.declare(name, qualifier, undefined);
      functions.aliases.remove(name, qualifier);
    },
  };
}
