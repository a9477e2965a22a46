import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The `slipway` commands of a guide, in its order, as words. */
export function guideCommands(guide: string): string[][] {
  const text = readFileSync(path.resolve(import.meta.dirname, `../../docs/guides/${guide}.md`), 'utf8');
  const lines = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap((match) => (match[1] ?? '').split('\n'));
  return lines.flatMap((line) => {
    const command = /^npm run slipway -- (.*)$/.exec(line)?.[1];
    return command === undefined ? [] : [command.split(' ')];
  });
}
