import type { Service } from './call.ts';
import type { ResourceProvider } from './resource.ts';

/** What a service of the laptop consists of: the operations it answers and the resource types it provides. */
export interface ServiceModule {
  readonly services: readonly Service[];
  readonly providers: readonly ResourceProvider[];
}
