import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Collection, Store } from '../core/store.ts';
import { LaptopError } from '../core/errors.ts';

/** Sorts behind every text that starts with the prefix it is appended to. */
const highestCharacter = '\u{10FFFF}';

const sqliteBusy = 5;

/** The state directory is in use by another laptop. */
export class StateDirectoryBusyError extends LaptopError {
  override readonly name = 'StateDirectoryBusyError';
}

/**
 * Opens the store of a state directory. The database's exclusive lock is the lock on the directory:
 * the operating system lets go of it when the process dies, so none is ever stale.
 */
export function openStore(stateDirectory: string): Store {
  mkdirSync(stateDirectory, { recursive: true });
  const database = new DatabaseSync(path.join(stateDirectory, 'state.sqlite'), { timeout: 0 });
  try {
    // WAL with NORMAL: a commit survives the process's death at any moment.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    database.exec('CREATE TABLE IF NOT EXISTS documents (service TEXT, kind TEXT, id TEXT, value TEXT NOT NULL, PRIMARY KEY (service, kind, id)) WITHOUT ROWID, STRICT');
    database.exec('BEGIN IMMEDIATE; COMMIT');
  } catch (error) {
    database.close();
    // The low byte is the primary code; the rest says in which way the database was busy.
    if ((Number((error as { errcode?: number }).errcode) & 0xff) !== sqliteBusy) throw error;
    throw new StateDirectoryBusyError(`Another laptop is running on the state directory ${stateDirectory}. Stop it first, or choose another state directory.`, { cause: error });
  }
  return new SqliteStore(database);
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  #depth = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepare(database);
  }

  collection<T>(service: string, kind: string): Collection<T> {
    return new SqliteCollection<T>(this.#statements, service, kind);
  }

  transaction<T>(work: () => T): T {
    const savepoint = `level_${this.#depth}`;
    this.#database.exec(`SAVEPOINT ${savepoint}`);
    this.#depth += 1;
    try {
      const result = work();
      this.#database.exec(`RELEASE ${savepoint}`);
      return result;
    } catch (error) {
      this.#database.exec(`ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`);
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  close(): void {
    this.#database.close();
  }
}

interface Statements {
  readonly get: StatementSync;
  readonly put: StatementSync;
  readonly delete: StatementSync;
  readonly page: StatementSync;
}

function prepare(database: DatabaseSync): Statements {
  return {
    get: database.prepare('SELECT value FROM documents WHERE service = ? AND kind = ? AND id = ?'),
    put: database.prepare('INSERT INTO documents VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value'),
    delete: database.prepare('DELETE FROM documents WHERE service = ? AND kind = ? AND id = ?'),
    page: database.prepare('SELECT id, value FROM documents WHERE service = ? AND kind = ? AND id >= ? AND id > ? AND id < ? ORDER BY id LIMIT ?'),
  };
}

class SqliteCollection<T> implements Collection<T> {
  readonly #statements: Statements;
  readonly #service: string;
  readonly #kind: string;

  constructor(statements: Statements, service: string, kind: string) {
    this.#statements = statements;
    this.#service = service;
    this.#kind = kind;
  }

  get(id: string): T | undefined {
    const row = this.#statements.get.get(this.#service, this.#kind, id) as { value: string } | undefined;
    return row && (JSON.parse(row.value) as T);
  }

  put(id: string, value: T): void {
    this.#statements.put.run(this.#service, this.#kind, id, JSON.stringify(value));
  }

  delete(id: string): boolean {
    return this.#statements.delete.run(this.#service, this.#kind, id).changes > 0;
  }

  list(prefix = ''): { id: string; value: T }[] {
    return this.page({ prefix, limit: -1 });
  }

  page({ prefix = '', after = '', limit }: { prefix?: string; after?: string; limit: number }): { id: string; value: T }[] {
    const rows = this.#statements.page.all(this.#service, this.#kind, prefix, after, prefix + highestCharacter, limit) as { id: string; value: string }[];
    return rows.map((row) => ({ id: row.id, value: JSON.parse(row.value) as T }));
  }
}
