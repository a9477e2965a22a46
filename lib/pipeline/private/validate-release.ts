import { validateSeconds } from '../../private/validation.ts';
import type { Finding } from '../../private/validation.ts';
import type { IServingTarget } from '../../serving/serving-target.ts';
import type { ReleaseOptions } from '../release-options.ts';

/** A standard execution ends after a year: so much is left for the rest of the run. */
const longestWaitSeconds = 364 * 86_400;

/** A smoke test waits that long before the new version answers. */
const longestRevalidationSeconds = 300;

/** Everything that is wrong with how a model gets to production, a rule a line. */
export function validateRelease(props: ReleaseOptions & { readonly target: IServingTarget }): Finding[] {
  return [
    validateManual(props),
    validateSeconds("approval's timeout", props.approval?.timeout, 60, longestWaitSeconds),
    validateTargets(props),
    validateSeconds('target.revalidateAfter', props.target.revalidateAfter, 0, longestRevalidationSeconds),
    validateSeconds('productionTarget.revalidateAfter', props.productionTarget?.revalidateAfter, 0, longestRevalidationSeconds),
  ];
}

function validateManual({ approval, productionTarget }: ReleaseOptions): Finding {
  if (approval?.timeout === undefined || productionTarget !== undefined) return undefined;
  return 'approval is manual, but there is no productionTarget: the model would serve its users on target before anybody has approved it. Add the API of your users as productionTarget, so that target is staging, or leave approval out.';
}

function validateTargets({ target, productionTarget }: ReleaseOptions & { readonly target: IServingTarget }): Finding {
  if (productionTarget === undefined) return undefined;
  const isSame = productionTarget === target || (productionTarget.record.key === target.record.key && productionTarget.record.bucket.bucketName === target.record.bucket.bucketName);
  if (!isSame) return undefined;
  return `productionTarget and target are one (${target.record.key}), expected two: a model would serve production before it was tested. Make a second InferenceApi with another targetName.`;
}
