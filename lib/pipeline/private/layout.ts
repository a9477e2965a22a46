/** Where a pipeline's objects lie in the artifact bucket, as prefixes that IAM can name. */
export class ArtifactLayout {
  /** Prepared splits and training output: they expire. */
  readonly intermediates: string;
  /** Model artifacts. */
  readonly models: string;
  /** Statistics, evaluations, report pages, failures. */
  readonly reports: string;
  /** The offline store of the feature group. */
  readonly features: string;
  /** The pointer to the statistics of the data of the model that was deployed last. */
  readonly baseline: string;
  /** Requests for approval, and who decided what. */
  readonly approvals: string;

  constructor(pipelineName: string) {
    this.intermediates = `intermediates/${pipelineName}/`;
    this.models = `models/${pipelineName}/`;
    this.reports = `reports/${pipelineName}/`;
    this.features = `features/${pipelineName}/`;
    this.baseline = `baselines/${pipelineName}/baseline.json`;
    this.approvals = `approvals/${pipelineName}/`;
  }
}

/** Where a pipeline's refused data is copied to in the data bucket: outside `raw/`, so that it starts no run. */
export function quarantinePrefix(pipelineName: string): string {
  return `quarantine/${pipelineName}/`;
}
