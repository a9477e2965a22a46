import { dataSection } from './data.ts';
import { importanceSection } from './importance.ts';
import { lineageSection } from './lineage.ts';
import { metricsSection } from './metrics.ts';
import type { ReportSection } from './section.ts';
import { sliceSection } from './slices.ts';
import { splitSection } from './split.ts';
import { chartSection } from './task-charts.ts';

/** What stands below the verdict, in this order: each section is a file of its own, and a new one is a line here. */
export const sections: readonly ReportSection[] = [
  metricsSection,
  chartSection,
  sliceSection,
  importanceSection,
  splitSection,
  dataSection,
  lineageSection,
];
