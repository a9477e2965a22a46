import { PipelineLayout } from '../../model/spec/layout.ts';
import type { AslValue, State, TaskState } from './asl.ts';
import { lambdaTask } from './lambda-task.ts';
import type { InvokedFunction } from './lambda-task.ts';
import { s3Retries } from './retries.ts';

/** The feature group that a pipeline keeps up to date. */
export interface FeatureStoreUpdate {
  readonly function: InvokedFunction;
  /** What of the data goes into it: `{recordIdentifier, eventTime, features}`. */
  readonly group: AslValue;
  /** Whether it has an online store. */
  readonly online: boolean;
  readonly maximumRecords: number;
  readonly writesPerSecond: number;
}

/** What the branch is made of. */
export interface DataBranchProps {
  readonly partition: string;
  readonly pipelineName: string;
  readonly artifactBucket: string;
  readonly run: AslValue;
  readonly schema: AslValue;
  /** @default - no feature group */
  readonly featureStore?: FeatureStoreUpdate;
}

/**
 * What follows for the data when a model that learned from it is deployed: the feature store gets the newest records, where there is one,
 * and then the baseline points at its statistics, so that a baseline always is of data whose features are there.
 */
export function dataBranch(props: DataBranchProps): { readonly StartAt: string; readonly States: Readonly<Record<string, State>> } {
  const { featureStore } = props;
  const UpdateBaseline = updateBaseline(props);
  if (featureStore === undefined) return { StartAt: 'UpdateBaseline', States: { UpdateBaseline } };
  const UpdateFeatureStore = lambdaTask(props.partition, featureStore.function, {
    comment: 'Writes the newest record of each identifier in the data to the feature group; what the store has already is not written again.',
    payload: {
      run: props.run,
      dataset: '{% $validation.dataset %}',
      schema: props.schema,
      group: featureStore.group,
      online: featureStore.online,
      maximumRecords: featureStore.maximumRecords,
      writesPerSecond: featureStore.writesPerSecond,
    },
    next: 'UpdateBaseline',
  });
  return { StartAt: 'UpdateFeatureStore', States: { UpdateFeatureStore, UpdateBaseline } };
}

function updateBaseline({ partition, pipelineName, artifactBucket }: DataBranchProps): TaskState {
  const { baseline: key } = new PipelineLayout(pipelineName);
  return {
    Type: 'Task',
    Comment: 'Points the baseline at the statistics of the data that this model learned from: ValidateData compares the next data with them.',
    Resource: `arn:${partition}:states:::aws-sdk:s3:putObject`,
    Arguments: {
      Bucket: artifactBucket,
      Key: key,
      ContentType: 'application/json',
      Body: {
        run: '{% $states.context.Execution.Name %}',
        dataset: '{% $validation.dataset %}',
        statistics: '{% $validation.statistics %}',
        constraints: '{% $validation.constraints %}',
        modelPackageArn: '{% $model.modelPackageArn %}',
      },
    },
    TimeoutSeconds: 60,
    Retry: s3Retries,
    Output: { baseline: `s3://${artifactBucket}/${key}` },
    End: true,
  };
}
