import { percentText, type RolloutResult } from './rollout-run.ts';
import { printJson, type Terminal } from './terminal.ts';

/** Shows how a rollout ended, and sets the exit code: 1 where it was refused or taken back. @param more what JSON holds besides */
export function showRollout(terminal: Terminal, result: RolloutResult, json: boolean, more: Readonly<Record<string, unknown>> = {}): void {
  if (result.status === 'FAILED') process.exitCode = 1;
  if (json) {
    printJson({ ...result, ...more });
    return;
  }
  terminal.line(headline(terminal, result, more['version']));
  if (result.alarmsWithoutData !== undefined) terminal.line(terminal.style('yellow', `  No requests for ${result.alarmsWithoutData.join(', ')}: these alarms had nothing to go by.`));
  if (result.status === 'FAILED' || result.status === 'RUNNING') terminal.line(`  Execution  ${result.executionArn}`);
}

function headline(terminal: Terminal, { status, target, servedVersion = '', weight = 1, error, cause }: RolloutResult, version: unknown): string {
  const good = (text: string): string => `${terminal.style('green', '✓')} ${text}`;
  switch (status) {
    case 'COMPLETED':
      return good(weight === 1 ? `Version ${servedVersion} serves ${target}.` : `Version ${String(version ?? '')} has ${percentText(weight)} of the requests of ${target}, version ${servedVersion} the others.`);
    case 'CHANGED':
      return good(weight === 1 ? `Version ${servedVersion} serves ${target}.` : `Version ${servedVersion} serves ${target}, and another one ${percentText(weight)} of its requests.`);
    case 'SUPERSEDED':
      return `Nothing was changed on ${target}: ${cause ?? `version ${servedVersion} is served`}.`;
    case 'RUNNING':
      return `It goes on by itself on ${target}.`;
    case 'FAILED':
      return `${terminal.style('red', '✗')} ${error ?? ''}: ${cause ?? ''}`;
  }
}
