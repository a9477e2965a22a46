import { DeclarationError } from './errors.ts';

/** What a column holds, as it is written in the declaration's JSON. */
export type ColumnType = 'number' | 'integer' | 'string' | 'boolean' | 'timestamp';

/** A column as JSON: what travels from the template to the handlers. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly categories?: readonly string[];
}

/** How a label is made of its column: 1 where a number is above a threshold, 0 and 1 as they are, one of several classes, a number. */
export type LabelKind = 'above' | 'binary' | 'category' | 'number';

/** The label as JSON. `above` makes a binary label from a number: 1 where the column's value is greater than the threshold. */
export interface LabelSpec {
  readonly column: string;
  readonly kind: LabelKind;
  readonly name: string;
  readonly threshold?: number;
}

/** A dataset as JSON. */
export interface DatasetSpec {
  readonly columns: readonly ColumnSpec[];
  readonly label: LabelSpec;
  /** The column that tells how much each row counts. @default - every row counts as one */
  readonly weight?: string;
}

/** The columns of a prediction request: all but the label's and the weight's, which are known of past rows alone. */
export function requestColumns({ columns, label, weight }: Pick<DatasetSpec, 'columns' | 'label' | 'weight'>): ColumnSpec[] {
  return columns.filter(({ name }) => name !== label.column && name !== weight);
}

/** Bounds and rules of a column that hold for every type. */
export interface ColumnOptions {
  /**
   * Whether the column may hold nulls, and a prediction request may leave it out.
   * @default true
   */
  readonly nullable?: boolean;
}

/** Bounds of a numeric column; a row outside them is a violation. */
export interface NumericColumnOptions extends ColumnOptions {
  /** The smallest value allowed, inclusive. @default - no bound */
  readonly minimum?: number;
  /** The largest value allowed, inclusive. @default - no bound */
  readonly maximum?: number;
}

/** Rules of a text column. */
export interface StringColumnOptions extends ColumnOptions {
  /** The only values allowed. @default - any value */
  readonly categories?: string[];
}

/** One raw column of a dataset: what training data holds and, but for the label, what a prediction request sends. */
export class Column {
  private readonly spec: ColumnSpec;

  /** A number with a fraction (64-bit). */
  static number(name: string, options: NumericColumnOptions = {}): Column {
    return new Column(numericSpec(name, 'number', options));
  }

  /** A whole number. */
  static integer(name: string, options: NumericColumnOptions = {}): Column {
    return new Column(numericSpec(name, 'integer', options));
  }

  /** A text. */
  static string(name: string, options: StringColumnOptions = {}): Column {
    return new Column({
      name: checkedName(name),
      type: 'string',
      nullable: options.nullable ?? true,
      ...(options.categories === undefined ? {} : { categories: options.categories }),
    });
  }

  /** True or false. */
  static boolean(name: string, options: ColumnOptions = {}): Column {
    return new Column({ name: checkedName(name), type: 'boolean', nullable: options.nullable ?? true });
  }

  /** A point in local time without a zone; in a prediction request an ISO 8601 text such as `2001-03-07T14:05:00`. */
  static timestamp(name: string, options: ColumnOptions = {}): Column {
    return new Column({ name: checkedName(name), type: 'timestamp', nullable: options.nullable ?? true });
  }

  private constructor(spec: ColumnSpec) {
    this.spec = spec;
  }

  /** The column's name. */
  get name(): string {
    return this.spec.name;
  }

  /**
   * The declaration as JSON.
   * @internal
   */
  toJSON(): ColumnSpec {
    return this.spec;
  }
}

/** What the model learns to predict. */
export class Label {
  private readonly spec: LabelSpec;

  /**
   * A binary label from a number: 1 where `column` is greater than `threshold`, else 0; null stays null.
   * @param name what the positive class is called in reports.
   */
  static above(column: string, threshold: number, name: string): Label {
    if (!Number.isFinite(threshold)) throw new DeclarationError('Label.above', 'threshold', threshold, 'a finite number');
    return new Label({ column: checkedName(column), kind: 'above', threshold, name });
  }

  /** A column that holds 0 and 1 (or false and true). */
  static binary(column: string): Label {
    return new Label({ column: checkedName(column), kind: 'binary', name: column });
  }

  /**
   * A column whose value is one of several classes (multi-class). The classes are those of the training split, 2 to 100 of them,
   * in the order of their texts.
   */
  static category(column: string): Label {
    return new Label({ column: checkedName(column), kind: 'category', name: column });
  }

  /** A column whose number is predicted (regression). */
  static number(column: string): Label {
    return new Label({ column: checkedName(column), kind: 'number', name: column });
  }

