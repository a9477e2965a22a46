import { SFNClient } from '@aws-sdk/client-sfn';

/** The function's Step Functions client, made once. */
export const sfn = new SFNClient({});
