import type { LaptopContext } from '../../../core/context.ts';
import { AlarmWatch, RollbackReason } from './alarms.ts';
import type { LiveEndpoint } from './live-endpoint.ts';
import type { PendingDeployment } from './record.ts';
import { longestDeploymentSeconds, trafficSteps } from './traffic-steps.ts';

/** How an update came out. */
export type UpdateOutcome = { readonly kind: 'done' } | { readonly kind: 'rolled-back'; readonly reason: string };

/**
 * Brings a new fleet up and shifts the traffic to it, step by step, while the alarms are watched.
 * @param rollingBack is called once the old fleet serves alone again, before the new one has ended
 */
export async function runUpdate(context: LaptopContext, endpointName: string, live: LiveEndpoint, { deployed, deployment, variants, startTime }: PendingDeployment, rollingBack: () => void): Promise<UpdateOutcome> {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = deployment;
  const seconds = blueGreen?.MaximumExecutionTimeoutInSeconds ?? rolling?.MaximumExecutionTimeoutInSeconds ?? longestDeploymentSeconds;
  // The old fleet must be there to be returned to.
  await live.serving;
  try {
    const green = await live.prepare(deployed, variants);
    const [first] = green.variants;
    const alarms = new AlarmWatch(context, endpointName, first?.roleArn ?? '', deployment);
    // Its waits are less than its timeout: what may take too long is the start.
    if (context.clock.now().getTime() > Date.parse(startTime) + seconds * 1000) throw new RollbackReason(`The deployment took longer than its MaximumExecutionTimeoutInSeconds of ${seconds}.`);
    for (const { share, waitSeconds } of trafficSteps(deployment, first?.state.instances ?? 1)) {
      await alarms.check();
      live.shift(share);
      await alarms.wait(waitSeconds, live.signal);
    }
    await live.commit();
    return { kind: 'done' };
  } catch (error) {
    live.signal.throwIfAborted();
    live.shift(0);
    rollingBack();
    await live.rollBack();
    return { kind: 'rolled-back', reason: error instanceof Error ? error.message : String(error) };
  }
}
