import type { Lineage } from '../../model/spec/lineage.ts';
import type { ModelCardSpec } from '../../model/spec/model-card.ts';
import { describeSplit } from '../../model/spec/split-summary.ts';

/** SageMaker's bounds on a model package's card: https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-details.html#model-card-schema */
const bounds = { content: 100_000, text: 1024, name: 255, hyperParameters: 100, observation: 2096, datasets: 15 };

/**
 * The content of the model's card, in SageMaker's schema for model packages: what people said of the model, and what the run knows.
 * @param words what people said of it
 */
export function modelCard(lineage: Lineage, words: ModelCardSpec): string {
  const { model, data, training, split, evaluation, execution, features } = lineage;
  const digest = data.manifest?.sha256 ?? data.objects[0]?.sha256;
  const content = {
    model_overview: {
      ...(words.creator === undefined ? {} : { model_creator: words.creator }),
      model_artifact: [cut(model.artifact.uri)],
    },
    ...(words.intendedUses === undefined ? {} : { intended_uses: words.intendedUses }),
    ...(words.businessDetails === undefined ? {} : { business_details: words.businessDetails }),
    training_details: {
      ...objective(training.hyperParameters['objective']),
      training_observations: cut(
        `${model.trainer} learned ${String(features.declared.length)} features from ${counted(split.rows.train)} of ${counted(data.rows)} rows; ` +
          `${counted(split.rows.validation)} were for early stopping, ${counted(split.rows.test)} were held out (${describeSplit(split.summary)}).`,
      ),
      training_job_details: {
        training_arn: cut(training.arn),
        training_datasets: data.objects.slice(0, bounds.datasets).map(({ uri, versionId }) => cut(versionId === undefined ? uri : `${uri}?versionId=${versionId}`)),
        training_environment: { container_image: [cut(training.image)] },
        hyper_parameters: Object.entries(training.hyperParameters)
          .filter(([, value]) => value !== '')
          .slice(0, bounds.hyperParameters)
          .map(([name, value]) => ({ name: cut(name, bounds.name), value: cut(value, bounds.name) })),
      },
    },
    evaluation_details: [
      {
        name: 'Held-out rows',
        evaluation_observation: cut(evaluation.summary, bounds.observation),
        datasets: [cut(data.manifest?.uri ?? data.objects[0]?.uri ?? '')],
        metadata: { report: cut(evaluation.report), evaluation: cut(evaluation.evaluation.uri), evaluation_sha256: evaluation.evaluation.sha256 },
        metric_groups: [
          {
            name: `${model.task}_metrics`,
            metric_data: Object.entries(evaluation.metrics).flatMap(([name, value]) => (value === null ? [] : [{ name: cut(name, bounds.name), type: 'number', value }])),
          },
        ],
      },
    ],
    additional_information: {
      ...words.additionalInformation,
      custom_details: {
        execution: cut(execution.arn),
        ...(lineage.revision === undefined ? {} : { git_commit: cut(lineage.revision) }),
        ...(model.artifact.sha256 === undefined ? {} : { artifact_sha256: model.artifact.sha256 }),
        ...(digest === undefined ? {} : { dataset_sha256: digest }),
        features_sha256: features.sha256,
      },
    },
  };
  return within(content);
}

/** What the training minimises: every objective of gradient boosting is a loss. */
function objective(name: string | undefined): { objective_function?: object } {
  return name === undefined ? {} : { objective_function: { function: { function: 'Minimize', facet: 'Loss' }, notes: cut(name) } };
}

/** SageMaker takes 100,000 characters. Many metrics or hyperparameters may pass that; the lineage's file has them all. */
function within(content: { readonly training_details: { readonly training_job_details: object } }): string {
  const text = JSON.stringify(content);
  if (text.length <= bounds.content) return text;
  const { training_details: details, ...others } = content;
  const { hyper_parameters: _, ...job } = details.training_job_details as { hyper_parameters?: unknown };
  return JSON.stringify({ ...others, training_details: { ...details, training_job_details: job } });
}

function cut(text: string, longest = bounds.text): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 3).join('')}...`;
}

function counted(value: number): string {
  return value.toLocaleString('en-US');
}
