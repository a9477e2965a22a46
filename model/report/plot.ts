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
  const columns = xTicks.map((tick, index) => `<text class="tick" x="${x(at(index, xTicks))}" y="${y(0) + 18}" text-anchor="middle">${escapeHtml(tick)}</text>`);
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
