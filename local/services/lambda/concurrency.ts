import { ConcurrencyExceeded } from '../../compute/lambda/function-pool.ts';

/** How many calls of each function run at once: its versions share what it reserves. */
export class Concurrency {
  readonly #running = new Map<string, number>();

  /**
   * Counts a call in.
   * @param reserved how many the function may run at once. @default - as many as come
   * @returns what counts it out again
   * @throws {ConcurrencyExceeded}
   */
  enter(functionName: string, reserved: number | undefined): () => void {
    const running = this.#running.get(functionName) ?? 0;
    if (reserved !== undefined && running >= reserved) throw new ConcurrencyExceeded();
    this.#running.set(functionName, running + 1);
    return () => void this.#running.set(functionName, this.#running.get(functionName)! - 1);
  }
}
