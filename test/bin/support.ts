import { vi } from 'vitest';
import { slipwayProgram } from '../../bin/cli/program.ts';
import { CommandError } from '../../bin/cli/errors.ts';

/** What a command left behind. */
export interface CommandResult {
  readonly stdout: string;
  readonly exitCode: number;
  /** The one line for people, where the command refused. */
  readonly error?: string;
}

/** Runs a command in this process, as `bin/slipway.ts` does. */
export async function slipway(...args: string[]): Promise<CommandResult> {
  let stdout = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    stdout += String(chunk);
    return true;
  });
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await slipwayProgram().parseAsync(['node', 'slipway', ...args]);
    return { stdout, exitCode: Number(process.exitCode) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { stdout, exitCode: 1, error: error.message };
  } finally {
    process.exitCode = before;
    write.mockRestore();
  }
}
