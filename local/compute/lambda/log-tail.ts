/** Lambda hands out the last 4 KB of an invocation's log. */
const tailBytes = 4096;

/** Keeps the end of a log. */
export class LogTail {
  #lines: string[] = [];
  #bytes = 0;

  /** Appends a line, and forgets lines that no longer fit. */
  add(line: string): void {
    this.#lines.push(line);
    this.#bytes += Buffer.byteLength(line) + 1;
    while (this.#bytes > tailBytes && this.#lines.length > 1) this.#bytes -= Buffer.byteLength(this.#lines.shift()!) + 1;
  }

  /** The text kept, and an empty tail from now on. */
  take(): string {
    const text = Buffer.from(this.#lines.map((line) => `${line}\n`).join('')).subarray(-tailBytes).toString();
    this.#lines = [];
    this.#bytes = 0;
    return text;
  }
}
