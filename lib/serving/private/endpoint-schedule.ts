import { Duration, Stack } from 'aws-cdk-lib';
import type { TimeZone } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { allow } from '../../private/permissions.ts';
import type { EndpointScheduleOptions } from '../inference-endpoint-props.ts';

/** Has an endpoint made and deleted at certain times, by its driver. */
export function createEndpointSchedule(scope: Construct, { start, stop, timeZone }: EndpointScheduleOptions, driver: IFunction, targetName: string): void {
  const role = new Role(scope, 'ScheduleRole', { description: `Starts and stops the endpoint of ${targetName}.`, assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } } }) });
  allow(role, { actions: ['lambda:InvokeFunction'], resources: [driver.functionArn] });
  for (const [id, action, expression] of [['Start', 'start', start], ['Stop', 'stop', stop]] as const) {
    new Schedule(scope, id, {
      description: `${id}s the endpoint of ${targetName}.`,
      schedule: inZone(expression, timeZone),
      target: new LambdaInvoke(driver, {
        input: ScheduleTargetInput.fromObject({ action }),
        retryAttempts: 10,
        maxEventAge: Duration.hours(2),
        // The target would let the role call every version of the function, too.
        role: role.withoutPolicyUpdates(),
      }),
    });
  }
}

function inZone(expression: ScheduleExpression, timeZone: TimeZone | undefined): ScheduleExpression {
  return timeZone === undefined ? expression : ScheduleExpression.expression(expression.expressionString, timeZone);
}
