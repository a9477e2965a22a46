import { binaryCharts } from './binary.ts';
import { multiclassCharts } from './multiclass.ts';
import { regressionCharts } from './regression.ts';
import type { ReportSection } from './section.ts';

/** The charts and tables that the model's task asks for. */
export const chartSection: ReportSection = {
  title: 'A closer look',
  body: ({ evaluation, ...input }) => {
    if (evaluation.task === 'binary') return binaryCharts({ ...input, evaluation });
    return evaluation.task === 'multiclass' ? multiclassCharts({ ...input, evaluation }) : regressionCharts({ ...input, evaluation });
  },
};
