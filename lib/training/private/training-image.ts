import { CfnMapping, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../../errors.ts';

/** A training image in Amazon ECR, in the region of the stack. */
export interface TrainingImage {
  /** The image as a training job names it. */
  readonly uri: string;
  /** The repository that the training role pulls from. */
  readonly repositoryArn: string;
}

/** Where images lie: an account by region, a repository, a tag. */
export interface ImageSource {
  readonly accounts: Readonly<Record<string, string>>;
  readonly repository: string;
  readonly tag: string;
  /** An account that is used instead of the table's. */
  readonly account?: string;
}

const mappingId = 'TrainingImageAccounts';
const accountKey = 'account';

/** The image for the stack's region; a mapping in the template where the region is only known at deployment. */
export function trainingImage(scope: Construct, source: ImageSource): TrainingImage {
  const stack = Stack.of(scope);
  const account = source.account ?? accountFor(scope, source);
  return {
    uri: `${account}.dkr.ecr.${stack.region}.${stack.urlSuffix}/${source.repository}:${source.tag}`,
    repositoryArn: stack.formatArn({ service: 'ecr', account, resource: 'repository', resourceName: source.repository }),
  };
}

function accountFor(scope: Construct, source: ImageSource): string {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region)) {
    const mapping =
      (scope.node.tryFindChild(mappingId) as CfnMapping | undefined) ??
      new CfnMapping(scope, mappingId, {
        mapping: Object.fromEntries(Object.entries(source.accounts).map(([name, account]) => [name, { [accountKey]: account }])),
      });
    return mapping.findInMap(region, accountKey);
  }
  const account = source.accounts[region];
  if (account === undefined) {
    throw new ConfigurationError(scope, [
      `no account is known that holds the image ${source.repository}:${source.tag} in ${region}. Pass imageAccount: AWS lists it under "Docker registry paths" of the region.`,
    ]);
  }
  return account;
}
