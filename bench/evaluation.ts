import { evaluate } from '../model/evaluation/evaluate.ts';
import type { EvaluationInput } from '../model/evaluation/evaluate.ts';

const rows = 300_000;

/**
 * The evaluation of 300,000 held-out rows of each task, in seconds, beside the same evaluation with a single bootstrap replicate: what the
 * standard deviations cost.
 */
export function run(): Promise<object> {
  const tasks = Object.fromEntries(inputs().map((input) => [input.task, { seconds: timed(input), withOneReplicate: timed({ ...input, bootstraps: 1 }) }]));
  return Promise.resolve({ rows, tasks });
}

function timed(input: EvaluationInput): number {
  const start = performance.now();
  evaluate(input);
  return Number(((performance.now() - start) / 1000).toFixed(3));
}

/** Labels and predictions that follow a fixed pattern: the same rows in each run. */
function inputs(): EvaluationInput[] {
  const chance = (row: number): number => ((row * 2654435761) % 4294967296) / 4294967296;
  const from = (length: number, value: (index: number) => number): Float32Array => Float32Array.from({ length }, (_, index) => value(index));
  const score = (row: number): number => 0.05 + 0.9 * chance(row);
  return [
    { task: 'binary', labels: from(rows, (row) => Number(chance(row + rows) < score(row))), predictions: from(rows, score) },
    {
      task: 'multiclass',
      classes: ['a', 'b', 'c'],
      labels: from(rows, (row) => Math.floor(3 * chance(row + rows))),
      predictions: from(3 * rows, (index) => (index % 3 === 2 ? 0.4 : index % 3 === 1 ? 0.6 - 0.5 * score(Math.floor(index / 3)) : 0.5 * score(Math.floor(index / 3)))),
    },
    { task: 'regression', labels: from(rows, (row) => 100 * chance(row)), predictions: from(rows, (row) => 100 * chance(row) + 10 * (chance(row + rows) - 0.5)) },
  ];
}
