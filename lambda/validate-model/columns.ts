import * as z from 'zod';
import type { ReportColumn } from '../../model/report/input.ts';
import type { DatasetSpec } from '../../model/spec/dataset.ts';

const common = z.object({ num_present: z.number(), num_missing: z.number() });

/** `statistics.json`, as far as the report's table of columns needs it. */
export const statisticsSchema = z.object({
  features: z.array(
    z.object({
      name: z.string(),
      numerical_statistics: z.object({ common, min: z.number().optional(), max: z.number().optional() }).optional(),
      string_statistics: z.object({ common, distinct_count: z.number() }).optional(),
    }),
  ),
});

/** What the profile found in each declared column. A column that it does not know is left out. */
export function reportColumns({ columns }: DatasetSpec, { features }: z.infer<typeof statisticsSchema>): ReportColumn[] {
  return columns.flatMap(({ name, type }) => {
    const { numerical_statistics: numbers, string_statistics: texts } = features.find((feature) => feature.name === name) ?? {};
    const counts = numbers?.common ?? texts?.common;
    if (counts === undefined) return [];
    const rows = counts.num_present + counts.num_missing;
    const range = rangeOf(numbers?.min, numbers?.max) ?? valuesOf(texts?.distinct_count);
    return [{ name, type, nullShare: rows === 0 ? 0 : counts.num_missing / rows, ...(range === undefined ? {} : { range }) }];
  });
}

function rangeOf(minimum: number | undefined, maximum: number | undefined): string | undefined {
  return minimum === undefined || maximum === undefined ? undefined : `${shown(minimum)} to ${shown(maximum)}`;
}

/** None where no value was found. */
function valuesOf(distinct: number | undefined): string | undefined {
  if (distinct === undefined || distinct === 0) return undefined;
  return distinct === 1 ? '1 value' : `${shown(distinct)} values`;
}

function shown(value: number): string {
  return value.toLocaleString('en-US', Math.abs(value) < 1 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 2 });
}
