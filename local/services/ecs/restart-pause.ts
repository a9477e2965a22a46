const firstMilliseconds = 100;
const longestMilliseconds = 10_000;

/** How long a service waits before it starts another task: not at all, unless tasks fail again and again. */
export class RestartPause {
  #failuresInRow = 0;
  #notBefore = 0;

  /** What is left of it now. */
  get milliseconds(): number {
    return Math.max(0, this.#notBefore - performance.now());
  }

  /** A task failed: the next one waits, twice as long as the one before. */
  failed(): void {
    this.#failuresInRow += 1;
    this.#notBefore = performance.now() + Math.min(firstMilliseconds * 2 ** (this.#failuresInRow - 1), longestMilliseconds);
  }

  /** A task became healthy: the next one that fails is the first. */
  recovered(): void {
    this.#failuresInRow = 0;
  }

  /** Something else is tried: nothing speaks against it yet. */
  reset(): void {
    this.#failuresInRow = 0;
    this.#notBefore = 0;
  }
}
