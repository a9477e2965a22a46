import type { Collection, Store } from '../../core/store.ts';
import type { FunctionProperties } from './configuration.ts';

interface Reservation {
  /** What the template said at that time: as soon as it says something else, that counts. */
  readonly declared: string;
  /** @default - none */
  readonly reserved?: number;
}

/** Reserved concurrency as it was set by the API, beside what templates declare. */
export class Reservations {
  readonly #records: Collection<Reservation>;

  constructor(store: Store) {
    this.#records = store.collection('lambda', 'reservation');
  }

  /** Sets what a function of this declaration reserves. */
  set(functionName: string, declaration: FunctionProperties, reserved: number | undefined): void {
    this.#records.put(functionName, { declared: declaredIn(declaration), ...(reserved !== undefined && { reserved }) });
  }

  /** A declaration with what was set since. */
  apply(functionName: string, declaration: FunctionProperties): FunctionProperties {
    const set = this.#records.get(functionName);
    if (set === undefined || set.declared !== declaredIn(declaration)) return declaration;
    const { ReservedConcurrentExecutions: _, ...rest } = declaration;
    return { ...rest, ...(set.reserved !== undefined && { ReservedConcurrentExecutions: set.reserved }) };
  }
}

function declaredIn({ ReservedConcurrentExecutions: reserved }: FunctionProperties): string {
  return String(reserved ?? '');
}
