import { Token } from 'aws-cdk-lib';
import { validateInteger, validateRange, validateSeconds } from '../../private/validation.ts';
import type { Finding } from '../../private/validation.ts';
import type { SearchedAlgorithm } from '../../training/private/searched-algorithm.ts';
import type { TuningSpec } from '../../training/tuning.ts';
import { pipelineDefaults } from '../defaults.ts';
import type { TrainingPipelineOptions } from '../training-pipeline-props.ts';

/** SageMaker's bounds on a tuning job, each as far as a quota can be raised. */
const limits = { ranges: 30, trials: { Random: 10_000, Bayesian: 750, Hyperband: 750 }, parallel: 100, seed: 2 ** 31 - 1, resource: 20_000, seconds: [120, 30 * 86_400] } as const;

/** Everything that is wrong with a pipeline's tuning. */
export function validateTuning({ tuning: declared, algorithm, dataset, metricDefinitions = [], timeout = pipelineDefaults.timeout }: TrainingPipelineOptions): Finding {
  if (declared === undefined) return undefined;
  const tuning = declared.toJSON();
  const searched = algorithm.search(dataset, metricDefinitions.map(({ name }) => name));
  const findings: Finding[] = [
    validateRange('tuning.ranges.length', tuning.ranges.length, 1, limits.ranges),
    validateRange('tuning.maxTrials', tuning.maxTrials, 1, limits.trials[tuning.strategy]),
    validateInteger('tuning.maxTrials', tuning.maxTrials),
    validateRange('tuning.maxParallelTrials', tuning.maxParallelTrials, 1, limits.parallel),
    validateInteger('tuning.maxParallelTrials', tuning.maxParallelTrials),
    validateParallel(tuning),
    validateRange('tuning.seed', tuning.seed, 0, limits.seed),
    validateInteger('tuning.seed', tuning.seed),
    validateSeconds('tuning.maxTime', tuning.maxTime, ...limits.seconds),
    ...validateRanges(tuning, searched),
    validateObjective(tuning, searched),
    ...validateHyperband(tuning, searched),
  ];
  if (!tuning.maxTime.isUnresolved() && !timeout.isUnresolved() && timeout.toSeconds({ integral: false }) <= tuning.maxTime.toSeconds({ integral: false })) {
    findings.push(`timeout is ${String(timeout.toSeconds({ integral: false }))} s, expected more than tuning.maxTime, ${String(tuning.maxTime.toSeconds({ integral: false }))} s: no run could end.`);
  }
  return findings.flatMap((finding) => finding ?? []).map((finding) => (finding.startsWith('tuning.') || finding.startsWith('timeout') ? finding : `tuning: ${finding}`));
}

function validateParallel({ maxTrials, maxParallelTrials }: TuningSpec): Finding {
  if (Token.isUnresolved(maxTrials) || Token.isUnresolved(maxParallelTrials) || maxParallelTrials <= maxTrials) return undefined;
  return `tuning.maxParallelTrials is ${String(maxParallelTrials)}, expected at most maxTrials, ${String(maxTrials)}.`;
}

function validateRanges({ ranges }: TuningSpec, searched: SearchedAlgorithm): Finding[] {
  const names = ranges.map(({ name }) => searched.canonical(name));
  const fixed = new Set(Object.keys(searched.fixed).map((name) => searched.canonical(name)));
  return ranges.map((range, index) => {
    const name = names[index] ?? '';
    if (names.indexOf(name) < index) return `'${range.name}' has two ranges, expected one.`;
    if (fixed.has(name)) return `'${range.name}' has a range and is fixed by the algorithm (${searched.fixed[name] ?? searched.fixed[range.name] ?? ''}), expected one of both.`;
    return searched.rangeProblem(range);
  });
}

function validateObjective({ objective }: TuningSpec, searched: SearchedAlgorithm): Finding {
  const asked = objective ?? searched.objective;
  return asked === undefined ? 'no objective is given, and the algorithm has none of its own, expected TuningObjective.minimize(..) or .maximize(..).' : searched.objectiveProblem(asked);
}

function validateHyperband({ strategy, ranges, minResource = 1, maxResource }: TuningSpec, { rounds }: SearchedAlgorithm): Finding[] {
  if (strategy !== 'Hyperband') return [];
  const greatest = maxResource ?? rounds;
  if (greatest === undefined) return ['tuning.maxResource is missing, expected the number of rounds at which a trial ends: the algorithm does not say it.'];
  return [
    validateRange('tuning.maxResource', greatest, 1, limits.resource),
    validateInteger('tuning.maxResource', greatest),
    validateRange('tuning.minResource', minResource, 1, greatest),
    validateInteger('tuning.minResource', minResource),
    rounds !== undefined && greatest < rounds ? `tuning.maxResource is ${String(greatest)}, expected at least numRound, ${String(rounds)}: a trial that is stopped there has no finished model.` : undefined,
    rounds !== undefined && ranges.some(({ name }) => name === 'num_round') ? "'num_round' has a range, expected none with Hyperband, which shares out the rounds itself." : undefined,
  ];
}
