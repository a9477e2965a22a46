import { totalmem } from 'node:os';
import { Command } from 'commander';
import { resolveChecks } from '../../model/spec/resolve-checks.ts';
import type { ColumnSpec } from '../../model/spec/dataset.ts';
import type { ValidationReport } from '../../model/data/validation-report.ts';
import { showReport } from '../cli/data-view.ts';
import { readChecksFile } from '../cli/checks-file.ts';
import { readDatasetFile } from '../cli/dataset-file.ts';
import { CommandError } from '../cli/errors.ts';
import { localDataset, type LocalFile } from '../cli/local-files.ts';
import { options } from '../cli/options.ts';
import { printJson, Terminal } from '../cli/terminal.ts';

interface ValidateOptions {
  readonly schema?: string;
  readonly checks?: string;
  readonly baseline?: string;
  readonly json?: boolean;
}

/** DuckDB's share of this machine's memory; what does not fit goes to disk. */
const memoryShare = 0.5;

/** `slipway validate`. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('Profile a data file, and check it as a pipeline would')
    .argument('<data...>', 'CSV, JSON lines or Parquet; CSV and JSON lines may be compressed with gzip or zstd. With a schema also several files, or a folder of them')
    .option('--schema <file>', "the dataset's declaration as JSON; without it the columns' types are inferred")
    .option('--checks <file>', "the pipeline's checks as JSON, with --schema; those that are not there have their defaults")
    .option('--baseline <file>', 'an earlier data file to compare with, with --schema: what is distributed otherwise is named')
    .addOption(options.json())
    .addHelpText('after', validateExamples)
    .action(async (data: string[], given: ValidateOptions) => {
      const { files } = await localDataset(data);
      const report = await profile(files, given);
      const name = data.join(', ');
      if (given.json === true) printJson(asJson(name, report));
      else show(name, report, given.schema);
      if (!report.passed) process.exitCode = 1;
    });
}

type Report = ValidationReport & { readonly inferred?: readonly ColumnSpec[] };

async function profile(files: readonly LocalFile[], given: ValidateOptions): Promise<Report> {
  const settings = { memoryMb: (totalmem() * memoryShare) / 2 ** 20 };
  // Loaded here: the other commands need no DuckDB.
  if (given.schema === undefined) {
    const [only, ...others] = files;
    if (others.length > 0 || given.checks !== undefined || given.baseline !== undefined) {
      throw new CommandError(`${others.length > 0 ? 'Several files' : given.checks === undefined ? '--baseline' : '--checks'} without --schema, expected both: the declaration says what the columns should be.`);
    }
    return (await import('../../model/data/inspect.ts')).inspectFile({ ...settings, file: only!.path });
  }
  const schema = await readDatasetFile(given.schema);
  const checks = resolveChecks(given.checks === undefined ? [] : await readChecksFile(given.checks, schema));
  const { validateDataset } = await import('../../model/data/validate.ts');
  const baseline = given.baseline === undefined ? undefined : await validateDataset({ ...settings, file: (await localDataset([given.baseline])).files, schema, checks: [] });
  if (baseline?.passed === false) throw new CommandError(`The baseline ${given.baseline ?? ''} cannot be compared with: ${baseline.reasons.join(' ')}`);
  return validateDataset({ ...settings, file: files, schema, checks, ...(baseline === undefined ? {} : { baseline }) });
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
  slipway validate march/ --schema flights.json --baseline february.csv
                                                           a folder as one dataset, compared with earlier data

The schema is the JSON of a Dataset (JSON.stringify(dataset)):
  {"columns": [{"name": "delay", "type": "number"}, {"name": "origin", "type": "string", "nullable": false}],
   "label": {"column": "delay", "kind": "above", "threshold": 15}}
The checks are the JSON of a list of DataCheck: [{"check": "nulls", "level": "warn", "bound": 0.2, "columns": ["origin"]}]
Types: number, integer, string, boolean, timestamp. Kinds of label: above, binary, category, number.

Exit code 1 where the file would be refused: it cannot be read, or it violates the declaration.
`;
