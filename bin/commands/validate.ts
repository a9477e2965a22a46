import { stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { Command } from 'commander';
import { resolveChecks } from '../../model/spec/resolve-checks.ts';
import type { ColumnSpec, DatasetSpec } from '../../model/spec/dataset.ts';
import type { ValidationReport } from '../../model/data/validation-report.ts';
import { showReport } from '../cli/data-view.ts';
import { readDatasetFile } from '../cli/dataset-file.ts';
import { CommandError } from '../cli/errors.ts';
import { reasonOf } from '../cli/model-file.ts';
import { options } from '../cli/options.ts';
import { printJson, Terminal } from '../cli/terminal.ts';

interface ValidateOptions {
  readonly schema?: string;
  readonly json?: boolean;
}

/** What a pipeline asks of its data unless it is told otherwise. */
const checks = resolveChecks([]);
/** DuckDB's share of this machine's memory; what does not fit goes to disk. */
const memoryShare = 0.5;

/** `slipway validate`. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('Profile a data file, and check it as a pipeline would')
    .argument('<file>', 'CSV, JSON lines or Parquet; CSV and JSON lines may be compressed with gzip or zstd')
    .option('--schema <file>', "the dataset's declaration as JSON; without it the columns' types are inferred")
    .addOption(options.json())
    .addHelpText('after', validateExamples)
    .action(async (file: string, given: ValidateOptions) => {
      const found = await stat(file).catch((error: unknown) => {
        throw new CommandError(`${file} cannot be read: ${reasonOf(error)}`);
      });
      if (!found.isFile()) throw new CommandError(`${file} is no file, expected CSV, JSON lines or Parquet.`);
      const report = await profile(file, given.schema === undefined ? undefined : await readDatasetFile(given.schema));
      if (given.json === true) printJson(asJson(file, report));
      else show(file, report, given.schema);
      if (!report.passed) process.exitCode = 1;
    });
}

type Report = ValidationReport & { readonly inferred?: readonly ColumnSpec[] };

async function profile(file: string, schema: DatasetSpec | undefined): Promise<Report> {
  const settings = { file, memoryMb: (totalmem() * memoryShare) / 2 ** 20 };
  // Loaded here: the other commands need no DuckDB.
  if (schema === undefined) return (await import('../../model/data/inspect.ts')).inspectFile(settings);
  return (await import('../../model/data/validate.ts')).validateDataset({ ...settings, schema, checks });
}

function asJson(file: string, { rows, bytes, duplicates, passed, reasons, warnings, label, inferred, statistics, constraints, violations }: Report): object {
  return {
    file, rows, bytes, duplicates, passed, reasons, warnings,
    ...(label === undefined ? {} : { label }),
    ...(inferred === undefined ? {} : { columns: inferred }),
    statistics,
    constraints,
    violations: violations.violations,
  };
}

function show(file: string, report: Report, schema: string | undefined): void {
  const terminal = new Terminal({ json: false });
  showReport(terminal, file, report);
  const { length } = report.reasons;
  const against = schema === undefined ? '' : ` against ${schema}`;
  if (!report.passed) terminal.line(terminal.style('red', `Refused${against} for ${length === 1 ? 'one reason' : `${String(length)} reasons`}.`));
  else if (schema === undefined) terminal.line('Readable. To check it as a pipeline would, declare its columns and a label: --schema (--json prints the columns as they may be declared).');
  else terminal.line(terminal.style('green', `Passed${against}.`));
}

const validateExamples = `
Examples:
  slipway validate flights.csv.gz                          the types, nulls, ranges and distinct values
  slipway validate flights.parquet --schema flights.json   every violation of the declaration
  slipway validate rows.jsonl --json                       statistics, constraints and violations in one object

The schema is the JSON of a Dataset (JSON.stringify(dataset)):
  {"columns": [{"name": "delay", "type": "number"}, {"name": "origin", "type": "string", "nullable": false}],
   "label": {"column": "delay", "kind": "above", "threshold": 15}}
Types: number, integer, string, boolean, timestamp. Kinds of label: above, binary, category, number.

Exit code 1 where the file would be refused: it cannot be read, or it violates the declaration.
`;
