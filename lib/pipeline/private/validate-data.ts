import { SizeRoundingBehavior } from 'aws-cdk-lib';
import { checkChecks } from '../../../model/spec/resolve-checks.ts';
import type { Finding } from '../../private/validation.ts';
import type { TrainingPipelineOptions } from '../training-pipeline-props.ts';
import { largestDataSize } from './data-sizing.ts';

/** Everything that is wrong with what a pipeline asks of its data, a rule a line. */
export function validateData(props: TrainingPipelineOptions): Finding[] {
  return [validateChecks(props), validateDataSize(props)];
}

function validateChecks({ dataset, checks = [] }: TrainingPipelineOptions): Finding {
  return checkChecks(dataset.toJSON(), checks.map((check) => check.toJSON()));
}

function validateDataSize({ maximumDataSize }: TrainingPipelineOptions): Finding {
  const bytes = maximumDataSize?.toBytes({ rounding: SizeRoundingBehavior.NONE });
  if (bytes === undefined || (bytes > 0 && bytes <= largestDataSize.toBytes())) return undefined;
  return `maximumDataSize is ${String(bytes)} bytes, expected more than 0 and at most ${String(largestDataSize.toBytes())} (${String(largestDataSize.toMebibytes())} MiB): no Lambda function could be given the memory for it.`;
}
