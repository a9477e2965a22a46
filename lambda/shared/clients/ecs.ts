import { ECSClient } from '@aws-sdk/client-ecs';
import { clientSettings } from './settings.ts';

/** The function's Amazon ECS client, made once. */
export const ecs = new ECSClient(clientSettings);
