import { SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { clientSettings } from './settings.ts';

/**
 * The function's client of SageMaker Feature Store, made once. Where the store throttles, `adaptive` slows all calls down and not only
 * the one that was refused: thousands of them follow each other.
 */
export const featureStore = new SageMakerFeatureStoreRuntimeClient({ ...clientSettings, maxAttempts: 8, retryMode: 'adaptive' });
