import { SNSClient } from '@aws-sdk/client-sns';

/** The function's SNS client, made once. */
export const sns = new SNSClient({});
