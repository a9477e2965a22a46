import { Token } from 'aws-cdk-lib';
import type { Dataset } from '../../../model/spec/dataset.ts';
import { checkModelCard } from '../../../model/spec/model-card.ts';
import type { Finding } from '../../private/validation.ts';
import { validateFeatureGroup } from '../../registry/private/validate-feature-group.ts';
import type { RegistrationOptions } from '../registration-options.ts';

/** SageMaker's bound on a value of a model package's metadata, where the revision stands. */
const longestRevision = 256;

/** Everything that is wrong with what a pipeline says of its models. */
export function validateRegistration({ dataset, sourceRevision, modelCard, featureGroup }: RegistrationOptions & { readonly dataset: Dataset }): Finding {
  const groupProblems = featureGroup === undefined ? undefined : validateFeatureGroup(dataset.toJSON(), featureGroup);
  return [...validateRevision(sourceRevision), ...validateCard(modelCard), ...[groupProblems ?? []].flat()];
}

function validateRevision(revision: string | undefined): string[] {
  if (revision === undefined || Token.isUnresolved(revision) || /^[\w.:/=+@-]{1,256}$/.test(revision)) return [];
  return [`sourceRevision is '${revision}', expected 1 to ${String(longestRevision)} letters, digits and any of _ . : / = + - @, such as a git commit: leave it out where there is none.`];
}

function validateCard(card: RegistrationOptions['modelCard'] = {}): string[] {
  const known = Object.fromEntries(Object.entries(card).filter(([, value]) => !Token.isUnresolved(value)));
  return checkModelCard(known).map((error) => error.message);
}
