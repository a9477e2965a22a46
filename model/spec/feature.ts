import type { DatasetSpec } from './dataset.ts';
import { DeclarationError } from './errors.ts';
import { taskOf } from './task.ts';

/** How a feature comes from its column. The closed language: each has one definition in model/features/. */
export type FeatureTransform = 'numeric' | 'hourOfDay' | 'dayOfWeek' | 'dayOfYear' | 'category' | 'targetMean';

/** A feature as JSON. */
export interface FeatureSpec {
  readonly name: string;
  readonly column: string;
  readonly transform: FeatureTransform;
}

/** One input of the model, derived from one raw column in the same way at training and at serving. */
export class Feature {
  private readonly spec: FeatureSpec;

  /** The column's number as it is (booleans as 0 and 1). */
  static numeric(column: string): Feature {
    return new Feature({ name: column, column, transform: 'numeric' });
  }

  /** The hour of a timestamp, 0 to 23. */
  static hourOfDay(column: string): Feature {
    return new Feature({ name: `${column}_hour_of_day`, column, transform: 'hourOfDay' });
  }

  /** The weekday of a timestamp, 0 (Sunday) to 6 (Saturday). */
  static dayOfWeek(column: string): Feature {
    return new Feature({ name: `${column}_day_of_week`, column, transform: 'dayOfWeek' });
  }

  /** The day of a timestamp's year, 1 to 366. */
  static dayOfYear(column: string): Feature {
    return new Feature({ name: `${column}_day_of_year`, column, transform: 'dayOfYear' });
  }

  /** A category as its rank by frequency in the training split, 0 the most frequent; a value not seen there is missing. */
  static category(column: string): Feature {
    return new Feature({ name: column, column, transform: 'category' });
  }

  /**
   * A category as the label's mean among its rows of the training split, drawn towards the mean of all rows where it
   * is rare; a value not seen there is missing. For categories with many values, where the label is binary or a number.
   */
  static targetMean(column: string): Feature {
    return new Feature({ name: `${column}_target_mean`, column, transform: 'targetMean' });
  }

  private constructor(spec: FeatureSpec) {
    this.spec = spec;
  }

  /** The feature's name: the column's, with the transform's where it has one. */
  get name(): string {
    return this.spec.name;
  }

  /**
   * The declaration as JSON.
   * @internal
   */
  toJSON(): FeatureSpec {
    return this.spec;
  }
}

const columnTypesOf: Record<FeatureTransform, readonly string[]> = {
  numeric: ['number', 'integer', 'boolean'],
  hourOfDay: ['timestamp'],
  dayOfWeek: ['timestamp'],
  dayOfYear: ['timestamp'],
  category: ['string', 'integer', 'boolean'],
  targetMean: ['string', 'integer', 'boolean'],
};

/** Checks features against the dataset that they come from, and returns every error found (none when all is well). */
export function checkFeatures(dataset: DatasetSpec, features: readonly FeatureSpec[]): DeclarationError[] {
  const errors: DeclarationError[] = [];
  if (features.length === 0) errors.push(new DeclarationError('features', 'length', 0, 'at least one feature'));
  const names = features.map((feature) => feature.name.toLowerCase());
  features.forEach((feature, index) => {
    const where = `Feature.${feature.transform}('${feature.column}')`;
    const column = dataset.columns.find((candidate) => candidate.name === feature.column);
    if (column === undefined) {
      errors.push(new DeclarationError(where, 'column', feature.column, `one of ${dataset.columns.map((c) => c.name).join(', ')}`));
    } else if (feature.column === dataset.label.column) {
      errors.push(new DeclarationError(where, 'column', feature.column, 'a column other than the label: it is not known when a prediction is made'));
    } else if (feature.column === dataset.weight) {
      errors.push(new DeclarationError(where, 'column', feature.column, 'a column other than the weight: it is not known when a prediction is made'));
    } else if (!columnTypesOf[feature.transform].includes(column.type)) {
      errors.push(new DeclarationError(where, 'column type', column.type, columnTypesOf[feature.transform].join(' or ')));
    }
    if (feature.transform === 'targetMean' && taskOf(dataset.label) === 'multiclass') {
      errors.push(new DeclarationError(where, 'label', dataset.label.column, 'a label that is binary or a number, since classes have no mean: take Feature.category instead'));
    }
    if (names.indexOf(feature.name.toLowerCase()) !== index) errors.push(new DeclarationError(where, 'name', feature.name, 'each feature once'));
  });
  return errors;
}
