/** Writes a line of JSON that a log keeps. */
export type LogLine = (message: string, details?: Readonly<Record<string, unknown>>) => void;

const line = (level: string): LogLine => (message, details = {}) => {
  process.stdout.write(`${JSON.stringify({ level, message, timestamp: new Date().toISOString(), ...details })}\n`);
};

/** A log with its levels. */
export interface Log {
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
}

/** The server's log: lines of JSON on standard output. */
export const log: Log = { info: line('INFO'), warn: line('WARN'), error: line('ERROR') };
