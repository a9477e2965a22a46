import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../../core/context.ts';

/** The module that makes a Node program see the laptop's time, where that is not the machine's. */
export function timePreload({ pace }: Clock): string | undefined {
  if (pace === undefined) return undefined;
  const url = pathToFileURL(path.join(import.meta.dirname, 'shift-date.mjs'));
  const { speed, machineStart, start } = pace;
  url.search = new URLSearchParams({ speed: String(speed), machineStart: String(machineStart), start: String(start) }).toString();
  return url.href;
}

/** The variable by which any Node program loads it, beside options that the program has already; nothing where it need not. */
export function timeVariables(clock: Clock, environment: Readonly<Record<string, string>> = {}): Record<string, string> {
  const preload = timePreload(clock);
  if (preload === undefined) return {};
  return { NODE_OPTIONS: [environment['NODE_OPTIONS'], `--import=${preload}`].filter((option) => option !== undefined).join(' ') };
}
