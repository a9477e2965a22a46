import { AutoScalingGroup, BlockDeviceVolume, EbsDeviceVolumeType, OnDemandAllocationStrategy, SpotAllocationStrategy } from 'aws-cdk-lib/aws-autoscaling';
import { LaunchTemplate, SecurityGroup, UserData } from 'aws-cdk-lib/aws-ec2';
import { AmiHardwareType, AsgCapacityProvider, EcsOptimizedImage } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcards } from '../../private/acknowledgements.ts';
import { validate, validateInteger, validateRange } from '../../private/validation.ts';
import { gpuServiceDefaults } from '../container-defaults.ts';
import type { GpuGroupCapacityProps } from '../gpu-capacity-props.ts';
import { extensibleCluster } from './gpu-needs.ts';
import type { BoundGpuCapacity, GpuNeeds } from './gpu-needs.ts';

/** Instances of one type in an Auto Scaling group, which begins with none and follows the tasks. */
export function groupCapacity(scope: Construct, props: GpuGroupCapacityProps, needs: GpuNeeds): BoundGpuCapacity {
  const { instanceType, spot = false, maxInstances = needs.maxTasks + 1 } = props;
  const storageSize = props.storageSize ?? gpuServiceDefaults.storageSize;
  validate(scope, [
    validateRange('maxInstances', maxInstances, 1, 5000),
    validateInteger('maxInstances', maxInstances),
    validateRange('storageSize', storageSize.toGibibytes(), 30, 16_384, ' GiB'),
    needs.architecture === Architecture.ARM_64
      ? "the image is built for arm64, expected x86_64: Amazon ECS's machine image for GPUs knows no other. Build it for Architecture.X86_64, or use GpuCapacity.managedInstances()."
      : undefined,
    instanceType.isBurstable() || /^[a-z]+\d/.exec(instanceType.toString()) === null || !/^[gp]/.test(instanceType.toString())
      ? `instanceType is '${instanceType.toString()}', expected one with GPUs, whose name begins with g or p, such as 'g6.xlarge'.`
      : undefined,
  ]);
  const cluster = extensibleCluster(scope, needs);
  const place = new Construct(scope, 'Instances');
  const role = new Role(place, 'InstanceRole', { description: 'Registers instances with their cluster.', assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const launchTemplate = new LaunchTemplate(place, 'Template', {
    instanceType,
    machineImage: EcsOptimizedImage.amazonLinux2023(AmiHardwareType.GPU),
    role,
    requireImdsv2: true,
    // Tasks have a network of their own, from which the role of the instance is out of reach.
    httpPutResponseHopLimit: 1,
    userData: UserData.forLinux(),
    securityGroup: new SecurityGroup(place, 'SecurityGroup', { vpc: needs.vpc, description: 'Instances with GPUs, which nobody calls.' }),
    blockDevices: [{ deviceName: '/dev/xvda', volume: BlockDeviceVolume.ebs(storageSize.toGibibytes(), { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 }) }],
  });
  const group = new AutoScalingGroup(place, 'Group', {
    vpc: needs.vpc,
    vpcSubnets: needs.subnets,
    minCapacity: 0,
    maxCapacity: maxInstances,
    newInstancesProtectedFromScaleIn: false,
    mixedInstancesPolicy: {
      launchTemplate,
      instancesDistribution: {
        onDemandPercentageAboveBaseCapacity: spot ? 0 : 100,
        onDemandAllocationStrategy: OnDemandAllocationStrategy.PRIORITIZED,
        spotAllocationStrategy: SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
      },
    },
  });
  acknowledge(group, 'AS3', 'Instances come and go with the tasks; of the tasks their alarms tell.');
  acknowledge(group, 'EC26', 'The disk that the launch template names is encrypted: the rule does not follow the reference to it.');
  const provider = new AsgCapacityProvider(place, 'Provider', { autoScalingGroup: group, enableManagedTerminationProtection: false, enableManagedDraining: true });
  cluster.addAsgCapacityProvider(provider);
  acknowledgeWildcards(role, ['*'], "CDK's statements for the agent: its endpoint and its sessions know no resource, sessions are bound to the cluster by a condition.");
  acknowledge(role, 'IAM5[Action::ecs:Submit*]', "CDK's statement for the agent, which reports the states of tasks and attachments; it is bound to the cluster.");
  return { capacityProviderName: provider.capacityProviderName, managed: false };
}
