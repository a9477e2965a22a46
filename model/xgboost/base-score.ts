import type { Booster } from './booster.ts';
import type { Cursor } from './cursor.ts';
import { UnsupportedModelError } from './errors.ts';
import { formatFloat } from './json.ts';
import { isAtLeast } from './version.ts';

/** Where a booster's sum starts: one base score for all outputs, or a margin for each class. */
export type BoosterStart = Pick<Booster, 'baseScore' | 'classMargins'>;

/**
 * A scalar such as `5E-1`; a list such as `[5E-1]`, one for each output, from XGBoost 3.1 on. Where the list differs by class (3.1 estimates
 * it), `multi:softprob` takes its numbers as margins, whatever other objectives do with a base score.
 */
export function readBaseScore(cursor: Cursor, { objective, numClass, version }: Pick<Booster, 'objective' | 'numClass' | 'version'>): BoosterStart {
  const text = cursor.string();
  const scores = text.replace(/^\[(.*)\]$/s, '$1').split(',').map((item) => parseFloat32(item.trim(), cursor));
  const outputs = Math.max(1, numClass);
  if (scores.length !== 1 && scores.length !== outputs) throw cursor.error(`${scores.length} values (${text})`, `1, or one for each of the ${outputs} outputs`);
  if (scores.every((score) => score === scores[0])) return { baseScore: scores[0]! };
  if (objective !== 'multi:softprob') {
    throw new UnsupportedModelError(`a base_score for each output (${text}) with the objective "${objective}"`, 'Train with one explicit base_score, such as 0.5.');
  }
  // Its authors mean to save probabilities there some day (dmlc/xgboost issue 12426).
  if (isAtLeast(version, 3, 5)) {
    throw new UnsupportedModelError(`a base_score for each class (${text}) of XGBoost ${version.join('.')}`, 'What it means is known of 3.1 to 3.4 alone: train with one explicit base_score, such as 0.5.');
  }
  return { baseScore: 0, classMargins: scores };
}

/** As the booster's version writes it: a list from XGBoost 3.1 on, a scalar before. */
export function baseScoreText({ baseScore, classMargins, numClass, version }: Booster): string {
  if (!isAtLeast(version, 3, 1)) return formatFloat(baseScore);
  const scores = classMargins ?? Array.from({ length: Math.max(1, numClass) }, () => baseScore);
  return `[${scores.map(formatFloat).join(',')}]`;
}

function parseFloat32(text: string, cursor: Cursor): number {
  const value = Math.fround(text === '' ? Number.NaN : Number(text));
  if (!Number.isFinite(value)) throw cursor.unexpected('a number as text, such as "5E-1" or "[5E-1]"');
  return value;
}
