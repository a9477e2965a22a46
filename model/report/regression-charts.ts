import type { RegressionEvaluation } from '../evaluation/evaluate.ts';
import { niceCeiling } from './charts.ts';
import { count, figure, percent } from './html.ts';
import { chart, line, plot, round, scale, x, y } from './plot.ts';
import type { Scale } from './plot.ts';

/** Beyond so many dots they would cover each other: then a shade for each cell of the grid says how many rows it holds. */
const mostDots = 400;

/** Whether the rows are drawn as shades and not as dots. */
export function isShaded({ scatter }: RegressionEvaluation): boolean {
  return scatter.cells.length > mostDots;
}

/** Actual over predicted value, as dots whose area grows with their rows, or as shades. */
export function scatterChart(evaluation: RegressionEvaluation, target: string): string {
  const { scatter, metrics } = evaluation;
  const axis = scale(scatter.lower, scatter.upper);
  const marks = [
    ...(isShaded(evaluation) ? shades(scatter, axis) : dots(scatter, axis)),
    `<path class="chance" d="${line([[0, 0], [1, 1]])}"/>`,
    metrics.r2.value > 0 ? `<text class="note" x="${x(0.97)}" y="${y(0.05)}" text-anchor="end">R² ${figure(metrics.r2.value, 3)}</text>` : '',
  ];
  return chart(`Actual over predicted ${target}`, { x: `Predicted ${target}`, y: `Actual ${target}`, xTicks: axis.ticks, yTicks: axis.ticks }, marks.join(''));
}

type Scatter = RegressionEvaluation['scatter'];

function dots({ cells }: Scatter, axis: Scale): string[] {
  const most = Math.max(...cells.map((cell) => cell.rows));
  const inside = (value: number): number => Math.min(1, Math.max(0, axis.at(value)));
  return cells.map(({ rows, actual, predicted }) => {
    const weight = most === 1 ? 0.5 : Math.sqrt(rows / most);
    const title = `predicted ${figure(predicted)}, actual ${figure(actual)}${rows > 1 ? `, ${count(rows)} rows` : ''}`;
    return `<circle class="spot" cx="${x(inside(predicted))}" cy="${y(inside(actual))}" r="${round(2 + 3.2 * weight)}" fill-opacity="${round(0.3 + 0.55 * weight)}"><title>${title}</title></circle>`;
  });
}

function shades({ cells, lower, upper, side }: Scatter, axis: Scale): string[] {
  const most = Math.max(...cells.map((cell) => cell.rows));
  const step = (upper - lower) / side;
  const edge = (value: number): number => lower + Math.min(side - 1, Math.max(0, Math.floor((value - lower) / step))) * step;
  return cells.map(({ rows, actual, predicted }) => {
    const [left, right] = [x(axis.at(edge(predicted))), x(axis.at(edge(predicted) + step))];
    const [bottom, top] = [y(axis.at(edge(actual))), y(axis.at(edge(actual) + step))];
    return `<rect class="spot" x="${left}" y="${top}" width="${round(right - left)}" height="${round(bottom - top)}" fill-opacity="${round(0.06 + 0.94 * Math.sqrt(rows / most))}"/>`;
  });
}

/** How the errors spread around 0. */
export function residualChart({ residuals, rows }: RegressionEvaluation, target: string): string {
  const { lower, upper, counts } = residuals;
  const axis = scale(lower, upper);
  const width = (upper - lower) / counts.length;
  const shares = counts.map((value) => value / rows);
  const top = niceCeiling(Math.max(...shares));
  const bar = (from: number, share: number, title: string): string => {
    if (share === 0) return '';
    const [left, right, height] = [x(axis.at(from)), x(axis.at(from + width)), y(share / top)];
    return `<rect class="residual" x="${left}" y="${height}" width="${round(Math.max(1, right - left - 1))}" height="${round(y(0) - height)}"><title>${title}: ${percent(share)} of the rows</title></rect>`;
  };
  const bars = shares.map((share, index) => bar(lower + index * width, share, `${figure(lower + index * width, 3)} to ${figure(lower + (index + 1) * width, 3)}`));
  const zero = `<path class="threshold" d="${line([[axis.at(0), 0], [axis.at(0), 1]])}"/><text class="note" x="${round(x(axis.at(0)) + 8)}" y="${plot.top + 12}">said too little →</text><text class="note" x="${round(x(axis.at(0)) - 8)}" y="${plot.top + 12}" text-anchor="end">← said too much</text>`;
  const yTicks = [0, 0.25, 0.5, 0.75, 1].map((tick) => percent(tick * top, top < 0.2 ? 1 : 0));
  return chart(`Distribution of the errors in ${target}`, { x: 'Actual less predicted', y: 'Share of the rows', xTicks: axis.ticks, yTicks }, bars.join('') + zero);
}

/** Mean actual over mean predicted value of rows with similar predictions, with what 8 of 10 rows lie between. */
export function bandChart({ calibration }: RegressionEvaluation, target: string): string {
  const horizontal = scale(Math.min(...calibration.map((band) => band.predicted)), Math.max(...calibration.map((band) => band.predicted)));
  const vertical = scale(Math.min(...calibration.map((band) => Math.min(band.low, band.actual))), Math.max(...calibration.map((band) => Math.max(band.high, band.actual))));
  const marks = calibration.map(({ rows, predicted, actual, low, high }) => {
    const across = horizontal.at(predicted);
    const whisker = line([[across, vertical.at(low)], [across, vertical.at(high)]]);
    return `<path class="whisker" d="${whisker}"/><circle class="bubble" cx="${x(across)}" cy="${y(vertical.at(actual))}" r="6"><title>predicted ${figure(predicted)}, actual ${figure(actual)} on average of ${count(rows)} rows, 8 of 10 between ${figure(low)} and ${figure(high)}</title></circle>`;
  });
  // Where predicted and actual are the same, within the drawing.
  const from = Math.max(horizontal.lower, vertical.lower);
  const to = Math.min(horizontal.upper, vertical.upper);
  const same = to > from ? `<path class="chance" d="${line([[horizontal.at(from), vertical.at(from)], [horizontal.at(to), vertical.at(to)]])}"/>` : '';
  return chart(`Mean actual over mean predicted ${target}`, { x: `Predicted ${target}`, y: `Actual ${target}`, xTicks: horizontal.ticks, yTicks: vertical.ticks }, same + marks.join(''));
}
