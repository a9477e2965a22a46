import { prometheusType } from '../../metrics/prometheus.ts';
import type { Call } from '../call.ts';
import { HttpError } from '../error.ts';
import type { HttpResponse } from '../message.ts';

/** Metrics in Prometheus' text format, where a process lasts long enough to have them. */
export async function metrics({ ports }: Call): Promise<HttpResponse> {
  if (ports.metricsText === undefined) throw new HttpError(404, 'RouteNotFound', 'There are no metrics here: where this runs, CloudWatch has them.');
  return { status: 200, headers: { 'content-type': prometheusType, 'cache-control': 'no-store' }, body: await ports.metricsText() };
}
