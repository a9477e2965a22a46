import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { ModelRegistry } from '../../../lib/index.ts';
import type { IModelRegistry } from '../../../lib/index.ts';
import { statementsOf, testApp, testStack } from '../support.ts';

describe('ModelRegistry', () => {
  it('makes a group with a lower-case name that is unique per stack, and keeps it', () => {
    const app = testApp();
    const [first, second] = ['One', 'Two'].map((id) => new ModelRegistry(testStack(id, app), 'Registry'));
    const name = first!.modelPackageGroupName;
    expect(name).toMatch(/^[a-z0-9](-*[a-z0-9]){0,62}$/);
    expect(second!.modelPackageGroupName).not.toBe(name);
    const template = Template.fromStack(first!.modelPackageGroup.stack);
    template.hasResource('AWS::SageMaker::ModelPackageGroup', { DeletionPolicy: 'Retain', Properties: { ModelPackageGroupName: name } });
  });

  it('honours each prop', () => {
    const stack = testStack();
    new ModelRegistry(stack, 'Registry', { modelPackageGroupName: 'mine', description: 'Ours.', removalPolicy: RemovalPolicy.DESTROY });
    Template.fromStack(stack).hasResource('AWS::SageMaker::ModelPackageGroup', {
      DeletionPolicy: 'Delete',
      Properties: { ModelPackageGroupName: 'mine', ModelPackageGroupDescription: 'Ours.' },
    });
  });

  it.each(['Upper', 'a_b', 'a'.repeat(64), '-a'])('refuses the name %s', (modelPackageGroupName) => {
    expect(() => new ModelRegistry(testStack(), 'Registry', { modelPackageGroupName })).toThrow(/Stack\/Registry: modelPackageGroupName is/);
  });

  it.each<[string, (stack: ReturnType<typeof testStack>) => IModelRegistry]>([
    ['its own', (stack) => new ModelRegistry(stack, 'Registry', { modelPackageGroupName: 'mine' })],
    ['an existing one', (stack) => ModelRegistry.fromModelPackageGroupName(stack, 'Registry', 'mine')],
  ])('grants reading, or registering as well: %s', (_, make) => {
    const stack = testStack();
    const registry = make(stack);
    const role = (id: string) => new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    registry.grantRead(role('Reader'));
    registry.grantRegister(role('Writer'));
    const template = Template.fromStack(stack);
    const versions = /model-package\/mine\/\*/;
    const reader = statementsOf(template, /^Reader/);
    expect(reader.flatMap(({ actions }) => actions).sort()).toEqual(['sagemaker:DescribeModelPackage', 'sagemaker:DescribeModelPackageGroup', 'sagemaker:ListModelPackages']);
    expect(reader.find(({ actions }) => actions.includes('sagemaker:ListModelPackages'))?.resources[0]).toMatch(versions);
    const register = statementsOf(template, /^Writer/).find(({ actions }) => actions.includes('sagemaker:CreateModelPackage'));
    expect(register?.resources.every((resource) => versions.test(resource))).toBe(true);
  });
});
