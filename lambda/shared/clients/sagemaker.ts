import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { clientSettings } from './settings.ts';

/** The function's SageMaker client, made once. */
export const sagemaker = new SageMakerClient(clientSettings);
