import { SageMakerClient } from '@aws-sdk/client-sagemaker';

/** The function's SageMaker client, made once. */
export const sagemaker = new SageMakerClient({});
