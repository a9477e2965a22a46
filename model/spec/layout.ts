/**
 * Where everything lies in the two buckets: the one place that says so, for the constructs (permissions, lifecycle rules), the state
 * machine and the handlers alike. A prefix ends in `/`.
 */
export const prefixes = {
  /** Training data, in the data bucket: a new object starts a run. */
  raw: 'raw/',
  /** Copies of refused data, in the data bucket: outside of `raw/`, so that they start no run. */
  quarantine: 'quarantine/',
  /** Prepared splits, checkpoints and training output: they expire. */
  intermediates: 'intermediates/',
  /** Model artifacts. */
  models: 'models/',
  /** Statistics, evaluations, report pages, lineages, failures. */
  reports: 'reports/',
  /** Pointers to the statistics of the data of the models that were deployed last. */
  baselines: 'baselines/',
  /** Requests for approval, and who decided what. */
  approvals: 'approvals/',
  /** The offline stores of feature groups. */
  features: 'features/',
  /** What endpoints were asked and answered, where that is kept. */
  captured: 'captured/',
  /** Deployment records, one a serving target. */
  deployments: 'deployments/',
  /** What is asked in the background, and what comes of it: it expires. */
  async: 'async/',
} as const;

/** The prefixes and keys of one pipeline. */
export class PipelineLayout {
  readonly raw: string;
  readonly quarantine: string;
  readonly intermediates: string;
  readonly models: string;
  readonly reports: string;
  readonly approvals: string;
  readonly features: string;
  /** The key of the pointer to the statistics and constraints of the data of the model that was deployed last. */
  readonly baseline: string;

  constructor(pipelineName: string) {
    this.raw = `${prefixes.raw}${pipelineName}/`;
    this.quarantine = `${prefixes.quarantine}${pipelineName}/`;
    this.intermediates = `${prefixes.intermediates}${pipelineName}/`;
    this.models = `${prefixes.models}${pipelineName}/`;
    this.reports = `${prefixes.reports}${pipelineName}/`;
    this.approvals = `${prefixes.approvals}${pipelineName}/`;
    this.features = `${prefixes.features}${pipelineName}/`;
    this.baseline = `${prefixes.baselines}${pipelineName}/baseline.json`;
  }
}

/** The key of a serving target's deployment record. */
export function recordKey(targetName: string): string {
  return `${prefixes.deployments}${targetName}.json`;
}

/** The keys of what the driver of a SageMaker endpoint remembers of the last update: of the endpoint, and of the one on which a canary is tried out. */
export function endpointStateKeys(targetName: string): { readonly endpoint: string; readonly trial: string } {
  return { endpoint: `${prefixes.deployments}${targetName}/endpoint.json`, trial: `${prefixes.deployments}${targetName}/trial.json` };
}

/** Where an asynchronous target takes large inputs from and puts what comes of them, in the manner of SageMaker's asynchronous endpoints. */
export class AsyncLayout {
  readonly input: string;
  readonly output: string;
  readonly failure: string;

  constructor(targetName: string) {
    this.input = `${prefixes.async}${targetName}/input/`;
    this.output = `${prefixes.async}${targetName}/output/`;
    this.failure = `${prefixes.async}${targetName}/failure/`;
  }

  /** The key of the answer to a request. */
  outputKey(inferenceId: string): string {
    return `${this.output}${inferenceId}.out`;
  }

  /** The key of the reason why a request has none. */
  failureKey(inferenceId: string): string {
    return `${this.failure}${inferenceId}-error.out`;
  }
}
