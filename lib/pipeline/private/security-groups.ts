import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { pipelineDefaults } from '../defaults.ts';
import type { TrainingJobOptions } from '../training-job-options.ts';

/** The security groups of training jobs: the given ones, or one that lets everything out and nothing in but what the instances of a job tell each other. */
export function createSecurityGroups(scope: Construct, pipelineName: string, { vpc, securityGroups, instanceCount }: TrainingJobOptions): ISecurityGroup[] {
  if (vpc === undefined) return [];
  if (securityGroups !== undefined) return securityGroups;
  const group = new SecurityGroup(scope, 'SecurityGroup', { vpc, description: `Training jobs of the pipeline ${pipelineName}.` });
  if ((instanceCount ?? pipelineDefaults.instanceCount) > 1) group.addIngressRule(group, Port.allTraffic(), 'The instances of a training job exchange what they learn.');
  return [group];
}
