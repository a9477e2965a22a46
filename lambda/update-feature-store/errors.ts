import { TaskError } from '../shared/errors.ts';

/** The data has more identifiers than the feature group was declared for: refused before anything is written. */
export class TooManyRecords extends TaskError {
  override readonly name = 'TooManyRecords';
}

/** At the rate that the feature store takes them, the records would not be written before the function ends. */
export class FeatureStoreTooSlow extends TaskError {
  override readonly name = 'FeatureStoreTooSlow';
}
