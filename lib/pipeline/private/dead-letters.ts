import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Where events go that could not be handled, so that none is lost. Events name objects and runs and hold no data. */
export function createDeadLetterQueue(scope: Construct): Queue {
  return new Queue(scope, 'DeadLetters', {
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    // SQS's own key and not the customer's, which would have to let EventBridge use it: a key of the user's own may not.
    encryption: QueueEncryption.SQS_MANAGED,
  });
}
