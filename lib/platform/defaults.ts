import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** Defaults of `ModelPlatform`. */
export const platformDefaults = {
  /** Kept, but for what a first deployment that failed had only just made: that would be in the way of the next try. */
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  logRemovalPolicy: RemovalPolicy.DESTROY,
  logRetention: RetentionDays.TWO_WEEKS,
  intermediatesExpiration: Duration.days(30),
  coldStorageAfter: Duration.days(90),
  noncurrentVersionExpiration: Duration.days(365),
  quarantineExpiration: Duration.days(90),
  monthlyBudgetUsd: 50,
} as const;

/** Shares of the budget, in percent of what was really spent, at which an alert is sent. */
export const actualAlertPercents = [50, 80, 100] as const;

/** The share of the budget, in percent of the month's forecast, at which an alert is sent. */
export const forecastAlertPercent = 100;

/** Parts of an upload that was never finished are thrown away after this time. */
export const abortMultipartAfter = Duration.days(7);
