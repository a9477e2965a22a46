import type { LaptopEvent } from '../core/events.ts';
import type { ResourceProvider } from '../core/resource.ts';
import type { Store } from '../core/store.ts';
import type { Reach } from './addresses.ts';
import type { Assembly } from './manifest.ts';
import type { Environment } from './scope.ts';

/** What a deployment works with. */
export interface DeployOptions {
  readonly assembly: Assembly;
  readonly store: Store;
  readonly providers: readonly ResourceProvider[];
  /** Where stacks live that fix no account or region of their own. */
  readonly environment: Environment;
  readonly now: () => Date;
  readonly emit: (event: LaptopEvent) => void;
  /** Where addresses of AWS are found on this machine. @default - nowhere: they stay as they are */
  readonly reach?: Reach;
  /** Values of template parameters, by name. */
  readonly parameters?: Readonly<Record<string, string>>;
}
