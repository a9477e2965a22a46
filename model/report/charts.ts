import type { BinaryEvaluation } from '../evaluation/evaluate.ts';
import type { ProbabilityBin } from '../metrics/calibration.ts';
import { count, decimal, isNumber, percent } from './html.ts';
import { chart, line, plot, round, x, y } from './plot.ts';

/** True positive rate over false positive rate, with chance as the diagonal and the decision threshold as a dot. */
export function rocChart({ roc, metrics, confusion, threshold }: BinaryEvaluation): string {
  const points = roc.falsePositiveRates.map((rate, index): [number, number] => [rate, roc.truePositiveRates[index] as number]);
  const falsePositiveRate = confusion.falsePositives / (confusion.falsePositives + confusion.trueNegatives);
  const truePositiveRate = confusion.truePositives / (confusion.truePositives + confusion.falseNegatives);
  const marks = [
    `<path class="area" d="${line([[0, 0], ...points, [1, 0]])}Z"/>`,
    `<path class="chance" d="${line([[0, 0], [1, 1]])}"/>`,
    `<path class="curve" d="${line(points)}"/>`,
    dot(falsePositiveRate, truePositiveRate, `threshold ${decimal(threshold, 2)}: ${percent(truePositiveRate)} found, ${percent(falsePositiveRate)} false alarms`),
    `<text class="note" x="${x(0.97)}" y="${y(0.06)}" text-anchor="end">area ${decimal(metrics.auc.value)}</text>`,
  ];
  return chart(`ROC curve, area ${decimal(metrics.auc.value)}`, { x: 'False alarms (share of negatives)', y: 'Found (share of positives)' }, marks.join(''));
}

/** Precision over recall, with the share of positives as what chance reaches. */
export function precisionRecallChart({ precisionRecall, averagePrecision, rows, positives, confusion, threshold, metrics }: BinaryEvaluation): string {
  // The first point, (0, 1), is a convention and no measurement.
  const measured = precisionRecall.recalls.map((recall, index): [number, number] => [recall, precisionRecall.precisions[index] as number]).slice(1);
  const points: [number, number][] = [[0, measured[0]?.[1] ?? 0], ...measured];
  const base = positives / rows;
  const called = confusion.truePositives + confusion.falsePositives > 0;
  const marks = [
    `<path class="area" d="${line([[0, 0], ...points, [1, 0]])}Z"/>`,
    `<path class="chance" d="${line([[0, base], [1, base]])}"/>`,
    `<path class="curve" d="${line(points)}"/>`,
    called ? dot(metrics.recall.value, metrics.precision.value, `threshold ${decimal(threshold, 2)}: precision ${percent(metrics.precision.value)}, recall ${percent(metrics.recall.value)}`) : '',
    `<text class="note" x="${x(0.97)}" y="${y(averagePrecision > 0.6 ? 0.06 : 0.93)}" text-anchor="end">average ${decimal(averagePrecision)} · chance ${decimal(base)}</text>`,
  ];
  return chart(`Precision-recall curve, average precision ${decimal(averagePrecision)}`, { x: 'Recall (positives found)', y: 'Precision (alarms that are right)' }, marks.join(''));
}

/** Observed over predicted share; a dot's area grows with its rows, its whisker spans two standard errors either way. */
export function calibrationChart({ calibration, rows }: Pick<BinaryEvaluation, 'calibration' | 'rows'>, axes = { x: 'Predicted probability', y: 'Observed share' }): string {
  const bins = calibration.filter((bin) => bin.positives + bin.negatives > 0 && isNumber(bin.meanPredicted));
  const dots = bins.map((bin) => {
    const size = bin.positives + bin.negatives;
    const radius = round(3 + 11 * Math.sqrt(size / rows));
    const spread = 2 * Math.sqrt((bin.observed * (1 - bin.observed) + 1 / (4 * size)) / size);
    const whisker = line([[bin.meanPredicted, Math.max(0, bin.observed - spread)], [bin.meanPredicted, Math.min(1, bin.observed + spread)]]);
    return `<path class="whisker" d="${whisker}"/><circle class="bubble" cx="${x(bin.meanPredicted)}" cy="${y(bin.observed)}" r="${radius}"><title>predicted ${percent(bin.meanPredicted)}, observed ${percent(bin.observed)} of ${count(size)} rows</title></circle>`;
  });
  const path = `<path class="chance" d="${line([[0, 0], [1, 1]])}"/>`;
  return chart('Calibration: observed over predicted share', axes, path + dots.join(''));
}

/** How the model's probabilities spread over each class. */
export function distributionChart({ distribution, threshold }: BinaryEvaluation): string {
  const border = `<path class="threshold" d="${line([[threshold, 0], [threshold, 1]])}"/><text class="note" x="${x(threshold) + 6}" y="${plot.top + 12}">called positive →</text>`;
  return distributionBars(distribution, { negatives: 'negatives', positives: 'positives', group: 'class' }, { marks: border });
}

/** Two histograms over each other, each in shares of its own rows or, where the two shall be compared in size, of all rows. */
export function distributionBars(distribution: readonly ProbabilityBin[], names: Readonly<Record<'negatives' | 'positives' | 'group', string>>, options: { readonly marks?: string; readonly of?: 'own' | 'all'; readonly x?: string }): string {
  const { marks = '', of = 'own', x: across = 'Predicted probability' } = options;
  const sum = (key: 'positives' | 'negatives'): number => distribution.reduce((rows, bin) => rows + bin[key], 0);
  const all = sum('positives') + sum('negatives');
  const totals = of === 'all' ? { positives: all, negatives: all } : { positives: sum('positives'), negatives: sum('negatives') };
  const share = (bin: ProbabilityBin, key: 'positives' | 'negatives'): number => (totals[key] === 0 ? 0 : bin[key] / totals[key]);
  const highest = Math.max(...distribution.flatMap((bin) => [share(bin, 'positives'), share(bin, 'negatives')]));
  const top = niceCeiling(highest);
  const bars = (key: 'positives' | 'negatives'): string =>
    distribution
      .map((bin) => {
        const height = share(bin, key) / top;
        if (height === 0) return '';
        const title = `${decimal(bin.lower, 3)} to ${decimal(bin.upper, 3)}: ${percent(share(bin, key))} of the ${of === 'all' ? `rows, ${names[key]}` : names[key]}`;
        return `<rect class="${key}" x="${x(bin.lower)}" y="${y(height)}" width="${round(x(bin.upper) - x(bin.lower) - 1)}" height="${round(y(0) - y(height))}"><title>${title}</title></rect>`;
      })
      .join('');
  const yTicks = [0, 0.25, 0.5, 0.75, 1].map((tick) => percent(tick * top, top < 0.2 ? 1 : 0));
  return chart(`Distribution of predicted probabilities by ${names.group}`, { x: across, y: `Share of ${of === 'all' ? 'all rows' : `the ${names.group}`}`, yTicks }, bars('negatives') + bars('positives') + marks);
}

function dot(px: number, py: number, title: string): string {
  return isNumber(px) && isNumber(py) ? `<circle class="dot" cx="${x(px)}" cy="${y(py)}" r="5.5"><title>${title}</title></circle>` : '';
}

/** A round share that the value does not exceed. */
export function niceCeiling(value: number): number {
  return [0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.16, 0.2, 0.24, 0.32, 0.4, 0.6, 0.8].find((step) => step >= value) ?? 1;
}
