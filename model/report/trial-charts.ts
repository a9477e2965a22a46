import { escapeHtml, figure } from './html.ts';
import { chart, line, plot, round, scale, x, y } from './plot.ts';
import type { Scale } from './plot.ts';
import { isBetter, measured } from './trial.ts';
import type { Trial, TrialTable } from './trial.ts';

/** Of more trials than this, a chart shows evenly chosen ones beside the best: the page stays small. */
const mostDots = 300;

/** How many hyperparameters are told where the pointer rests. */
const mostInTitle = 8;

/** The objective of each trial in the order in which they were started, with the best so far as steps. */
export function objectiveChart(table: TrialTable): string {
  const { trials, objective } = table;
  const vertical = objectiveScale(table);
  const at = (index: number): number => (trials.length === 1 ? 0.5 : 0.02 + (0.96 * index) / (trials.length - 1));
  const kept = new Set(thinned(table).map(({ name }) => name));
  const dots = trials.map((trial, index) => {
    if (!kept.has(trial.name)) return '';
    const title = titleOf(index + 1, trial, Object.keys(trial.hyperparameters).slice(0, mostInTitle));
    if (trial.objective === undefined) return `<text class="tick" x="${x(at(index))}" y="${round(y(0) - 4)}" text-anchor="middle">×<title>${title}</title></text>`;
    return dot(at(index), vertical.at(trial.objective), trial, title);
  });
  const numbers = trialTicks(trials.length);
  const axes = { x: `Trial, of ${String(trials.length)}`, y: objective.metric, xTicks: numbers.map(String), xPlaces: numbers.map((number) => at(number - 1)), yTicks: vertical.ticks };
  return chart(`${objective.metric} of each trial, with the best so far`, axes, `<path class="steps" d="${steps(table, at, vertical)}"/>${dots.join('')}${bestMark(table, at, vertical)}`);
}

function steps(table: TrialTable, at: (index: number) => number, vertical: NumberScale): string {
  const points: [number, number][] = [];
  let best: number | undefined;
  for (const [index, { name, objective, status }] of table.trials.entries()) {
    // What was stopped early is no finished model.
    if (objective !== undefined && (status === 'Completed' || name === table.best) && (best === undefined || isBetter(table, objective, best))) {
      if (best !== undefined) points.push([at(index), vertical.at(best)]);
      best = objective;
      points.push([at(index), vertical.at(best)]);
    }
  }
  if (best !== undefined) points.push([at(table.trials.length - 1), vertical.at(best)]);
  return line(points);
}

function bestMark(table: TrialTable, at: (index: number) => number, vertical: NumberScale): string {
  const index = table.trials.findIndex(({ name }) => name === table.best);
  const objective = table.trials[index]?.objective;
  if (objective === undefined) return '';
  const [left, middle] = [x(at(index)), y(vertical.at(objective))];
  const right = at(index) > 0.6;
  const above = middle > plot.top + 40;
  return `<circle class="best" cx="${left}" cy="${middle}" r="7"/><text class="note" x="${round(left + (right ? -12 : 12))}" y="${round(middle + (above ? -10 : 18))}" text-anchor="${right ? 'end' : 'start'}">best ${figure(objective)}</text>`;
}

/** The objective over the values of one hyperparameter: small, to stand beside the others. */
export function parameterChart(table: TrialTable, name: string): string {
  const numbers = new Map(table.trials.map((trial, index) => [trial.name, index + 1]));
  const trials = thinned(table).filter((trial): trial is Trial & { objective: number } => trial.objective !== undefined && trial.hyperparameters[name] !== undefined);
  if (trials.length === 0) return '';
  const vertical = objectiveScale(table);
  const horizontal = valueScale(trials.map((trial) => trial.hyperparameters[name] ?? ''));
  const dots = trials.map((trial) => dot(horizontal.at(trial.hyperparameters[name] ?? ''), vertical.at(trial.objective), trial, titleOf(numbers.get(trial.name) ?? 0, trial, [name])));
  const best = trials.find((trial) => trial.name === table.best);
  const mark = best === undefined ? '' : `<circle class="best" cx="${x(horizontal.at(best.hyperparameters[name] ?? ''))}" cy="${y(vertical.at(best.objective))}" r="9"/>`;
  return chart(`${table.objective.metric} over ${name}`, { x: name, y: '', xTicks: horizontal.ticks, yTicks: vertical.ticks }, dots.join('') + mark);
}

function dot(across: number, up: number, { status }: Trial, title: string): string {
  return `<circle class="${status === 'Completed' ? 'trial' : 'trial cut'}" cx="${x(across)}" cy="${y(up)}" r="4.5"><title>${title}</title></circle>`;
}

function titleOf(number: number, { objective, status, hyperparameters }: Trial, parameters: readonly string[]): string {
  const values = parameters.map((parameter) => `${parameter} ${shortened(hyperparameters[parameter] ?? '')}`);
  return escapeHtml(`trial ${String(number)}${status === 'Completed' ? '' : `, ${status.toLowerCase()}`}: ${objective === undefined ? 'no objective' : figure(objective)}; ${values.join(', ')}`);
}

/** A value as a person reads it. */
export function shortened(value: string): string {
  return value !== '' && Number.isFinite(Number(value)) ? figure(Number(value)) : value;
}

function objectiveScale(table: TrialTable): NumberScale {
  const values = measured(table).map(({ objective }) => objective);
  return values.length === 0 ? scale(0, 1) : numberScale(values);
}

/** An axis of numbers. */
type NumberScale = Pick<Scale, 'ticks' | 'at'>;

/** What spans so many times its least value is drawn by its logarithm. */
const wide = 20;

function numberScale(values: readonly number[]): NumberScale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!(least > 0 && most / least >= wide)) return scale(least, most);
  const [from, to] = [Math.log(least), Math.log(most)];
  return { ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => figure(Math.exp(from + share * (to - from)), 2)), at: (value) => (Math.log(value) - from) / (to - from) };
}

/** Where values lie on an axis: as numbers or, where they are none, side by side. */
function valueScale(values: readonly string[]): { readonly ticks: readonly string[]; at(value: string): number } {
  if (values.some((value) => value === '' || !Number.isFinite(Number(value)))) {
    const names = [...new Set(values)].sort();
    // Ticks are evenly spaced from one end to the other, so that the outermost names get some room.
    return { ticks: ['', ...names, ''], at: (value) => (names.indexOf(value) + 1) / (names.length + 1) };
  }
  const axis = numberScale(values.map(Number));
  return { ticks: axis.ticks, at: (value) => axis.at(Number(value)) };
}

/** Up to so many trials have a tick each. */
const mostTicks = 10;

function trialTicks(count: number): number[] {
  if (count <= mostTicks) return Array.from({ length: count }, (_, index) => index + 1);
  return [0, 0.25, 0.5, 0.75, 1].map((share) => 1 + Math.round(share * (count - 1)));
}

function thinned({ trials, best }: TrialTable): readonly Trial[] {
  const step = Math.ceil(trials.length / mostDots);
  return trials.filter(({ name }, index) => index % step === 0 || name === best);
}
