import { SFNClient } from '@aws-sdk/client-sfn';
import { clientSettings } from './settings.ts';

/** The function's Step Functions client, made once. */
export const sfn = new SFNClient(clientSettings);
