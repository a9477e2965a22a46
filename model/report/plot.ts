import { escapeHtml } from './html.ts';

/** The drawing area that all charts share, in SVG units. */
export const plot = { width: 460, height: 330, left: 62, right: 16, top: 14, bottom: 46 };

const innerWidth = plot.width - plot.left - plot.right;
const innerHeight = plot.height - plot.top - plot.bottom;

/** Horizontal place of a share between 0 and 1. */
export function x(share: number): number {
  return round(plot.left + share * innerWidth);
}

/** Vertical place of a share between 0 (bottom) and 1 (top). */
export function y(share: number): number {
  return round(plot.top + (1 - share) * innerHeight);
}

/** Two decimals are finer than a pixel. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** What stands on the axes. */
export interface Axes {
  readonly x: string;
  readonly y: string;
  /** Labels of the horizontal ticks, evenly spaced. @default - 0 to 1 */
  readonly xTicks?: readonly string[];
  /** Where the horizontal ticks stand, as shares of the width. @default - evenly spaced */
  readonly xPlaces?: readonly number[];
  /** Labels of the vertical ticks, evenly spaced. @default - 0 to 1 */
  readonly yTicks?: readonly string[];
}

const unitTicks = ['0', '0.25', '0.5', '0.75', '1'];

/** A chart with a grid, labelled axes and its marks; `label` is what a screen reader says. */
export function chart(label: string, axes: Axes, marks: string): string {
  const { xTicks = unitTicks, yTicks = unitTicks } = axes;
  const at = (index: number, ticks: readonly string[]): number => index / (ticks.length - 1);
  const rows = yTicks.map((tick, index) => {
    const height = y(at(index, yTicks));
    return `<line class="grid" x1="${x(0)}" x2="${x(1)}" y1="${height}" y2="${height}"/><text class="tick" x="${plot.left - 8}" y="${round(height + 4)}" text-anchor="end">${escapeHtml(tick)}</text>`;
  });
  const columns = xTicks.map((tick, index) => `<text class="tick" x="${x(axes.xPlaces?.[index] ?? at(index, xTicks))}" y="${y(0) + 20}" text-anchor="middle">${escapeHtml(tick)}</text>`);
  const middle = round(plot.top + innerHeight / 2);
  return [
    `<svg viewBox="0 0 ${plot.width} ${plot.height}" role="img" aria-label="${escapeHtml(label)}">`,
    ...rows,
    ...columns,
    `<text class="axis" x="${x(0.5)}" y="${plot.height - 6}" text-anchor="middle">${escapeHtml(axes.x)}</text>`,
    `<text class="axis" x="13" y="${middle}" text-anchor="middle" transform="rotate(-90 13 ${middle})">${escapeHtml(axes.y)}</text>`,
    marks,
    '</svg>',
  ].join('');
}

/** A path through points given as shares. */
export function line(points: readonly (readonly [number, number])[]): string {
  return points.map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${x(px)} ${y(py)}`).join('');
}

/** An axis from a round number to a round number. */
export interface Scale {
  readonly lower: number;
  readonly upper: number;
  readonly ticks: readonly string[];
  /** Where a value lies, 0 to 1 within the axis. */
  at(value: number): number;
}

/** An axis that covers both values, with about five evenly spaced round ticks. */
export function scale(from: number, to: number): Scale {
  if (!(to > from)) {
    const room = Math.max(0.5, Math.abs(from) / 20);
    return scale(from - room, from + room);
  }
  const span = to - from;
  const magnitude = 10 ** Math.floor(Math.log10(span / 4));
  const step = ([1, 2, 2.5, 5].find((factor) => factor * magnitude * 4.5 >= span) ?? 10) * magnitude;
  const first = Math.floor(from / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(to / step - 1e-9));
  const [lower, upper] = [first * step, last * step];
  const largest = Math.max(Math.abs(lower), Math.abs(upper));
  // As many digits as tell one tick from the next.
  const digits = Math.min(20, Math.max(0, Math.ceil(-Math.log10(step) + (Number.isInteger(step / magnitude) ? 0 : 1) - 1e-9)));
  const significant = Math.min(21, Math.ceil(Math.log10(largest / step)) + 2);
  const notation = largest >= 1e15 || largest < 1e-4 ? 'scientific' : 'compact';
  const format = new Intl.NumberFormat('en-US', notation === 'compact' && largest < 100_000 ? { maximumFractionDigits: digits } : { notation, maximumSignificantDigits: significant });
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => format.format((first + index) * step).replace(/^-0$/, '0').replace(/^0E0$/, '0'));
  return { lower, upper, ticks, at: (value) => (value - lower) / (upper - lower) };
}
