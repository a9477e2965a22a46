/** Where a pipeline's objects lie in the artifact bucket, as prefixes that IAM can name. */
export class ArtifactLayout {
  /** Prepared splits and training output: they expire. */
  readonly intermediates: string;
  /** Model artifacts. */
  readonly models: string;
  /** Statistics, evaluations, report pages, failures. */
  readonly reports: string;
  /** The pointer to the last deployed data's statistics. */
  readonly baselines: string;

  constructor(pipelineName: string) {
    this.intermediates = `intermediates/${pipelineName}/`;
    this.models = `models/${pipelineName}/`;
    this.reports = `reports/${pipelineName}/`;
    this.baselines = `baselines/${pipelineName}/`;
  }
}
