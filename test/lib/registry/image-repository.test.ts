import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { ImageRepository } from '../../../lib/index.ts';
import type { ImageRepositoryProps } from '../../../lib/index.ts';
import { statementsOf, testStack } from '../support.ts';

function render(props: ImageRepositoryProps = {}, more: (images: ImageRepository) => void = () => undefined) {
  const stack = testStack();
  more(new ImageRepository(stack, 'Images', props));
  return Template.fromStack(stack);
}

describe('ImageRepository', () => {
  it('by itself keeps tags for good, scans each push, clears away untagged images alone, and stays', () => {
    const template = render();
    template.hasResource('AWS::ECR::Repository', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    template.hasResourceProperties('AWS::ECR::Repository', {
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      // Without a word ECR encrypts with its own keys.
      EncryptionConfiguration: Match.absent(),
      RepositoryPolicyText: Match.absent(),
    });
    const { rules } = JSON.parse((Object.values(template.findResources('AWS::ECR::Repository'))[0]!['Properties'] as { LifecyclePolicy: { LifecyclePolicyText: string } }).LifecyclePolicy.LifecyclePolicyText) as { rules: { selection: object }[] };
    expect(rules.map(({ selection }) => selection)).toEqual([{ tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 }]);
  });

  it('lets another account pull, and the functions of that account', () => {
    render({ pullAccounts: ['210987654321'] }).hasResourceProperties('AWS::ECR::Repository', {
      RepositoryPolicyText: {
        Statement: [
          { Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], Principal: { AWS: Match.anyValue() }, Effect: 'Allow' },
          {
            Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            Principal: { Service: 'lambda.amazonaws.com' },
            Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:*:210987654321:function:*' } },
          },
        ].map((statement) => Match.objectLike(statement)),
      },
    });
  });

  it('grants pulling, and pushing with it', () => {
    const template = render({}, (images) => {
      const role = (name: string) => new Role(images, name, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
      images.grantPull(role('Puller'));
      images.grantPush(role('Pusher'));
    });
    const actions = (role: RegExp) => statementsOf(template, role).flatMap((statement) => statement.actions).sort();
    const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer'];
    expect(actions(/Puller/)).toEqual(pull);
    expect(actions(/Pusher/)).toEqual([...pull, 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'].sort());
  });

  it.each<[string, ImageRepositoryProps, RegExp]>([
    ['part of a day', { untaggedExpiration: Duration.hours(3) }, /untaggedExpiration is 0\.125 days, expected a whole number of days/],
    ['no image', { keptImages: 0 }, /keptImages is 0, expected 1 to/],
    ['half an image', { keptImages: 1.5 }, /keptImages is 1\.5, expected a whole number/],
    ['an account that is none', { pullAccounts: ['1234'] }, /pullAccounts holds '1234', expected the twelve digits/],
    ['an account that is not known', { pullAccounts: [Aws.ACCOUNT_ID] }, /pullAccounts holds a token, expected the twelve digits/],
    ['images that are deleted with a repository that is kept', { emptyOnDelete: true, removalPolicy: RemovalPolicy.RETAIN }, /emptyOnDelete is true, but removalPolicy is retain/],
  ])('refuses %s', (_, props, message) => {
    expect(() => render(props)).toThrow(message);
  });
});
