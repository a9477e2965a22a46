import { readFileSync } from 'node:fs';
import path from 'node:path';

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

/** A file of vega-datasets, and which of its fields becomes which column. */
interface Source {
  readonly file: string;
  readonly columns: Readonly<Record<string, string | ((row: Row) => Value)>>;
}

const sources: Readonly<Record<string, Source>> = {
  penguins: {
    file: 'penguins.json',
    columns: {
      species: 'Species',
      island: 'Island',
      bill_length_mm: 'Beak Length (mm)',
      bill_depth_mm: 'Beak Depth (mm)',
      flipper_length_mm: 'Flipper Length (mm)',
      body_mass_g: 'Body Mass (g)',
      sex: 'Sex',
    },
  },
  cars: {
    file: 'cars.json',
    columns: {
      name: 'Name',
      miles_per_gallon: 'Miles_per_Gallon',
      cylinders: 'Cylinders',
      displacement: 'Displacement',
      horsepower: 'Horsepower',
      weight_lbs: 'Weight_in_lbs',
      acceleration: 'Acceleration',
      // A date there, always the first of January.
      model_year: ({ Year }) => Number(String(Year).slice(0, 4)),
      origin: 'Origin',
    },
  },
};

/** The examples whose data are made here. The flights are a Parquet file as they are. */
export const exampleNames: readonly string[] = Object.keys(sources);

/** The data of an example as CSV, from the JSON of the development dependency vega-datasets. */
export function exampleCsv(name: string): string {
  const source = sources[name];
  if (source === undefined) throw new Error(`There are no data for '${name}', expected ${exampleNames.join(' or ')}.`);
  const file = path.join(import.meta.dirname, '../../node_modules/vega-datasets/data', source.file);
  const rows = JSON.parse(readFileSync(file, 'utf8')) as Row[];
  const line = (row: Row): string => Object.values(source.columns).map((field) => cell(typeof field === 'string' ? (row[field] ?? null) : field(row))).join(',');
  return `${[Object.keys(source.columns).join(','), ...rows.map(line)].join('\n')}\n`;
}

function cell(value: Value): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
