import type { CustomResourceRequest, ServicePlace } from './payload.ts';

/** How many tasks a service is to run; undefined where there is no such service. */
export type DesiredCountOf = (place: ServicePlace) => Promise<number | undefined>;

/**
 * How many tasks a service is to run when CloudFormation is done with it: as many as now. One that is moved to another cluster has as many as it
 * had; one that is new has none, until the first model is deployed to it.
 */
export async function currentTaskCount(request: CustomResourceRequest, desiredCountOf: DesiredCountOf): Promise<number> {
  if (request.RequestType === 'Delete') return 0;
  const places = request.RequestType === 'Create' ? [request.ResourceProperties] : [request.ResourceProperties, request.OldResourceProperties];
  const counts = await Promise.all(places.map(desiredCountOf));
  return Math.max(0, ...counts.filter((count) => count !== undefined));
}
