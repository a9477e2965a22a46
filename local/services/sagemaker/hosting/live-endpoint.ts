import path from 'node:path';
import { randomUUID } from 'node:crypto';
import type { LaptopContext } from '../../../core/context.ts';
import { Fleet } from './fleet.ts';
import type { Deployed, VariantState } from './record.ts';
import type { Variant } from './variant.ts';

/** An endpoint's processes: the fleet that serves and, while an update is under way, the one that shall take its place. */
export class LiveEndpoint {
  readonly #context: LaptopContext;
  readonly #name: string;
  readonly #closing = new AbortController();
  #blue: Promise<Fleet>;
  #green: Fleet | undefined;
  #share = 0;

  constructor(context: LaptopContext, name: string, deployed: Deployed, variants: Readonly<Record<string, VariantState>>) {
    this.#context = context;
    this.#name = name;
    this.#blue = this.#start(deployed, variants);
    this.#blue.catch(() => undefined);
  }

  /** The fleet that serves, once it is up. Rejects with a FleetStartError where it does not come up. */
  get serving(): Promise<Fleet> {
    return this.#blue;
  }

  /** Aborts when the endpoint is closed. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** Starts the fleet that shall take over; it gets no traffic yet. @throws {FleetStartError} */
  async prepare(deployed: Deployed, variants: Readonly<Record<string, VariantState>>): Promise<Fleet> {
    this.#green = await this.#start(deployed, variants);
    return this.#green;
  }

  /** Sends a share of the requests to the new fleet. */
  shift(share: number): void {
    this.#share = share;
  }

  /** The new fleet serves from now on, the old one ends. */
  async commit(): Promise<void> {
    const green = this.#green;
    if (green === undefined) throw new Error(`The endpoint ${this.#name} has no new fleet to commit.`);
    const old = await this.#blue;
    this.#blue = Promise.resolve(green);
    this.#green = undefined;
    this.#share = 0;
    await old.stop();
  }

  /** The old fleet serves alone again, the new one ends. */
  async rollBack(): Promise<void> {
    const green = this.#green;
    this.#share = 0;
    this.#green = undefined;
    await green?.stop();
  }

  /** The variant that a request meets, or undefined where there is none of that name or none that takes traffic. */
  async choose(variant: string | undefined): Promise<Variant | undefined> {
    const blue = await this.#blue;
    const fleet = this.#green !== undefined && Math.random() < this.#share ? this.#green : blue;
    return fleet.choose(variant, Math.random());
  }

  /** Ends it: with time for what was asked, or at once. */
  async close(at: 'grace' | 'once'): Promise<void> {
    this.#closing.abort();
    const fleets = [await this.#blue.catch(() => undefined), this.#green];
    await Promise.all(fleets.map((fleet) => (at === 'grace' ? fleet?.stop() : fleet?.kill())));
  }

  #start(deployed: Deployed, variants: Readonly<Record<string, VariantState>>): Promise<Fleet> {
    const folder = path.join(this.#context.stateDirectory, 'hosting', this.#name, randomUUID());
    return Fleet.start({ context: this.#context, endpointName: this.#name, deployed, variants, folder, signal: this.#closing.signal });
  }
}
