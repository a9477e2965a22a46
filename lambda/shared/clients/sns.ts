import { SNSClient } from '@aws-sdk/client-sns';
import { clientSettings } from './settings.ts';

/** The function's SNS client, made once. */
export const sns = new SNSClient(clientSettings);
