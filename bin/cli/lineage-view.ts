import { describeSplit } from '../../model/spec/split-summary.ts';
import { figure, metricsText } from './figures.ts';
import type { TracedObject, TracedVersion } from './lineage.ts';
import { count, type Terminal } from './terminal.ts';
import { treeLines, type Branch } from './tree.ts';

const shownObjects = 10;

/** Shows a version as a tree: from what serves it, step by step, back to its data. */
export function showLineage(terminal: Terminal, { model, lineage, servedBy, data }: TracedVersion): void {
  const { training, features, split, evaluation, execution } = lineage;
  const artifact = lineage.model.artifact;
  terminal.line(`${terminal.style('bold', `${lineage.model.name}, version ${String(model.version)}`)}  ${terminal.style('dim', model.arn)}`);
  const branches: Branch[] = [
    servedBy.length === 0
      ? { label: 'served by', value: 'no target' }
      : { label: 'served by', value: servedBy.map(({ target, as, since }) => `${target}${as === 'stable' ? '' : ` (${as})`}${since === undefined ? '' : ` since ${since}`}`).join(', ') },
    { label: 'approval', value: [model.approval ?? 'not said', model.approvalDescription].filter((text) => text !== undefined).join(': ') },
    { label: 'evaluation', value: evaluation.summary, branches: [leaf('metrics', metricsText(evaluation.metrics)), leaf('figures', evaluation.evaluation.uri), leaf('report', evaluation.report)] },
    { label: 'artifact', value: artifact.uri, branches: [...versionOf(artifact), leaf('trainer', lineage.model.trainer), ...optional('image', lineage.model.servingImage)] },
    {
      label: 'training',
      value: training.name,
      branches: [leaf('image', training.image), ...optional('digest', training.imageDigest), ...optional('tuning', tuningText(training.tuning)), leaf('hyperparameters', Object.entries(training.hyperParameters).map(([name, value]) => `${name} ${value}`).join(', '))],
    },
    { label: 'code', value: lineage.revision ?? 'no revision was given (prop sourceRevision)' },
    { label: 'run', value: execution.name, branches: [leaf('execution', execution.arn), ...optional('started', execution.startedAt)] },
    { label: 'features', value: features.declared.map(({ name }) => name).join(', '), branches: [leaf('sha-256', features.sha256)] },
    { label: 'split', value: describeSplit(split.summary), branches: [leaf('rows', Object.entries(split.rows).map(([part, rows]) => `${part} ${count(rows)}`).join(', '))] },
    { label: 'data', value: `${count(lineage.data.rows)} rows`, branches: [...dataBranches(data), leaf('statistics', lineage.data.statistics.uri)] },
  ];
  for (const line of treeLines(branches)) terminal.line(line);
  const gone = data.filter((object) => !object.exists);
  if (gone.length > 0) terminal.line(terminal.style('yellow', `! Of the data ${gone.length === 1 ? 'an object is' : `${String(gone.length)} objects are`} no longer there: the model cannot be trained again as it was.`));
}

/** The objects, those that are gone first; of a folder's thousands not all. */
function dataBranches(data: readonly TracedObject[]): Branch[] {
  const sorted = data.toSorted((a, b) => Number(a.exists) - Number(b.exists));
  const more = sorted.length - shownObjects;
  return [...sorted.slice(0, shownObjects).map(dataBranch), ...(more > 0 ? [leaf('and', `${count(more)} more (--json has all)`)] : [])];
}

/** `the best of 20 trials of tune-1: validation:logloss 0.3112`. */
function tuningText(tuning: TracedVersion['lineage']['training']['tuning']): string | undefined {
  if (tuning === undefined) return undefined;
  const { name, trials, objective } = tuning;
  return `the best of ${count(trials)} trials of ${name}: ${objective.metric} ${figure(objective.value)}`;
}

function dataBranch(object: TracedObject): Branch {
  return { label: object.exists ? 'object' : 'gone', value: object.uri, branches: versionOf(object) };
}

function versionOf({ versionId, sha256 }: { readonly versionId?: string; readonly sha256?: string }): Branch[] {
  return [...optional('version', versionId), ...optional('sha-256', sha256)];
}

function leaf(label: string, value: string): Branch {
  return { label, value };
}

function optional(label: string, value: string | undefined): Branch[] {
  return value === undefined ? [] : [leaf(label, value)];
}
