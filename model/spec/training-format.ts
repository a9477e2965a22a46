import type { DatasetSpec } from './dataset.ts';

/** How the prepared training and validation rows are written. */
export interface TrainingFormat {
  readonly format: 'csv' | 'parquet';
  /** What a training job's channel says of it, and the object's own type. */
  readonly contentType: string;
  readonly mediaType: string;
}

const parquet: TrainingFormat = { format: 'parquet', contentType: 'application/x-parquet', mediaType: 'application/vnd.apache.parquet' };
const csv: TrainingFormat = { format: 'csv', contentType: 'text/csv', mediaType: 'text/csv' };

/**
 * Parquet; with weights CSV without a header: SageMaker's XGBoost image takes weights from the second column of a CSV file
 * (`csv_weights`), and from no Parquet file.
 */
export function trainingFormat({ weight }: Pick<DatasetSpec, 'weight'>): TrainingFormat {
  return weight === undefined ? parquet : csv;
}

/** The format that a channel's content type says; undefined where it is none that data is prepared as. */
export function formatOf(contentType: string): TrainingFormat | undefined {
  return [parquet, csv].find((format) => format.contentType === contentType);
}
