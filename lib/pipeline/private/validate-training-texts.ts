import { Token } from 'aws-cdk-lib';
import { validateRange } from '../../private/validation.ts';
import type { Finding } from '../../private/validation.ts';
import type { MetricDefinition, TrainingJobOptions } from '../training-job-options.ts';
import type { TuningPipelineOptions } from '../tuning-options.ts';

/** What SageMaker's CreateTrainingJob takes, by its service model. */
const limits = { tags: 50, tagKey: 128, tagValue: 256, metrics: 40, metricName: 255, metricRegex: 500, variables: 100, variableName: 512, variableValue: 512, hyperParameters: 100, hyperParameterName: 256, hyperParameterValue: 2500 };

/** What its tuning jobs give each trial. */
const trialVariables = 48;

/** The tag that each job of a pipeline has. */
const ownTag = 'slipway:pipeline';

/** Tags that SageMaker would refuse. */
export function validateTags(name: string, tags: { readonly [key: string]: string } = {}): Finding {
  const entries = Object.entries(tags);
  return [
    ...list(validateRange(`the number of ${name}`, entries.length, 0, limits.tags)),
    ...entries.flatMap(([key, value]) => [
      ...(/^aws:/i.test(key) ? [`${name} holds '${key}', expected a key that does not begin with aws:, which is AWS's own.`] : []),
      ...(key === ownTag ? [`${name} holds '${key}', which Slipway sets itself, expected another key.`] : []),
      ...tooLong(`the key '${key}' of ${name}`, key, limits.tagKey),
      ...tooLong(`${name}['${key}']`, value, limits.tagValue),
    ]),
  ];
}

/** Metric definitions that SageMaker would refuse, or that would find nothing. */
export function validateMetricDefinitions(name: string, definitions: readonly MetricDefinition[] = []): Finding {
  return [
    ...list(validateRange(`the number of ${name}`, definitions.length, 0, limits.metrics)),
    ...definitions.flatMap(({ name: metric, regex }, index) => {
      const place = `${name}[${String(index)}]`;
      return [
        ...(definitions.findIndex((other) => other.name === metric) < index ? [`${place}.name is '${metric}', which comes before, expected each once.`] : []),
        ...(metric === '' ? [`${place}.name is empty, expected a name such as 'validation:loss'.`] : tooLong(`${place}.name`, metric, limits.metricName)),
        ...tooLong(`${place}.regex`, regex, limits.metricRegex),
        ...groups(place, regex),
      ];
    }),
  ];
}

/** The value is the first group. */
function groups(place: string, regex: string): string[] {
  if (Token.isUnresolved(regex)) return [];
  try {
    // With an empty alternative it matches the empty text, and says how many groups there are.
    const found = new RegExp(`${regex}|`).exec('')!.length - 1;
    return found > 0 ? [] : [`${place}.regex is '${regex}', expected a group in parentheses, which takes the value.`];
  } catch (error) {
    return [`${place}.regex is '${regex}', expected a regular expression: ${(error as Error).message}.`];
  }
}

/** Variables of the container that SageMaker would refuse, and names that stand for two things. */
export function validateVariables({ trainingEnvironment = {}, secrets = {}, tuning }: TrainingJobOptions & TuningPipelineOptions): Finding {
  const named = (prop: string, names: readonly string[]): string[] =>
    names
      .filter((name) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || name.length > limits.variableName)
      .map((name) => `${prop} holds '${name}', expected the name of an environment variable such as LOG_LEVEL, at most ${String(limits.variableName)} characters.`);
  const most = tuning === undefined ? limits.variables : trialVariables;
  return [
    ...list(validateRange('the number of trainingEnvironment and secrets together', Object.keys(trainingEnvironment).length + Object.keys(secrets).length, 0, most)),
    ...named('trainingEnvironment', Object.keys(trainingEnvironment)),
    ...named('secrets', Object.keys(secrets)),
    ...Object.entries(trainingEnvironment).flatMap(([name, value]) => tooLong(`trainingEnvironment['${name}']`, value, limits.variableValue)),
    ...Object.keys(secrets)
      .filter((name) => Object.hasOwn(trainingEnvironment, name))
      .map((name) => `'${name}' stands in trainingEnvironment and in secrets, expected one of them.`),
  ];
}

/** Hyperparameters that SageMaker would refuse, whatever the algorithm. */
export function validateHyperParameters(hyperParameters: { readonly [name: string]: string }): Finding {
  const entries = Object.entries(hyperParameters);
  return [
    ...list(validateRange('the number of hyperparameters', entries.length, 0, limits.hyperParameters)),
    ...entries.flatMap(([name, value]) => [...tooLong(`the name of the hyperparameter '${name}'`, name, limits.hyperParameterName), ...tooLong(`the hyperparameter '${name}'`, value, limits.hyperParameterValue)]),
  ];
}

function tooLong(what: string, text: string, longest: number): string[] {
  if (Token.isUnresolved(text) || text.length <= longest) return [];
  return [`${what} has ${String(text.length)} characters, expected at most ${String(longest)}.`];
}

const list = (finding: Finding): readonly string[] => (finding === undefined ? [] : typeof finding === 'string' ? [finding] : finding);
