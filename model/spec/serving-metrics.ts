/**
 * The metrics that whoever serves a model reports, each in the sets of dimensions below: the one place that names them, for the handlers
 * and containers that write them, and for the alarms that read them. Calls for health, documents and metrics are no requests here, or a
 * load balancer's health check would hide that nobody asks any more.
 */
export const servingMetrics = {
  /** 1 a request for predictions. */
  requests: 'Requests',
  /** 1 where the answer was a 5xx, else 0, so that a rate is 0 and not unknown while all is well. */
  errors: 'Errors',
  /** 1 where the answer was a 4xx, else 0. */
  refused: 'RefusedRequests',
  /** Milliseconds from the request to its answer, inside of the server. */
  latency: 'Latency',
} as const;

/** The dimensions of the metrics. */
export const servingDimensions = {
  /** The name of the serving target. */
  target: 'Target',
  /** `stable` or `canary`. */
  role: 'Role',
  modelVersion: 'ModelVersion',
} as const;

/** The sets of dimensions that each metric is reported under. Of a request that no model was chosen for, the first alone. */
export const servingDimensionSets = [
  [servingDimensions.target],
  [servingDimensions.target, servingDimensions.role],
  [servingDimensions.target, servingDimensions.modelVersion],
] as const;

/** What a version is to its target. SageMaker's variants have the same names. */
export const servingRoles = { stable: 'stable', canary: 'canary' } as const;

/** The namespace of every metric of ours, unless POWERTOOLS_METRICS_NAMESPACE says otherwise. */
export const metricsNamespace = 'Slipway';
