/** What authorizer functions said, for as long as their authorizers keep it: a verdict on one method then counts for every other. */
export class VerdictCache {
  readonly #verdicts = new Map<string, { readonly until: number; readonly verdict: unknown }>();

  /** The verdict on these identities, unless it is too old. */
  get(key: string, now: number): unknown {
    const known = this.#verdicts.get(key);
    if (known !== undefined && known.until > now) return known.verdict;
    this.#verdicts.delete(key);
    return undefined;
  }

  /** Keeps a verdict until a time. */
  put(key: string, verdict: unknown, until: number): void {
    this.#verdicts.set(key, { until, verdict });
  }

  /** Forgets all. */
  clear(): void {
    this.#verdicts.clear();
  }
}
