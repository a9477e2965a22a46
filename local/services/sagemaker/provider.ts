import type { ResourceProvider } from '../../core/resource.ts';
import type { Registry } from './registry/registry.ts';

/** AWS::SageMaker::ModelPackageGroup. */
export function modelPackageGroupProvider(registry: Registry): ResourceProvider {
  return {
    type: 'AWS::SageMaker::ModelPackageGroup',
    apply({ properties }) {
      const { ModelPackageGroupName: name, ModelPackageGroupDescription: description } = properties as { ModelPackageGroupName: string; ModelPackageGroupDescription?: string };
      const { arn, creationTime } = registry.putGroup(name, description);
      return { physicalId: arn, attributes: { ModelPackageGroupArn: arn, ModelPackageGroupStatus: 'Completed', CreationTime: creationTime } };
    },
    remove(previous) {
      // As on AWS, a group that holds versions stays.
      if (registry.findGroup(previous.physicalId) !== undefined) registry.removeGroup(previous.physicalId);
    },
  };
}
