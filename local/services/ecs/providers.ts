import type { LaptopContext } from '../../core/context.ts';
import type { ProvisionContext, ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';
import type { Services } from './services.ts';
import { fromTemplate, nameIn } from './shapes.ts';
import type { ServiceSettings, TaskDefinitionInput } from './types.ts';

/** Names of clusters, families and services have at most 255 characters. */
const longestName = 255;

/** The resource types of Amazon ECS. */
export function ecsProviders(context: LaptopContext, services: Services): ResourceProvider[] {
  return [clusterProvider(services), taskDefinitionProvider(services), serviceProvider(context, services), ...capacityProviders(context)];
}

/** AWS::ECS::Cluster. */
function clusterProvider(services: Services): ResourceProvider {
  return {
    type: 'AWS::ECS::Cluster',
    apply(declaration, provision) {
      const name = nameOf(declaration, provision, 'ClusterName');
      return { physicalId: name, attributes: { Arn: services.putCluster(name) } };
    },
    remove: ({ physicalId }) => services.removeCluster(physicalId),
  };
}

/** AWS::ECS::TaskDefinition: another declaration is another revision. */
function taskDefinitionProvider(services: Services): ResourceProvider {
  return {
    type: 'AWS::ECS::TaskDefinition',
    apply(declaration, provision, previous) {
      const { Tags: _, ...properties } = declaration.properties;
      const input = fromTemplate({ ...properties, Family: nameOf(declaration, provision, 'Family') }) as TaskDefinitionInput;
      const standing = services.taskDefinitions.list().find(({ arn }) => arn === previous?.physicalId);
      const record = standing !== undefined && JSON.stringify(standing.input) === JSON.stringify(input) ? standing : services.taskDefinitions.register(input);
      return { physicalId: record.arn, attributes: { TaskDefinitionArn: record.arn } };
    },
    // Another revision took its place, or its family left the template: what runs by it goes on until its service is changed.
    remove: ({ physicalId }) => void services.taskDefinitions.deregister(physicalId),
  };
}

/** AWS::ECS::Service. */
function serviceProvider(context: LaptopContext, services: Services): ResourceProvider {
  const declared = context.store.collection<string>('ecs', 'declared-services');
  return {
    type: 'AWS::ECS::Service',
    apply(declaration, provision, previous) {
      const { Cluster = 'default', TaskDefinition, DesiredCount, ServiceName: _name, Tags: _tags, ...rest } = declaration.properties as { Cluster?: string; TaskDefinition: string; DesiredCount?: number | string; ServiceName?: string; Tags?: unknown };
      const name = typeof previous?.attributes['Name'] === 'string' ? previous.attributes['Name'] : nameOf(declaration, provision, 'ServiceName');
      const clusterName = nameIn(Cluster);
      if (clusterName === 'default') services.putCluster('default');
      const settings = fromTemplate(rest) as ServiceSettings;
      const count = DesiredCount === undefined ? undefined : Number(DesiredCount);
      if (count !== undefined && !(count >= 0)) throw new Error(`DesiredCount is '${String(DesiredCount)}': expected a number.`);
      const standing = services.find(clusterName, name);
      const service = standing ?? services.create({ name, clusterName, taskDefinition: TaskDefinition, desiredCount: count ?? 1, settings });
      if (standing !== undefined) {
        // As CloudFormation does: whatever changes of a service, the count of its template is written with it, though it was changed since.
        const changed = count !== undefined && declared.get(service.record.arn) !== JSON.stringify(declaration.properties);
        standing.update({ taskDefinition: services.taskDefinitions.get(TaskDefinition).arn, settings, ...(changed && { desiredCount: count }) });
      }
      declared.put(service.record.arn, JSON.stringify(declaration.properties));
      return { physicalId: service.record.arn, attributes: { Name: name, ServiceArn: service.record.arn, ClusterName: clusterName } };
    },
    remove({ physicalId, attributes }) {
      declared.delete(physicalId);
      services.remove(String(attributes['ClusterName']), String(attributes['Name']));
    },
  };
}

/** Where tasks run on AWS: here they all run on this machine. */
function capacityProviders({ emit }: LaptopContext): ResourceProvider[] {
  return [
    {
      type: 'AWS::ECS::CapacityProvider',
      apply(declaration, provision, previous) {
        if (previous === undefined) emit({ type: 'notice', message: `${declaration.constructPath ?? declaration.logicalId} is kept as a record: every task runs on this machine, whatever capacity it asks for.` });
        return { physicalId: nameOf(declaration, provision, 'Name'), attributes: {} };
      },
    },
    { type: 'AWS::ECS::ClusterCapacityProviderAssociations', apply: ({ properties }) => ({ physicalId: String(properties['Cluster']), attributes: {} }) },
  ];
}

function nameOf(declaration: ResourceDeclaration, { physicalName }: ProvisionContext, property: string): string {
  const given = declaration.properties[property];
  return typeof given === 'string' ? given : physicalName(declaration, longestName);
}
