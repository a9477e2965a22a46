import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { clientSettings } from './settings.ts';

/** The function's Application Auto Scaling client, made once. */
export const autoScaling = new ApplicationAutoScalingClient(clientSettings);
