import type { LaptopContext } from '../../../core/context.ts';
import { publishNews } from '../../events/publish.ts';
import type { AlarmInput, StateValue } from './alarm.ts';
import { eventDetail, functionEvent, notification } from './messages.ts';
import type { Transition } from './messages.ts';

/** What came of one action. */
export interface ActionResult {
  readonly arn: string;
  /** Why it failed, if it did. */
  readonly failure?: string;
}

const principal = 'cloudwatch.amazonaws.com';
/** Functions allow alarms under a principal of their own. */
const functionPrincipal = 'lambda.alarms.cloudwatch.amazonaws.com';

/** Tells the event bus of a transition, and does what the alarm's declaration asks for on it. Never fails: what went wrong is in the results. */
export async function act(context: LaptopContext, transition: Transition): Promise<readonly ActionResult[]> {
  const { alarm } = transition;
  await publishNews(context, principal, { source: 'aws.cloudwatch', detailType: 'CloudWatch Alarm State Change', resources: [alarm.arn], detail: eventDetail(transition) });
  if (String(alarm.input.ActionsEnabled ?? true) === 'false') return [];
  return Promise.all(actionsFor(alarm.input, alarm.state.value).map((arn) => perform(context, arn, transition)));
}

/** The actions of a state. */
export function actionsFor({ OKActions, AlarmActions, InsufficientDataActions }: AlarmInput, state: StateValue): readonly string[] {
  return { OK: OKActions, ALARM: AlarmActions, INSUFFICIENT_DATA: InsufficientDataActions }[state] ?? [];
}

/** Performs the actions that go on for as long as an alarm is in its state: those of scaling policies. */
export async function actAgain(context: LaptopContext, transition: Transition): Promise<void> {
  const { input, state } = transition.alarm;
  if (String(input.ActionsEnabled ?? true) === 'false') return;
  await Promise.all(actionsFor(input, state.value).filter(isPolicy).map((arn) => perform(context, arn, transition)));
}

function isPolicy(arn: string): boolean {
  return arn.split(':')[2] === 'autoscaling' && arn.includes(':scalingPolicy:');
}

/** How far the latest data point is from the threshold. */
function breachOf({ alarm }: Transition): { readonly MetricValue: number; readonly BreachThreshold: number } {
  const { recentDatapoints = [], threshold = 0 } = JSON.parse(alarm.state.reasonData ?? '{}') as { recentDatapoints?: readonly number[]; threshold?: number };
  return { MetricValue: recentDatapoints.at(-1) ?? threshold, BreachThreshold: threshold };
}

async function perform(context: LaptopContext, arn: string, transition: Transition): Promise<ActionResult> {
  try {
    await send(context, arn, transition);
    return { arn };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    context.emit({ type: 'notice', subject: transition.alarm.input.AlarmName, message: `the alarm's action ${arn} failed: ${failure}` });
    return { arn, failure };
  }
}

async function send(context: LaptopContext, arn: string, transition: Transition): Promise<void> {
  const [, , service] = arn.split(':');
  if (service === 'sns') {
    await context.dispatch({ service: 'sns', operation: 'Publish', input: { TopicArn: arn, ...notification(context, transition) }, caller: context.identity.service(principal) });
  } else if (service === 'lambda') {
    const input = { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(functionEvent(context, transition))) };
    await context.dispatch({ service: 'lambda', operation: 'Invoke', input, caller: context.identity.service(functionPrincipal) });
  } else if (isPolicy(arn)) {
    await context.dispatch({ service: 'application-autoscaling', operation: 'ExecutePolicy', input: { PolicyARN: arn, ...breachOf(transition) }, caller: context.identity.service(principal) });
  } else {
    throw new Error('the laptop performs actions that are topics, functions or scaling policies.');
  }
}
