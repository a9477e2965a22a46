import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import type { LifecycleRule } from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow } from '../private/permissions.ts';
import { validate, validateDays, validateInteger, validateRange } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import type { ImageRepositoryProps } from './image-repository-props.ts';
import { allowPull, pullActions } from './private/pull.ts';

/** Defaults of `ImageRepository`. */
const defaults = { immutableTags: true, scanOnPush: true, untaggedExpiration: Duration.days(14), removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, emptyOnDelete: false } as const;

const pushActions = ['ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'];

/** A repository of container images in Amazon ECR. A tag never changes its image, each push is scanned, images without a tag are cleared away. */
export class ImageRepository extends Construct {
  /** The repository. */
  readonly repository: Repository;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: ImageRepositoryProps = {}) {
    super(scope, id);
    validate(this, [
      validateDays('untaggedExpiration', props.untaggedExpiration),
      validateRange('keptImages', props.keptImages, 1, 1_000_000),
      validateInteger('keptImages', props.keptImages),
      validateAccounts(props.pullAccounts),
      validateRemoval(props),
    ]);
    this.repository = new Repository(this, 'Resource', {
      imageTagMutability: (props.immutableTags ?? defaults.immutableTags) ? TagMutability.IMMUTABLE : TagMutability.MUTABLE,
      imageScanOnPush: props.scanOnPush ?? defaults.scanOnPush,
      lifecycleRules: lifecycleRules(props),
      removalPolicy: props.removalPolicy ?? defaults.removalPolicy,
      emptyOnDelete: props.emptyOnDelete ?? defaults.emptyOnDelete,
      ...(props.repositoryName === undefined ? {} : { repositoryName: props.repositoryName }),
      ...(props.encryptionKey === undefined ? {} : { encryption: RepositoryEncryption.KMS, encryptionKey: props.encryptionKey }),
    });
    for (const account of props.pullAccounts ?? []) this.shareWith(account);
  }

  /** Lets a principal pull images. */
  grantPull(grantee: IGrantable): void {
    allowPull(grantee, this.repository.repositoryArn);
  }

  /** Lets a principal push images, and pull them. */
  grantPush(grantee: IGrantable): void {
    this.grantPull(grantee);
    allow(grantee, { actions: pushActions, resources: [this.repository.repositoryArn] });
  }

  private shareWith(account: string): void {
    this.repository.addToResourcePolicy(new PolicyStatement({ sid: `PullFrom${account}`, principals: [new AccountPrincipal(account)], actions: pullActions }));
    // A Lambda function of another account is an image that Lambda itself pulls, before any role is assumed.
    this.repository.addToResourcePolicy(
      new PolicyStatement({
        sid: `PullForFunctionsOf${account}`,
        principals: [new ServicePrincipal('lambda.amazonaws.com')],
        actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        conditions: { ArnLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'lambda', region: '*', account, resource: 'function:*' }) } },
      }),
    );
  }
}

function lifecycleRules({ untaggedExpiration = defaults.untaggedExpiration, keptImages }: ImageRepositoryProps): LifecycleRule[] {
  return [
    { rulePriority: 1, description: 'Images without a tag', tagStatus: TagStatus.UNTAGGED, maxImageAge: untaggedExpiration },
    ...(keptImages === undefined ? [] : [{ rulePriority: 2, description: 'All but the newest images', tagStatus: TagStatus.ANY, maxImageCount: keptImages }]),
  ];
}

function validateAccounts(accounts: readonly string[] = []): Finding {
  return accounts
    .filter((account) => Token.isUnresolved(account) || !/^\d{12}$/.test(account))
    .map((account) => `pullAccounts holds ${Token.isUnresolved(account) ? 'a token' : `'${account}'`}, expected the twelve digits of an account.`);
}

function validateRemoval({ emptyOnDelete, removalPolicy = defaults.removalPolicy }: ImageRepositoryProps): Finding {
  if (emptyOnDelete !== true || removalPolicy === RemovalPolicy.DESTROY) return undefined;
  return `emptyOnDelete is true, but removalPolicy is ${removalPolicy}, expected RemovalPolicy.DESTROY: a repository that is kept keeps its images.`;
}
