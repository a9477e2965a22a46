import { expect, test } from 'vitest';
import { modelCard } from '../../../lambda/register-model/card.ts';
import { checkModelCardContent } from '../../../local/services/sagemaker/registry/card.ts';
import { modelCardSpec, RiskRating } from '../../../model/spec/model-card.ts';
import { register, registration } from './registration.ts';

const content = (text: string) => JSON.parse(text) as Record<string, Record<string, unknown>>;

test('the card holds what the run knows, in SageMaker\'s schema', () => {
  const { request } = register('flights');
  expect(request.ModelCard?.ModelCardStatus).toBe('Draft');
  const text = request.ModelCard?.ModelCardContent ?? '';
  expect(() => { checkModelCardContent(text); }).not.toThrow();
  expect(content(text)).toMatchObject({
    model_overview: { model_artifact: ['s3://artifacts/models/flights/run-1/model.tar.gz'] },
    training_details: {
      objective_function: { function: { function: 'Minimize' }, notes: 'binary:logistic' },
      training_observations: 'slipway-histogram 0.1.0 learned 1 features from 2,400 of 3,000 rows; 290 were for early stopping, 310 were held out (by row hash).',
      training_job_details: {
        training_arn: registration.trainingJob.arn,
        training_datasets: ['s3://data/raw/flights/march (1), new.parquet?versionId=d1'],
        training_environment: { container_image: ['image:3.0-5'] },
        hyper_parameters: [{ name: 'num_round', value: '100' }, { name: 'objective', value: 'binary:logistic' }],
      },
    },
    evaluation_details: [{ name: 'Held-out rows', evaluation_observation: 'auc 0.7381 is above 0.72', metric_groups: [{ name: 'binary_metrics', metric_data: [{ name: 'auc', type: 'number', value: 0.7381 }] }] }],
    additional_information: { custom_details: { git_commit: '0123abc', artifact_sha256: 'a'.repeat(64), dataset_sha256: 'b'.repeat(64) } },
  });
  expect(content(text)).not.toHaveProperty('intended_uses');
});

test('what people said of the model stands in it', () => {
  const card = modelCardSpec({
    purpose: 'Tells late flights', intendedUses: 'Planning', limitations: 'Strikes', riskRating: RiskRating.LOW, riskExplanation: 'A late plan', businessProblem: 'Waiting', businessStakeholders: 'Passengers',
    lineOfBusiness: 'Air', ethicalConsiderations: 'None of persons', caveats: 'US alone', creator: 'The team',
  });
  const text = modelCard(register('flights').lineage, card);
  expect(() => { checkModelCardContent(text); }).not.toThrow();
  expect(content(text)).toMatchObject({
    model_overview: { model_creator: 'The team' },
    intended_uses: { purpose_of_model: 'Tells late flights', intended_uses: 'Planning', factors_affecting_model_efficiency: 'Strikes', risk_rating: 'Low', explanations_for_risk_rating: 'A late plan' },
    business_details: { business_problem: 'Waiting', business_stakeholders: 'Passengers', line_of_business: 'Air' },
    additional_information: { ethical_considerations: 'None of persons', caveats_and_recommendations: 'US alone' },
  });
});

test('a card of a run with much to tell stays within the bounds', () => {
  const hyperParameters = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`p${String(index)}`.padEnd(300, 'x'), index === 3 ? '' : 'y'.repeat(3000)]));
  const metrics = Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`metric ${String(index)}`.padEnd(60, '.'), index]));
  const { request } = register('flights', { trainingJob: { ...registration.trainingJob, hyperParameters, image: `registry/${'i'.repeat(2000)}` }, evaluation: { ...registration.evaluation, metrics, summary: 's'.repeat(4000) } });
  const text = request.ModelCard?.ModelCardContent ?? '';
  expect(text.length).toBeGreaterThan(60_000);
  expect(() => { checkModelCardContent(text); }).not.toThrow();
});