  private constructor(spec: LabelSpec) {
    this.spec = spec;
  }

  /**
   * The declaration as JSON.
   * @internal
   */
  toJSON(): LabelSpec {
    return this.spec;
  }
}

/** The first name that stands twice, upper and lower case being the same. */
export function repeatedName(names: readonly string[]): string | undefined {
  const lower = names.map((name) => name.toLowerCase());
  return names.find((_, index) => lower.indexOf(lower[index]!) !== index);
}

/** What a dataset is made of. */
export interface DatasetProps {
  /** The raw columns, the label's among them, in the order in which a row is sent as a list. */
  readonly columns: Column[];
  /** What the model learns to predict. Its column is no part of a prediction request. */
  readonly label: Label;
  /**
   * The column of numbers that tells how much each row counts when the model is trained, and in the metrics that training prints: a row of
   * weight 2 counts as two, one of weight 0 not at all. A weight is never null or negative. The evaluation on the held-out rows, and what features
   * learn (categories, means), count each row as one. The column is no feature, and no part of a prediction request.
   * @default - every row counts as one
   */
  readonly weight?: string;
}

/** The raw columns of the training data and the label: the schema of the pipeline and, without the label, of the prediction API. */
export class Dataset {
  private readonly spec: DatasetSpec;

  /** @throws DeclarationError where a column stands twice, or the label's or the weight's column is not among the columns or of a type that it cannot be made of. */
  constructor(props: DatasetProps) {
    const { weight } = props;
    const columns = props.columns.map((column) => column.toJSON()).map((column) => (column.name === weight ? weightSpec(column) : column));
    const label = props.label.toJSON();
    const names = columns.map((column) => column.name);
    const repeated = repeatedName(names);
    if (repeated !== undefined) throw new DeclarationError('Dataset', 'columns', repeated, 'each column once, in upper or lower case: SQL does not tell the two apart');
    if (!names.includes(label.column)) {
      throw new DeclarationError('Dataset', 'label', label.column, `one of the columns (${names.join(', ')})`);
    }
    const { type } = columns.find((column) => column.name === label.column)!;
    const fitting = labelTypes[label.kind];
    if (!fitting.includes(type)) throw new DeclarationError(`Label.${label.kind}('${label.column}')`, 'column type', type, fitting.join(' or '));
    const reserved = names.find((name) => name.toLowerCase() === 'label' && name !== label.column);
    if (reserved !== undefined) {
      throw new DeclarationError('Dataset', 'columns', reserved, "another name: 'label' is what the label is called in prepared data");
    }
    if (weight !== undefined) checkWeight(weight, columns, label);
    this.spec = { columns, label, ...(weight === undefined ? {} : { weight }) };
  }

  /**
   * The declaration as JSON.
   * @internal
   */
  toJSON(): DatasetSpec {
    return this.spec;
  }
}

/** The types of column that each kind of label can be made of. A fraction has many texts (1, 1.0), so it is no class. */
const labelTypes: Readonly<Record<LabelKind, readonly ColumnType[]>> = {
  above: ['number', 'integer'],
  binary: ['boolean', 'integer', 'number', 'string'],
  category: ['string', 'integer', 'boolean'],
  number: ['number', 'integer'],
};

function checkWeight(weight: string, columns: readonly ColumnSpec[], label: LabelSpec): void {
  const column = columns.find(({ name }) => name === weight);
  if (column === undefined) throw new DeclarationError('Dataset', 'weight', weight, `one of the columns (${columns.map(({ name }) => name).join(', ')})`);
  if (weight === label.column) throw new DeclarationError('Dataset', 'weight', weight, 'a column other than the label');
  if (!labelTypes.number.includes(column.type)) throw new DeclarationError(`Dataset weight '${weight}'`, 'column type', column.type, labelTypes.number.join(' or '));
}

/** What the checks of the data then hold it to. */
function weightSpec(column: ColumnSpec): ColumnSpec {
  return { ...column, nullable: false, minimum: Math.max(0, column.minimum ?? 0) };
}

function numericSpec(name: string, type: 'number' | 'integer', options: NumericColumnOptions): ColumnSpec {
  const { minimum, maximum } = options;
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    throw new DeclarationError(`Column '${name}'`, 'minimum', minimum, `at most the maximum, ${String(maximum)}`);
  }
  return {
    name: checkedName(name),
    type,
    nullable: options.nullable ?? true,
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

function checkedName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_ .-]{0,127}$/.test(name)) {
    throw new DeclarationError('Column', 'name', name, 'a letter or _, then up to 127 letters, digits, spaces, _ . or -');
  }
  return name;
}
