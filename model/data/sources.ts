import { brokenContent } from './broken.ts';
import type { BadRows } from './csv.ts';
import type { DuckDb } from './duckdb.ts';
import { listFiles } from './files.ts';
import type { DataFile, DataFiles } from './files.ts';
import { UnreadableFile } from './format.ts';
import type { DataFormat } from './format.ts';
import { openSource } from './source.ts';
import type { Columns, DataSource } from './source.ts';
import { toSentence } from './violations.ts';
import type { Finding } from './violations.ts';
import { quoted } from './words.ts';

/** How a dataset's files are to be opened. */
export interface SourcesOptions {
  readonly file: DataFiles;
  readonly format?: DataFormat;
  readonly schema: Columns;
  /** What is done with what cannot be read. @default 'fail' */
  readonly badRows?: BadRows;
  /** What compressed files may come to together when they are unpacked. @default - no bound */
  readonly maximumBytes?: number;
}

/** The files of a dataset, opened. */
export interface OpenedSources {
  /** Those that can be read. */
  readonly sources: readonly DataSource[];
  /** What was found wrong, or odd, while they were opened. */
  readonly findings: readonly Finding[];
}

const formatNames: Readonly<Record<DataFormat, string>> = { csv: 'CSV', jsonl: 'JSON lines', parquet: 'Parquet' };

/**
 * Opens the files of a dataset. What is wrong with one of them is a finding, so that all are looked at, unless bad rows are to fail.
 * @throws UnreadableFile where no file is a table or, where bad rows are to fail, one is none
 */
export async function openSources(db: DuckDb, { file, ...options }: SourcesOptions): Promise<OpenedSources> {
  const files = listFiles(file);
  const sources: DataSource[] = [];
  const findings: Finding[] = [];
  let unpacked = 0;
  for (const one of files) {
    const named = files.length === 1 ? {} : { file: one.name };
    try {
      const left = options.maximumBytes === undefined ? {} : { maximumBytes: Math.max(0, options.maximumBytes - unpacked) };
      const source = await openSource(db, { ...options, ...left, file: one.path });
      unpacked += source.unpackedBytes;
      sources.push(files.length === 1 ? source : { ...source, name: one.name });
      findings.push(...source.findings.map((finding) => ({ ...finding, ...named })));
    } catch (error) {
      const found = unreadable(error, one);
      if (found === undefined) throw error;
      findings.push({ ...found, ...named });
    }
  }
  const mixed = mixedFormats(sources);
  if (mixed !== undefined) findings.push(mixed);
  const broken = findings.filter((finding) => finding.severity === 'fail');
  if ((options.badRows !== 'keepAside' && broken.length > 0) || sources.length === 0) throw new UnreadableFile(broken.map(toSentence).join(' '));
  return { sources, findings };
}

/** What an error says of a file as a finding, `undefined` where it is no verdict on the file. */
export function unreadable(error: unknown, file: DataFile): Finding | undefined {
  const description = error instanceof UnreadableFile ? error.message : brokenContent(error, [file]);
  return description === undefined ? undefined : { severity: 'fail', check: 'data_type_check', description };
}

/** A file of another format lies there by mistake more often than on purpose. */
function mixedFormats(sources: readonly DataSource[]): Finding | undefined {
  const byFormat = [...Map.groupBy(sources, ({ format }) => format)].toSorted(([, a], [, b]) => b.length - a.length);
  if (byFormat.length < 2) return undefined;
  const found = byFormat.map(([format, ones]) => `${String(ones.length)} of ${formatNames[format]} (such as ${quoted([ones[0]!.name ?? ''])})`);
  return { severity: 'fail', check: 'data_type_check', description: `The files are of different formats: ${found.join(', ')}; expected one format.` };
}
