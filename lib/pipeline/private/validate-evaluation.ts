import { Token } from 'aws-cdk-lib';
import { isChampionGate, metricsOf } from '../../../model/spec/gate.ts';
import type { GateSpec } from '../../../model/spec/gate.ts';
import { taskOf } from '../../../model/spec/task.ts';
import type { Finding } from '../../private/validation.ts';
import { taskNames } from '../../training/private/objectives.ts';
import type { TrainingPipelineOptions } from '../training-pipeline-props.ts';

/** Everything that is wrong with how a pipeline's models are judged, a rule a line. */
export function validateEvaluation(props: TrainingPipelineOptions): Finding[] {
  return [validateMetrics(props), validateGateSlices(props), validateContradictions(props), validateSliceColumns(props)];
}

const specsOf = ({ gates = [] }: TrainingPipelineOptions): GateSpec[] => gates.map((gate) => gate.toJSON());

function validateMetrics(props: TrainingPipelineOptions): Finding {
  const { label } = props.dataset.toJSON();
  const fitting = metricsOf(taskOf(label));
  return specsOf(props)
    .filter(({ metric }) => !fitting.includes(metric))
    .map(({ metric }) => `a gate stands on '${metric}', which is not measured for the label '${label.column}' (${taskNames[taskOf(label)]}), expected one of ${fitting.join(', ')}.`);
}

function validateGateSlices(props: TrainingPipelineOptions): Finding {
  return specsOf(props).flatMap((gate) => {
    if (isChampionGate(gate) || gate.inEachSlice === undefined) return [];
    const { column } = gate.inEachSlice;
    const problem = columnProblem(column, props);
    return problem === undefined ? [] : [`a gate on '${gate.metric}' stands in each slice by '${column}', ${problem}`];
  });
}

/** Two bounds of a metric that no value keeps. */
function validateContradictions(props: TrainingPipelineOptions): Finding {
  const bounds = specsOf(props).flatMap((gate) => (isChampionGate(gate) || gate.inEachSlice !== undefined ? [] : [gate]));
  return bounds.flatMap(({ metric, comparison, threshold }) =>
    comparison === 'above' ? bounds.filter((other) => other.metric === metric && other.comparison === 'below' && other.threshold <= threshold).map((other) => `the gates on '${metric}' ask for above ${String(threshold)} and below ${String(other.threshold)}, which no model can be: expected bounds that leave a value between them.`) : [],
  );
}

function validateSliceColumns(props: TrainingPipelineOptions): Finding {
  const columns = props.sliceColumns ?? [];
  return columns.flatMap((column, index) => {
    if (Token.isUnresolved(column)) return ['sliceColumns holds a token, expected names that are known at synth.'];
    if (columns.indexOf(column) < index) return [`sliceColumns names '${column}' twice, expected each column once.`];
    const problem = columnProblem(column, props);
    return problem === undefined ? [] : [`sliceColumns names '${column}', ${problem}`];
  });
}

function columnProblem(column: string, { dataset }: TrainingPipelineOptions): string | undefined {
  const { columns, label } = dataset.toJSON();
  const others = columns.map(({ name }) => name).filter((name) => name !== label.column);
  if (column === label.column) return `the column of the label, expected one that the model knows before: ${others.join(', ')}.`;
  return others.includes(column) ? undefined : `which is no declared column, expected one of ${others.join(', ')}.`;
}
