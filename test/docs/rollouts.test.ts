import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { RolloutWorld } from '../bin/rollout-world.ts';
import { guideCommands } from './guide-commands.ts';

let world: RolloutWorld;
afterEach(() => world.close());

/** Runs a guide's commands one after the other. */
async function run(guide: string, before: Readonly<Record<string, () => Promise<void>>>): Promise<void> {
  for (const words of guideCommands(guide)) {
    const command = words.join(' ');
    await before[command]?.();
    const { exitCode, error, stdout } = await world.cli(...words.map((word) => (word === 'outcomes.jsonl' ? path.join(world.state, word) : word)));
    expect({ exitCode, error }, `${command}\n${stdout}`).toEqual({ exitCode: 0, error: undefined });
  }
}

it('roll-out-and-roll-back has commands that do what it says', async () => {
  // Its canary takes five minutes: a second.
  world = await RolloutWorld.open({ speed: 300 });
  const registers = (version: number) => () => world.register(version);
  await world.register(1);
  await run('roll-out-and-roll-back', {
    'deploy 2 --target production --canary 10 --interval 5m': registers(2),
    'deploy 3 --target production --all-at-once --json': registers(3),
    'deploy 3 --target production': async () => { expect(await world.record()).toMatchObject({ stable: { modelVersion: '2' }, withdrawn: [{ reason: 'worse-on-the-evening-flights' }] }); },
  });
  expect(await world.record()).toMatchObject({ stable: { modelVersion: '3' } });
}, 30_000);

it('ab-tests has commands that do what it says', async () => {
  world = await RolloutWorld.open();
  await world.register(1);
  await world.register(2);
  await world.cli('deploy', '1');
  writeFileSync(path.join(world.state, 'outcomes.jsonl'), '{"modelVersion": "2", "outcome": 1}\n{"modelVersion": "1", "outcome": 0}\n');
  await run('ab-tests', {
    'traffic --target production': async () => {
      expect(await world.record()).toMatchObject({ canary: { model: { modelVersion: '2' }, weight: 0.5 } });
      await world.report('1', 'stable', 50, 1);
      await world.report('2', 'canary', 50, 0);
    },
  });
  expect(await world.record()).toMatchObject({ stable: { modelVersion: '2' }, history: [{ modelVersion: '1' }] });
}, 30_000);
