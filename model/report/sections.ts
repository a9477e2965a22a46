import { championSection } from './champion.ts';
import { dataSection } from './data.ts';
import { importanceSection } from './importance.ts';
import { latencySection } from './latency.ts';
import { lineageSection } from './lineage.ts';
import { meaningSection } from './meaning.ts';
import { metricsSection } from './metrics.ts';
import type { ReportSection } from './section.ts';
import { sliceSection } from './slices.ts';
import { splitSection } from './split.ts';
import { chartSection } from './task-charts.ts';
import { trialsSection } from './trials.ts';

/** What stands below the verdict, in this order: each section is a file of its own, and a new one is a line here. */
export const sections: readonly ReportSection[] = [
  meaningSection,
  championSection,
  metricsSection,
  chartSection,
  sliceSection,
  importanceSection,
  latencySection,
  trialsSection,
  splitSection,
  dataSection,
  lineageSection,
];
