import { invalid } from '../validate.ts';

/** SageMaker's schema for the card of a model package, as far as a card may be written by a program: https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-details.html#model-card-schema */
type Schema =
  | { readonly text: number; readonly atLeast?: number; readonly among?: readonly string[] }
  | { readonly number: true }
  | { readonly list: Schema; readonly longest?: number }
  | { readonly members: Readonly<Record<string, Schema>>; readonly required?: readonly string[] }
  | { readonly texts: number }
  | { readonly metric: true };

const text = (longest: number, atLeast?: number): Schema => ({ text: longest, ...(atLeast === undefined ? {} : { atLeast }) });
const among = (...values: string[]): Schema => ({ text: 63, among: values });
const list = (item: Schema, longest?: number): Schema => ({ list: item, ...(longest === undefined ? {} : { longest }) });
const members = (of: Readonly<Record<string, Schema>>, ...required: string[]): Schema => ({ members: of, required });

const trainingMetric = members({ name: text(255, 1), notes: text(1024), value: { number: true } }, 'name', 'value');
const hyperParameter = members({ name: text(255, 1), value: text(255, 1) }, 'name', 'value');

const schema = members({
  model_overview: members({ model_creator: text(1024), model_artifact: list(text(1024), 15) }),
  intended_uses: members({
    purpose_of_model: text(2048),
    intended_uses: text(2048),
    factors_affecting_model_efficiency: text(2048),
    risk_rating: among('High', 'Medium', 'Low', 'Unknown'),
    explanations_for_risk_rating: text(2048),
  }),
  business_details: members({ business_problem: text(2048), business_stakeholders: text(2048), line_of_business: text(2048) }),
  training_details: members({
    objective_function: members({ function: members({ function: among('Maximize', 'Minimize'), facet: text(63), condition: text(63) }), notes: text(1024) }),
    training_observations: text(1024),
    training_job_details: members({
      training_arn: text(1024),
      training_datasets: list(text(1024), 15),
      training_environment: members({ container_image: list(text(1024), 15) }),
      training_metrics: list(trainingMetric, 50),
      user_provided_training_metrics: list(trainingMetric, 50),
      hyper_parameters: list(hyperParameter, 100),
      user_provided_hyper_parameters: list(hyperParameter, 100),
    }),
  }),
  evaluation_details: list(
    members(
      {
        name: text(63, 1),
        evaluation_observation: text(2096),
        evaluation_job_arn: text(256),
        datasets: list(text(1024), 10),
        metadata: { texts: 1024 },
        metric_groups: list(members({ name: text(63, 1), metric_data: list({ metric: true }) }, 'name', 'metric_data')),
      },
      'name',
    ),
  ),
  additional_information: members({ ethical_considerations: text(2048), caveats_and_recommendations: text(2048), custom_details: { texts: 1024 } }),
});

const longestContent = 100_000;

/** @throws {AwsError} ValidationException for a card's content that SageMaker would refuse; the message names the member */
export function checkModelCardContent(content: string): void {
  if (content.length > longestContent) throw invalid(`ModelCardContent has ${content.length} characters, expected at most ${longestContent}`);
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw invalid('ModelCardContent is no JSON');
  }
  const problem = problemOf(value, schema, '#');
  if (problem !== undefined) throw invalid(`Model card content does not follow the schema: ${problem}`);
}

function problemOf(value: unknown, expected: Schema, place: string): string | undefined {
  if ('text' in expected) return textProblem(value, expected, place);
  if ('number' in expected) return typeof value === 'number' ? undefined : `${place} is no number`;
  if ('list' in expected) {
    if (!Array.isArray(value)) return `${place} is no list`;
    if (expected.longest !== undefined && value.length > expected.longest) return `${place} has ${value.length} items, expected at most ${expected.longest}`;
    return first(value.map((item, index) => problemOf(item, expected.list, `${place}/${index}`)));
  }
  if (!isObject(value)) return `${place} is no object`;
  if ('texts' in expected) return first(Object.entries(value).map(([name, item]) => textProblem(item, { text: expected.texts }, `${place}/${name}`)));
  if ('metric' in expected) return metricProblem(value, place);
  const missing = (expected.required ?? []).find((name) => value[name] === undefined);
  if (missing !== undefined) return `${place} lacks ${missing}`;
  return first(Object.entries(value).map(([name, item]) => (Object.hasOwn(expected.members, name) ? problemOf(item, expected.members[name]!, `${place}/${name}`) : `${place} knows no ${name}`)));
}

function textProblem(value: unknown, expected: { readonly text: number; readonly atLeast?: number; readonly among?: readonly string[] }, place: string): string | undefined {
  if (typeof value !== 'string') return `${place} is no text`;
  const characters = [...value].length;
  if (characters > expected.text || characters < (expected.atLeast ?? 0)) return `${place} has ${characters} characters, expected ${expected.atLeast ?? 0} to ${expected.text}`;
  if (expected.among !== undefined && !expected.among.includes(value)) return `${place} is ${value}, expected one of ${expected.among.join(', ')}`;
  return undefined;
}

const numbers = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'number');
const rows = (value: unknown): boolean => Array.isArray(value) && value.every(numbers);

/** A metric's value by its type. */
const metricValues: Readonly<Record<string, (value: unknown) => boolean>> = {
  number: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string' && value.length <= 63,
  boolean: (value) => typeof value === 'boolean',
  linear_graph: rows,
  bar_chart: numbers,
  matrix: rows,
};

function metricProblem(value: Readonly<Record<string, unknown>>, place: string): string | undefined {
  const { name, type, value: measured, notes } = value;
  const fits = typeof type === 'string' && Object.hasOwn(metricValues, type) ? metricValues[type] : undefined;
  const strange = Object.keys(value).find((key) => !['name', 'type', 'value', 'notes', 'x_axis_name', 'y_axis_name'].includes(key));
  return first([
    strange === undefined ? undefined : `${place} knows no ${strange}`,
    textProblem(name, { text: 255, atLeast: 1 }, `${place}/name`),
    notes === undefined ? undefined : textProblem(notes, { text: 1024 }, `${place}/notes`),
    fits === undefined ? `${place}/type is ${String(type)}, expected one of ${Object.keys(metricValues).join(', ')}` : undefined,
    fits?.(measured) === false ? `${place}/value does not fit the type ${String(type)}` : undefined,
  ]);
}

function first(problems: readonly (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
