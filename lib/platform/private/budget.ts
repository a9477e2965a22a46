import { Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { actualAlertPercents, forecastAlertPercent } from '../defaults.ts';

/** A monthly budget of the account that sends its alerts to the topic. */
export function createBudget(scope: Construct, amountUsd: number, topic: ITopic): CfnBudget {
  const alert = (notificationType: string, threshold: number): CfnBudget.NotificationWithSubscribersProperty => ({
    notification: { comparisonOperator: 'GREATER_THAN', notificationType, threshold, thresholdType: 'PERCENTAGE' },
    subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
  });
  const publish = topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'BudgetAlerts',
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('budgets.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  const budget = new CfnBudget(scope, 'Budget', {
    budget: { budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount: amountUsd, unit: 'USD' } },
    notificationsWithSubscribers: [...actualAlertPercents.map((percent) => alert('ACTUAL', percent)), alert('FORECASTED', forecastAlertPercent)],
  });
  // Budgets looks at creation whether it may publish.
  if (publish.policyDependable !== undefined) budget.node.addDependency(publish.policyDependable);
  return budget;
}
