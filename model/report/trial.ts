/** A training job of a tuning: what it was given, and what it reached. */
export interface Trial {
  /** The training job's name. */
  readonly name: string;
  /** The hyperparameters that were searched, as the job was given them. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** Its last objective; none where it told none. */
  readonly objective?: number | undefined;
  /** How it ended: `Completed`, `Stopped` or `Failed`. */
  readonly status: string;
  readonly seconds?: number | undefined;
}

/** A search of hyperparameters: its trials in the order in which they were started, and which of them became the model. */
export interface TrialTable {
  readonly tuningJob: string;
  readonly objective: { readonly metric: string; readonly minimize: boolean };
  /** The best trial's name. */
  readonly best: string;
  readonly trials: readonly Trial[];
}

/** Whether an objective is better than another. */
export function isBetter({ objective }: TrialTable, value: number, than: number): boolean {
  return objective.minimize ? value < than : value > than;
}

/** The trials that told an objective, the best first. */
export function ranked(table: TrialTable): (Trial & { readonly objective: number })[] {
  return measured(table).toSorted((a, b) => (table.objective.minimize ? a.objective - b.objective : b.objective - a.objective));
}

/** The trials that told an objective. */
export function measured({ trials }: TrialTable): (Trial & { readonly objective: number })[] {
  return trials.filter((trial): trial is Trial & { readonly objective: number } => typeof trial.objective === 'number' && Number.isFinite(trial.objective));
}
