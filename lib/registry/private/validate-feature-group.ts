import { Token } from 'aws-cdk-lib';
import type { DatasetSpec } from '../../../model/spec/dataset.ts';
import { DeclarationError } from '../../../model/spec/errors.ts';
import { featureGroupSpec } from '../../../model/spec/feature-group.ts';
import { validateInteger, validateRange, validateSeconds } from '../../private/validation.ts';
import type { Finding } from '../../private/validation.ts';
import { featureGroupDefaults } from '../feature-group-options.ts';
import type { FeatureGroupOptions } from '../feature-group-options.ts';

/** The account's quota of PutRecord: https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-quotas.html */
const accountWritesPerSecond = 10_000;

/** Of a function's 15 minutes, what is left for writing when the data is fetched and read. */
const writingSeconds = 14 * 60;

/** Everything that is wrong with a feature group. */
export function validateFeatureGroup(dataset: DatasetSpec, options: FeatureGroupOptions): Finding {
  const { featureGroupName, maximumRecords, writesPerSecond } = options;
  return [
    columnProblems(dataset, options),
    validateName(featureGroupName),
    validateStores(options),
    validateInteger('featureGroup.maximumRecords', maximumRecords),
    validateRange('featureGroup.maximumRecords', maximumRecords, 1, Number.MAX_SAFE_INTEGER),
    validateRange('featureGroup.writesPerSecond', writesPerSecond, 1, accountWritesPerSecond),
    validateTime(options),
  ].flatMap((finding) => finding ?? []);
}

function columnProblems(dataset: DatasetSpec, options: FeatureGroupOptions): Finding {
  try {
    featureGroupSpec(dataset, options);
    return undefined;
  } catch (error) {
    if (error instanceof DeclarationError) return error.message;
    throw error;
  }
}

function validateName(name: string | undefined): Finding {
  if (name === undefined || Token.isUnresolved(name) || /^[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}$/.test(name)) return undefined;
  return `featureGroup.featureGroupName is '${name}', expected up to 64 letters, digits, '-' and '_' that begin and end with a letter or a digit.`;
}

function validateStores({ online = featureGroupDefaults.online, offline = featureGroupDefaults.offline, timeToLive }: FeatureGroupOptions): Finding {
  if (!online && !offline) return 'featureGroup.online and featureGroup.offline are both false, expected one or both: there is nothing to keep records in.';
  if (!online && timeToLive !== undefined) return 'featureGroup.timeToLive is set without an online store, expected both: the offline store keeps every record.';
  return validateSeconds('featureGroup.timeToLive', timeToLive, 1, Number.MAX_SAFE_INTEGER);
}

/** What would not fit is refused here, and not after an hour of training. */
function validateTime({ maximumRecords = featureGroupDefaults.maximumRecords, writesPerSecond = featureGroupDefaults.writesPerSecond }: FeatureGroupOptions): Finding {
  const seconds = maximumRecords / writesPerSecond;
  if (!(seconds > writingSeconds)) return undefined;
  return (
    `featureGroup.maximumRecords is ${maximumRecords.toLocaleString('en-US')}, which takes ${Math.ceil(seconds).toLocaleString('en-US')} s at ${writesPerSecond.toLocaleString('en-US')} writes a second, ` +
    `expected at most ${String(writingSeconds)} s: lower it to ${Math.floor(writingSeconds * writesPerSecond).toLocaleString('en-US')}, or raise writesPerSecond.`
  );
}
