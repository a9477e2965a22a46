import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** What an `ImageRepository` may be told. */
export interface ImageRepositoryProps {
  /**
   * The repository's name, such as `team/server`.
   * @default - a name that CloudFormation makes
   */
  readonly repositoryName?: string;

  /**
   * Whether a tag means one image for good: a second push of it is refused.
   * @default true
   */
  readonly immutableTags?: boolean;

  /**
   * Whether an image is scanned for known vulnerabilities when it is pushed.
   * @default true
   */
  readonly scanOnPush?: boolean;

  /**
   * The customer key that encrypts the images. It cannot be changed later: another key is another repository.
   * @default - ECR encrypts with its own keys (AES-256)
   */
  readonly encryptionKey?: IKey;

  /**
   * When an image without a tag is deleted.
   * @default Duration.days(14)
   */
  readonly untaggedExpiration?: Duration;

  /**
   * How many images with a tag are kept; older ones are deleted, though something may still run them: a task that is started anew could then not be.
   * @default - all
   */
  readonly keptImages?: number;

  /**
   * Other accounts that may pull, by their numbers. Who there may is for that account's policies to say.
   * @default - none
   */
  readonly pullAccounts?: string[];

  /**
   * What happens to the repository when its stack is deleted.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - kept, but for that of a first deployment that failed
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether the images are deleted with the repository, where it is deleted: one that holds images cannot be otherwise.
   * @default false
   */
  readonly emptyOnDelete?: boolean;
}
