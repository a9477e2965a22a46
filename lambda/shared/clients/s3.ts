import { S3Client } from '@aws-sdk/client-s3';
import { clientSettings } from './settings.ts';

/** The function's S3 client, made once, so that connections and credentials outlive a call. */
export const s3 = new S3Client(clientSettings);
