import path from 'node:path';
import { onTestFinished } from 'vitest';
import { startLaptop, type Laptop, type LaptopEvent, type LaptopOptions } from '../../../local/index.ts';
import { temporaryDirectory, writeAssembly } from './assembly.ts';

/** A laptop for one test, stopped when the test is over. */
export interface TestLaptop extends Laptop {
  readonly events: LaptopEvent[];
  readonly stateDirectory: string;
  /** What every SDK client of the test is configured with. */
  readonly client: { readonly endpoint: string; readonly region: string; readonly credentials: Laptop['credentials'] };
}

/** Starts a laptop on templates given in place. */
export async function testLaptop(templates: Readonly<Record<string, object>>, options: Partial<LaptopOptions> = {}): Promise<TestLaptop> {
  const directory = temporaryDirectory();
  const assembly = writeAssembly(path.join(directory, 'cdk.out'), templates);
  const events: LaptopEvent[] = [];
  const stateDirectory = options.stateDirectory ?? path.join(directory, 'state');
  const laptop = await startLaptop({ assembly, stateDirectory, onEvent: (event) => events.push(event), ...options });
  onTestFinished(() => laptop.close());
  return { ...laptop, events, stateDirectory, client: { endpoint: laptop.awsEndpoint, region: laptop.region, credentials: laptop.credentials } };
}
