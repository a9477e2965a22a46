import type { Operation, Output } from '../../../core/call.ts';
import { listPage } from '../lists.ts';
import type { ListInput } from '../lists.ts';
import { checkLength, checkPattern, checkRequired, invalid } from '../validate.ts';
import { describeTrainingJob } from './describe.ts';
import type { TrainingJobInput } from './record.ts';
import type { TrainingJobs } from './training-jobs.ts';

const jobName = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const limits = { hyperParameters: 100, hyperParameterKey: 256, hyperParameterValue: 2500 };

/** CreateTrainingJob and its relatives. */
export function trainingOperations(jobs: TrainingJobs): Readonly<Record<string, Operation>> {
  return {
    CreateTrainingJob(input: TrainingJobInput): Output {
      checkTrainingJob(input);
      return { TrainingJobArn: jobs.create(input).arn };
    },
    DescribeTrainingJob: ({ TrainingJobName }: { TrainingJobName: string }) => describeTrainingJob(jobs.get(TrainingJobName)),
    StopTrainingJob({ TrainingJobName }: { TrainingJobName: string }): Output {
      jobs.stop(TrainingJobName);
      return {};
    },
    ListTrainingJobs(input: ListInput & { StatusEquals?: string }): Output {
      const found = jobs.list().filter(({ status }) => input.StatusEquals === undefined || status === input.StatusEquals);
      const items = found.map((record) => ({ name: record.input.TrainingJobName, creationTime: record.creationTime, record }));
      return listPage('TrainingJobSummaries', items, input, 'Descending', ({ record }) => {
        const { TrainingJobName, TrainingJobArn, CreationTime, TrainingEndTime, LastModifiedTime, TrainingJobStatus, SecondaryStatus } = describeTrainingJob(record);
        return { TrainingJobName, TrainingJobArn, CreationTime, TrainingEndTime, LastModifiedTime, TrainingJobStatus, SecondaryStatus };
      });
    },
  };
}

/** Checks CreateTrainingJob as SageMaker does. @throws {AwsError} ValidationException */
export function checkTrainingJob(input: TrainingJobInput): void {
  for (const member of ['TrainingJobName', 'RoleArn', 'OutputDataConfig', 'AlgorithmSpecification'] as const) {
    checkRequired(member.charAt(0).toLowerCase() + member.slice(1), input[member]);
  }
  checkPattern('trainingJobName', input.TrainingJobName, jobName);
  checkPattern('outputDataConfig.s3OutputPath', input.OutputDataConfig.S3OutputPath, /^(https|s3):\/\/([^/]+)\/?(.*)$/);
  const { TrainingImage, AlgorithmName } = input.AlgorithmSpecification;
  if ((TrainingImage === undefined) === (AlgorithmName === undefined)) throw invalid('Exactly one of TrainingImage and AlgorithmName must be given in AlgorithmSpecification');
  const hyperParameters = Object.entries(input.HyperParameters ?? {});
  if (hyperParameters.length > limits.hyperParameters) throw invalid(`A training job takes at most ${limits.hyperParameters} hyperparameters, found ${hyperParameters.length}`);
  for (const [key, value] of hyperParameters) {
    checkLength('hyperParameters.key', key, limits.hyperParameterKey);
    checkLength(`hyperParameters.${key}`, value, limits.hyperParameterValue);
  }
}
