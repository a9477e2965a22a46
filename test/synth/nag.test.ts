import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { acknowledge } from '../../lib/private/acknowledgements.ts';
import { checkAcknowledgements } from '../../scripts/synth/nag.ts';
import { testApp } from '../lib/support.ts';

function withBucket(acknowledgeIt: (bucket: Bucket) => void) {
  const app = testApp();
  acknowledgeIt(new Bucket(new Stack(app, 'Stack'), 'Bucket', { enforceSSL: true }));
  return checkAcknowledgements(app).findings.map(({ where, message }) => `${where}: ${message}`);
}

describe('the check of acknowledgements', () => {
  it('takes one whose finding is there', () => {
    expect(withBucket((bucket) => acknowledge(bucket, 'S1', 'The account audits access to objects by CloudTrail.'))).toEqual([]);
  });

  it('finds one whose finding is gone', () => {
    expect(withBucket((bucket) => acknowledge(bucket, 'S10', 'It once took requests without TLS, for an old client.'))).toEqual([
      'Stack/Bucket: AwsSolutions-S10 is acknowledged, but cdk-nag finds nothing of the kind here any more: remove it.',
    ]);
  });

  it('finds one that explains nothing', () => {
    expect(withBucket((bucket) => acknowledge(bucket, 'S1', 'ok'))).toEqual(["Stack/Bucket: AwsSolutions-S1 is acknowledged with the reason 'ok', which explains nothing."]);
  });
});
