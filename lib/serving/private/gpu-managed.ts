import { Size, Stack } from 'aws-cdk-lib';
import { AcceleratorManufacturer, AcceleratorName, AcceleratorType, CpuManufacturer, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { InstanceRequirementsConfig } from 'aws-cdk-lib/aws-ec2';
import { CapacityOptionType, ManagedInstancesCapacityProvider, PropagateManagedInstancesTags } from 'aws-cdk-lib/aws-ecs';
import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import { InstanceProfile, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledgements.ts';
import { deploymentName } from '../../private/deployment-name.ts';
import { allow } from '../../private/permissions.ts';
import { validate, validateRange } from '../../private/validation.ts';
import { gpuServiceDefaults } from '../container-defaults.ts';
import type { ManagedGpuCapacityProps } from '../gpu-capacity-props.ts';
import { extensibleCluster, subnetsOf } from './gpu-needs.ts';
import type { BoundGpuCapacity, GpuNeeds } from './gpu-needs.ts';

/** The policy for AWS's own part lets instances have roles of this name alone. */
const instanceRolePrefix = 'ecsInstanceRole';
const longestRoleName = 64;
const infrastructurePolicy = 'AmazonECSInfrastructureRolePolicyForManagedInstances';

/** Instances that Amazon ECS chooses by what tasks need. */
export function managedCapacity(scope: Construct, props: ManagedGpuCapacityProps, needs: GpuNeeds): BoundGpuCapacity {
  const storageSize = props.storageSize ?? gpuServiceDefaults.storageSize;
  validate(scope, [validateRange('storageSize', storageSize.toGibibytes(), 30, 16_384, ' GiB')]);
  const cluster = extensibleCluster(scope, needs);
  const place = new Construct(scope, 'Instances');
  const { gpu } = needs;
  const provider = new ManagedInstancesCapacityProvider(place, 'Provider', {
    subnets: subnetsOf(needs),
    securityGroups: [new SecurityGroup(place, 'SecurityGroup', { vpc: needs.vpc, description: 'Instances with GPUs, which nobody calls.' })],
    infrastructureRole: infrastructureRole(place),
    ec2InstanceProfile: instanceProfile(place, cluster),
    taskVolumeStorage: storageSize,
    capacityOptionType: props.spot === true ? CapacityOptionType.SPOT : CapacityOptionType.ON_DEMAND,
    propagateTags: PropagateManagedInstancesTags.CAPACITY_PROVIDER,
    instanceRequirements: {
      vCpuCountMin: Math.max(1, Math.ceil(needs.cpu / 1024)),
      memoryMin: Size.mebibytes(needs.memorySizeMiB),
      cpuManufacturers: needs.architecture === Architecture.ARM_64 ? [CpuManufacturer.AWS] : [CpuManufacturer.INTEL, CpuManufacturer.AMD],
      acceleratorTypes: [AcceleratorType.GPU],
      acceleratorManufacturers: [AcceleratorManufacturer.NVIDIA],
      acceleratorCountMin: gpu.gpuCount,
      ...(gpu.minimumMemory === undefined ? {} : { acceleratorTotalMemoryMin: gpu.minimumMemory }),
      ...typeRequirement(gpu.typeName),
    },
  });
  cluster.addManagedInstancesCapacityProvider(provider);
  return { capacityProviderName: provider.capacityProviderName, managed: true };
}

/** CloudFormation does not know the name of this type: its instances say the same. */
const instancesOf: Readonly<Record<string, string[]>> = { [AcceleratorName.L4]: ['g6.*', 'gr6.*'] };

function typeRequirement(typeName: AcceleratorName | undefined): Partial<InstanceRequirementsConfig> {
  if (typeName === undefined) return {};
  const allowedInstanceTypes = instancesOf[typeName];
  return allowedInstanceTypes === undefined ? { acceleratorNames: [typeName] } : { allowedInstanceTypes };
}

function infrastructureRole(scope: Construct): Role {
  const role = new Role(scope, 'InfrastructureRole', {
    description: 'Starts and ends instances with GPUs.',
    assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(infrastructurePolicy)],
  });
  acknowledge(role, `IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${infrastructurePolicy}]`, 'AWS keeps this policy in step with what managed instances need, and binds it to instances that Amazon ECS made.');
  return role;
}

/** What an instance may do: register with its cluster, and tell how its tasks are. It may not pull images or write logs: tasks have roles for that. */
function instanceProfile(scope: Construct, cluster: Cluster): InstanceProfile {
  const name = `${instanceRolePrefix}-${deploymentName(scope, longestRoleName - instanceRolePrefix.length - 1)}`;
  const role = new Role(scope, 'InstanceRole', { roleName: name, description: 'Registers instances with their cluster.', assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const instances = Stack.of(scope).formatArn({ service: 'ecs', resource: 'container-instance', resourceName: `${cluster.clusterName}/*` });
  allow(role, { actions: ['ecs:DiscoverPollEndpoint'], resources: ['*'], wildcard: 'The endpoint of the agent is the same for all and knows no resource.' });
  allow(role, { actions: ['ecs:RegisterContainerInstance', 'ecs:SubmitAttachmentStateChanges', 'ecs:SubmitTaskStateChange'], resources: [cluster.clusterArn] });
  allow(role, { actions: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:PutSystemLogEvents'], resources: [instances], wildcard: 'Instances of this cluster are numbered when they register.' });
  return new InstanceProfile(scope, 'InstanceProfile', { instanceProfileName: name, role });
}
