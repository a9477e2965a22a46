import { DeclarationError } from '../../model/spec/errors.ts';

/**
 * A range as JSON.
 * @internal
 */
export type TuningRangeSpec =
  | { readonly kind: 'continuous' | 'integer'; readonly name: string; readonly minimum: number; readonly maximum: number; readonly scaling: 'Auto' | 'Linear' | 'Logarithmic' | 'ReverseLogarithmic' }
  | { readonly kind: 'categorical'; readonly name: string; readonly values: readonly string[] };

/** SageMaker's bound on the values of a category. */
const mostValues = 30;

/** A hyperparameter that a tuning searches, under the algorithm's own name (`max_depth`), and where. */
export class TuningRange {
  private readonly spec: TuningRangeSpec;

  /**
   * A number between two bounds, both included.
   * @throws DeclarationError where the bounds are no numbers of which the first is less.
   */
  static continuous(name: string, minimum: number, maximum: number): TuningRange {
    checkBounds('continuous', name, minimum, maximum);
    return new TuningRange({ kind: 'continuous', name, minimum, maximum, scaling: 'Auto' });
  }

  /**
   * A whole number between two bounds, both included.
   * @throws DeclarationError where the bounds are no whole numbers of which the first is less.
   */
  static integer(name: string, minimum: number, maximum: number): TuningRange {
    checkBounds('integer', name, minimum, maximum);
    for (const [field, bound] of Object.entries({ minimum, maximum })) {
      if (!Number.isInteger(bound)) throw new DeclarationError(called('integer', name), field, bound, 'a whole number');
    }
    return new TuningRange({ kind: 'integer', name, minimum, maximum, scaling: 'Auto' });
  }

  /**
   * One of several values.
   * @throws DeclarationError where there are fewer than two values or more than 30, or one stands there twice.
   */
  static categorical(name: string, values: string[]): TuningRange {
    if (values.length < 2 || values.length > mostValues) throw new DeclarationError(called('categorical', name), 'values', values, `2 to ${String(mostValues)} values`);
    if (new Set(values).size < values.length) throw new DeclarationError(called('categorical', name), 'values', values, 'each value once');
    return new TuningRange({ kind: 'categorical', name, values: [...values] });
  }

  private constructor(spec: TuningRangeSpec) {
    this.spec = spec;
  }

  /** Searched evenly. Without a word on it, the tuner chooses. @throws DeclarationError of a categorical range. */
  linear(): TuningRange {
    return this.scaled('Linear');
  }

  /**
   * Searched evenly in its logarithm, as what works by its size: 0.01 to 0.1 as thoroughly as 0.1 to 1.
   * @throws DeclarationError of a categorical range, or where the range holds values that are not greater than 0.
   */
  logarithmic(): TuningRange {
    return this.scaled('Logarithmic');
  }

  /**
   * Searched evenly in the logarithm of what it lacks to 1, as what matters near 1: 0.9 to 0.99 as thoroughly as 0.99 to 0.999.
   * @throws DeclarationError of a range that is not continuous, or that is not within 0 and 1, 1 excluded.
   */
  reverseLogarithmic(): TuningRange {
    return this.scaled('ReverseLogarithmic');
  }

  private scaled(scaling: 'Linear' | 'Logarithmic' | 'ReverseLogarithmic'): TuningRange {
    const { spec } = this;
    const where = called(spec.kind, spec.name);
    if (spec.kind === 'categorical') throw new DeclarationError(where, 'scaling', scaling, 'none: categories have no order');
    if (scaling === 'Logarithmic' && spec.minimum <= 0) throw new DeclarationError(where, 'minimum', spec.minimum, 'greater than 0 for a logarithmic scale');
    if (scaling === 'ReverseLogarithmic') {
      if (spec.kind === 'integer') throw new DeclarationError(where, 'scaling', scaling, 'linear or logarithmic for a whole number');
      if (spec.minimum < 0 || spec.maximum >= 1) throw new DeclarationError(where, 'range', [spec.minimum, spec.maximum], 'from 0 to less than 1 for a reverse logarithmic scale');
    }
    return new TuningRange({ ...spec, scaling });
  }

  /**
   * The declaration as JSON.
   * @internal
   */
  toJSON(): TuningRangeSpec {
    return this.spec;
  }
}

function checkBounds(kind: string, name: string, minimum: number, maximum: number): void {
  if (name === '') throw new DeclarationError(called(kind, name), 'name', name, 'the name of a hyperparameter');
  for (const [field, bound] of Object.entries({ minimum, maximum })) {
    if (!Number.isFinite(bound)) throw new DeclarationError(called(kind, name), field, bound, 'a number');
  }
  if (minimum >= maximum) throw new DeclarationError(called(kind, name), 'minimum', minimum, `less than the maximum, ${String(maximum)}`);
}

const called = (kind: string, name: string): string => `TuningRange.${kind}('${name}')`;
