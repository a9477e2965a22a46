import type { ResourceProvider } from '../../../core/resource.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Endpoints } from './endpoints.ts';
import type { EndpointConfigs, Models } from './models.ts';
import type { ConfigInput, DeploymentInput, ModelInput } from './record.ts';

const longestName = 63;

// Ref answers an ARN, which is in lower case: the name is an attribute.

/** AWS::SageMaker::Model. */
export function modelProvider(models: Models): ResourceProvider {
  return {
    type: 'AWS::SageMaker::Model',
    apply(declaration, provision, previous) {
      const properties = declaration.properties as unknown as Partial<ModelInput>;
      const name = properties.ModelName ?? (previous?.attributes['ModelName'] as string | undefined) ?? provision.physicalName(declaration, longestName);
      const { arn } = models.put(name, { ...properties, ModelName: name });
      return { physicalId: arn, attributes: { ModelName: name } };
    },
    remove({ attributes }) {
      const name = String(attributes['ModelName']);
      if (models.find(name) !== undefined) models.delete(name);
    },
  };
}

/** AWS::SageMaker::EndpointConfig. */
export function endpointConfigProvider(configs: EndpointConfigs): ResourceProvider {
  return {
    type: 'AWS::SageMaker::EndpointConfig',
    apply(declaration, provision, previous) {
      const properties = declaration.properties as unknown as ConfigInput;
      const name = properties.EndpointConfigName ?? (previous?.attributes['EndpointConfigName'] as string | undefined) ?? provision.physicalName(declaration, longestName);
      const { arn } = configs.put(name, { ...properties, EndpointConfigName: name, ProductionVariants: numeric(properties.ProductionVariants) });
      return { physicalId: arn, attributes: { EndpointConfigName: name } };
    },
    remove({ attributes }) {
      const name = String(attributes['EndpointConfigName']);
      if (configs.find(name) !== undefined) configs.delete(name);
    },
  };
}

/** AWS::SageMaker::Endpoint: created or, where its configuration is another one, updated; CloudFormation waits until it is in service. */
export function endpointProvider(endpoints: Endpoints): ResourceProvider {
  return {
    type: 'AWS::SageMaker::Endpoint',
    async apply(declaration, provision, previous) {
      const properties = declaration.properties as unknown as { EndpointName?: string; EndpointConfigName: string; DeploymentConfig?: DeploymentInput; RetainAllVariantProperties?: boolean };
      const name = properties.EndpointName ?? (previous?.attributes['EndpointName'] as string | undefined) ?? provision.physicalName(declaration, longestName);
      // What an earlier laptop left comes up first.
      endpoints.recover();
      await endpoints.idle();
      const found = endpoints.find(name);
      if (found === undefined) endpoints.create(name, properties.EndpointConfigName);
      else if (found.deployed.config.EndpointConfigName !== properties.EndpointConfigName) endpoints.update({ ...properties, EndpointName: name });
      await endpoints.idle();
      const { arn, status, deployed, failureReason } = endpoints.get(name);
      if (status !== 'InService' || deployed.config.EndpointConfigName !== properties.EndpointConfigName) {
        throw new AwsError('NotStabilized', `The endpoint ${name} is ${status} with the configuration ${deployed.config.EndpointConfigName}, expected InService with ${properties.EndpointConfigName}: ${failureReason ?? 'no reason given'}`);
      }
      return { physicalId: arn, attributes: { EndpointName: name } };
    },
    async remove({ attributes }) {
      const name = String(attributes['EndpointName']);
      if (endpoints.find(name) === undefined) return;
      endpoints.delete(name);
      await endpoints.idle();
    },
  };
}

/** Templates may hold numbers as texts. */
function numeric(variants: ConfigInput['ProductionVariants']): ConfigInput['ProductionVariants'] {
  return variants.map((variant) => ({
    ...variant,
    ...(variant.InitialVariantWeight === undefined ? {} : { InitialVariantWeight: Number(variant.InitialVariantWeight) }),
    ...(variant.InitialInstanceCount === undefined ? {} : { InitialInstanceCount: Number(variant.InitialInstanceCount) }),
  }));
}
