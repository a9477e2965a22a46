import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { ModelRegistry } from '../../../lib/index.ts';
import type { IModelRegistry } from '../../../lib/index.ts';
import { statementsOf, testApp, testStack } from '../support.ts';

describe('ModelRegistry', () => {
  it('makes a group with a lower-case name of the stack and the time that it was made, and keeps it', () => {
    const stable = ['One', 'Two', 'L'.repeat(100)].map((id) => {
      const { modelPackageGroup } = new ModelRegistry(testStack(id), 'Registry');
      const template = Template.fromStack(modelPackageGroup.stack);
      template.hasResource('AWS::SageMaker::ModelPackageGroup', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      const name = modelPackageGroup.stack.resolve(modelPackageGroup.modelPackageGroupName) as { 'Fn::Join': [string, [string, object]] };
      const [delimiter, [path, guid]] = name['Fn::Join'];
      expect(delimiter).toBe('');
      expect(guid).toEqual({ 'Fn::Select': [0, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }] });
      expect(`${path}51af3dc0`).toMatch(/^[a-z0-9](-*[a-z0-9]){0,62}$/);
      return path;
    });
    expect(new Set(stable).size).toBe(3);
  });

  it('tells another stack the name of the group, not one made from the GUID of that stack', () => {
    const app = testApp();
    const registry = new ModelRegistry(testStack('One', app), 'Registry');
    const other = testStack('Two', app);
    new CfnOutput(other, 'Name', { value: registry.modelPackageGroupName });
    const { Value } = Template.fromStack(other).findOutputs('Name')['Name'] as { Value: unknown };
    expect(JSON.stringify(Value)).toMatch(/^{"Fn::Select":\[1,{"Fn::Split":\["\/",.*ModelPackageGroupArn/);
    expect(JSON.stringify(Value)).not.toContain('AWS::StackId');
  });

  it('honours each prop', () => {
    const stack = testStack();
    new ModelRegistry(stack, 'Registry', { modelPackageGroupName: 'mine', description: 'Ours.', removalPolicy: RemovalPolicy.DESTROY });
    Template.fromStack(stack).hasResource('AWS::SageMaker::ModelPackageGroup', {
      DeletionPolicy: 'Delete',
      Properties: { ModelPackageGroupName: 'mine', ModelPackageGroupDescription: 'Ours.' },
    });
  });

  it('refuses a description that is too long', () => {
    expect(() => new ModelRegistry(testStack(), 'Registry', { description: 'x'.repeat(1025) })).toThrow(/description has 1025 characters, expected at most 1,024/);
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
