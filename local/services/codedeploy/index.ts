import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { DeploymentConfigs } from './configs.ts';
import { Deployments } from './deployments.ts';
import { codeDeployOperations } from './operations.ts';
import { codeDeployProviders } from './providers.ts';
import { Registry } from './registry.ts';

/** AWS CodeDeploy: aliases of functions move to new versions share by share, under alarms and hooks. */
export function createCodeDeploy(context: LaptopContext): ServiceModule {
  const registry = new Registry();
  const configs = new DeploymentConfigs();
  const deployments = new Deployments(context, registry, configs);
  return {
    services: [{ name: 'codedeploy', operations: codeDeployOperations(registry, configs, deployments), close: () => deployments.close() }],
    providers: codeDeployProviders(context, registry, configs),
  };
}
