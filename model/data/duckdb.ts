import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBDataChunk, JS } from '@duckdb/node-api';

/** What a database may use. */
export interface DuckDbOptions {
  /** What DuckDB may hold in memory before it spills to disk. Operators that cannot spill (exact quantiles) go past it: do not use them. */
  readonly memoryMb: number;
  /** @default - one per core */
  readonly threads?: number;
  /** Where it may spill to; a folder of its own is made there and removed. @default - the system's folder for temporary files */
  readonly temporaryFolder?: string;
  /** Whether rows keep the order of their file; giving it up saves memory. @default true */
  readonly keepOrder?: boolean;
}

/** A database in memory, closed by `withDuckDb`. */
export interface DuckDb {
  /** A folder for files that are needed as long as the database is open; removed with it. */
  readonly folder: string;
  /** Runs a statement for its effect. */
  run(sql: string): Promise<void>;
  /** All rows of a query as objects; whole numbers come as `number`. For results that are small by nature. */
  all<Row>(sql: string): Promise<Row[]>;
  /** The rows of a query in chunks of about 2,000, as they are produced. For results of any size. */
  stream(sql: string): AsyncIterable<DuckDBDataChunk>;
}

/** Opens a database in memory for the time of `use`, and closes it whatever happens there. */
export async function withDuckDb<T>(options: DuckDbOptions, use: (db: DuckDb) => Promise<T>): Promise<T> {
  const spill = await mkdtemp(path.join(options.temporaryFolder ?? tmpdir(), 'duckdb-'));
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${String(Math.max(64, Math.floor(options.memoryMb)))}MiB`,
      threads: String(options.threads ?? availableParallelism()),
      temp_directory: spill,
      preserve_insertion_order: String(options.keepOrder ?? true),
      // Nothing is ever fetched: what a Lambda without a way out cannot do must not work on a laptop either.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    try {
      const connection = await instance.connect();
      try {
        return await use(database(connection, spill));
      } finally {
        connection.closeSync();
      }
    } finally {
      instance.closeSync();
    }
  } finally {
    await rm(spill, { recursive: true, force: true });
  }
}

function database(connection: DuckDBConnection, folder: string): DuckDb {
  return {
    folder,
    async run(sql) {
      await connection.run(sql);
    },
    async all<Row>(sql: string) {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjectsJS().map((row) => mapValues(row, plain)) as Row[];
    },
    async *stream(sql) {
      const result = await connection.stream(sql);
      for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) yield chunk;
    },
  };
}

function mapValues(row: Record<string, JS>, map: (value: JS) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, map(value)]));
}

function plain(value: JS): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) return mapValues(value as Record<string, JS>, plain);
  return value;
}
