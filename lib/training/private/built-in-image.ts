import { CfnMapping, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../../errors.ts';
import { regionalImage } from './bound-image.ts';
import type { BoundImage } from './bound-image.ts';

/** Where images lie: an account by region, a repository, a tag. */
interface ImageSource {
  readonly accounts: Readonly<Record<string, string>>;
  readonly repository: string;
  readonly tag: string;
  /** An account that is used instead of the table's. */
  readonly account?: string;
}

const mappingId = 'TrainingImageAccounts';
const accountKey = 'account';

/** The image for the stack's region; a mapping in the template where the region is only known at deployment. */
export function builtInImage(scope: Construct, source: ImageSource): BoundImage {
  return regionalImage(scope, source.account ?? accountFor(scope, source), source.repository, source.tag);
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
