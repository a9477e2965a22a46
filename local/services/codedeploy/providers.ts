import type { LaptopContext } from '../../core/context.ts';
import type { ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';
import type { ConfigProperties, DeploymentConfigs } from './configs.ts';
import type { Registry } from './registry.ts';
import type { GroupProperties } from './types.ts';

/** Names have at most 100 characters. */
const longestName = 100;

/** The resource types of CodeDeploy. Those for ECS or servers are kept as records. */
export function codeDeployProviders({ emit }: LaptopContext, registry: Registry, configs: DeploymentConfigs): ResourceProvider[] {
  const tell = ({ constructPath, logicalId }: ResourceDeclaration, platform: string): void =>
    emit({ type: 'notice', message: `${constructPath ?? logicalId} is kept as a record: it is for ${platform}, and CodeDeploy shifts Lambda functions alone on the laptop.` });
  return [
    {
      type: 'AWS::CodeDeploy::Application',
      apply(declaration, { physicalName }, previous) {
        const { ApplicationName, ComputePlatform = 'Server' } = declaration.properties as { ApplicationName?: string; ComputePlatform?: string };
        const name = previous?.physicalId ?? ApplicationName ?? physicalName(declaration, longestName);
        if (ComputePlatform === 'Lambda') registry.applications.add(name);
        else tell(declaration, ComputePlatform);
        return { physicalId: name, attributes: {} };
      },
      remove: ({ physicalId }) => void registry.applications.delete(physicalId),
    },
    {
      type: 'AWS::CodeDeploy::DeploymentGroup',
      apply(declaration, { physicalName }, previous) {
        const properties = declaration.properties as unknown as GroupProperties;
        const name = previous?.physicalId ?? properties.DeploymentGroupName ?? physicalName(declaration, longestName);
        registry.put({ ...properties, DeploymentGroupName: name });
        return { physicalId: name, attributes: {} };
      },
      remove: ({ physicalId }, { properties }) => registry.remove(String(properties['ApplicationName']), physicalId),
    },
    {
      type: 'AWS::CodeDeploy::DeploymentConfig',
      apply(declaration, { physicalName }, previous) {
        const properties = declaration.properties as ConfigProperties;
        const name = previous?.physicalId ?? properties.DeploymentConfigName ?? physicalName(declaration, longestName);
        if ((properties.ComputePlatform ?? 'Server') === 'Lambda') configs.put(name, properties);
        return { physicalId: name, attributes: {} };
      },
      remove: ({ physicalId }) => configs.remove(physicalId),
    },
  ];
}
