import type { BinaryEvaluation, MulticlassEvaluation, RegressionEvaluation } from '../evaluation/evaluate.ts';
import { count, escapeHtml, figure, isNumber } from './html.ts';
import type { ReportSection } from './section.ts';

/** What the figures come to, for somebody who has to decide and knows no metric's name. */
export const meaningSection: ReportSection = {
  title: 'What does that mean?',
  body: ({ evaluation, positiveClass = 'positive', target = 'label' }) => {
    const sentences = evaluation.task === 'binary' ? ofBinary(evaluation, escapeHtml(positiveClass)) : evaluation.task === 'multiclass' ? ofClasses(evaluation) : ofRegression(evaluation, escapeHtml(target));
    return `<section class="card"><ul style="margin:0">${sentences.map((sentence) => `<li>${sentence}</li>`).join('')}</ul></section>`;
  },
};

function ofBinary({ confusion, rows, positives, metrics }: BinaryEvaluation, positive: string): string[] {
  const called = confusion.truePositives + confusion.falsePositives;
  const usual = Math.max(positives, rows - positives) / rows;
  const right = metrics.accuracy.value;
  return [
    called === 0
      ? `It never says “${positive}”: no row has a probability above one half. A lower threshold, further down, would.`
      : `Of 100 rows that it calls “${positive}”, ${hundred(confusion.truePositives / called)} are. Of 100 that are, it finds ${positives === 0 ? 'none, since there are none here' : hundred(confusion.truePositives / positives)}.`,
    `It calls ${hundred(right)} of 100 rows right; always giving the more frequent answer would be right in ${hundred(usual)}.`,
    ...(isNumber(metrics.auc.value) ? [`Shown one row that is “${positive}” and one that is not, it gives the right one the higher probability in ${hundred(metrics.auc.value)} of 100 cases; guessing would in 50.`] : []),
  ];
}

function ofClasses({ classes, confusion, rows, metrics }: MulticlassEvaluation): string[] {
  const most = Math.max(...classes.map((entry) => entry.rows)) / rows;
  const mistakes = confusion.flatMap((line, truth) => line.map((value, said) => ({ value, truth, said }))).filter(({ truth, said }) => truth !== said);
  const [worst] = mistakes.sort((a, b) => b.value - a.value);
  const name = (index: number): string => `“${escapeHtml(classes[index]?.name ?? '')}”`;
  return [
    `It calls ${hundred(metrics.accuracy.value)} of 100 rows right; always giving the most frequent answer would be right in ${hundred(most)}.`,
    worst === undefined || worst.value === 0 ? 'On these rows it makes no mistake.' : `Its most frequent mistake: ${count(worst.value)} of ${count(classes[worst.truth]?.rows ?? 0)} ${name(worst.truth)} are called ${name(worst.said)}.`,
  ];
}

function ofRegression({ errorQuantiles, label, metrics }: RegressionEvaluation, target: string): string[] {
  const within = (share: number): number => errorQuantiles.find((quantile) => quantile.share === share)?.value ?? Number.NaN;
  return [
    `Half of its predictions of “${target}” are off by ${figure(within(0.5), 3)} at most, 9 of 10 by ${figure(within(0.9), 3)} at most, where the values lie between ${figure(label.minimum)} and ${figure(label.maximum)}.`,
    ...(isNumber(metrics.r2.value)
      ? [metrics.r2.value > 0 ? `It explains ${hundred(metrics.r2.value)} % of what makes the values differ from their mean; always answering the mean explains nothing.` : 'It is no better than always answering the mean of these rows.']
      : []),
  ];
}

/** A share in hundredths; never all or none unless it is. */
function hundred(share: number): string {
  if (share > 0 && share < 0.01) return 'less than 1';
  if (share > 0.99 && share < 1) return 'more than 99';
  return String(Math.round(share * 100));
}
