import type { Size } from 'aws-cdk-lib';
import type { DataCheck } from '../../model/spec/check.ts';

/** What a pipeline asks of its training data, beside its schema. */
export interface DataOptions {
  /**
   * What the training data is checked by, beyond what `dataset` declares, and what is done about it. A check that is not here has its default;
   * one that is here takes the place of all defaults of its kind, or, where it names columns, for these.
   * @default - every check of `DataCheck` with its usual bound: most refuse the data; undeclared columns, rare classes, leakage and drift warn
   */
  readonly checks?: DataCheck[];

  /**
   * Larger data, of one file or of a folder's together, is refused at once. The memory and the storage of the functions that read data follow from it: above 240 MiB
   * they need more than the 3008 MB of memory that a new account may give a function.
   * @default Size.mebibytes(240)
   */
  readonly maximumDataSize?: Size;
}
