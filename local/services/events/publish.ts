import type { LaptopContext } from '../../core/context.ts';

/** News of an AWS service for the default event bus. */
export interface ServiceNews {
  /** Such as `aws.states`. */
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/**
 * Puts a service's own event on the default bus. It never fails: a service does its work whether anyone listens or not.
 * @param principal the service: `states.amazonaws.com`
 */
export async function publishNews(context: LaptopContext, principal: string, { source, detailType, resources, detail }: ServiceNews): Promise<void> {
  try {
    await context.dispatch({
      service: 'events',
      operation: 'PutEvents',
      input: { Entries: [{ Source: source, DetailType: detailType, Resources: resources, Detail: JSON.stringify(detail), Time: context.clock.now() }] },
      caller: context.identity.service(principal),
    });
  } catch (error) {
    context.emit({ type: 'notice', message: `${source} could not tell the event bus of "${detailType}": ${error instanceof Error ? error.message : String(error)}` });
  }
}
