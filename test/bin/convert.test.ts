import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { OnnxModel } from '../../model/onnx/session.ts';
import { readBooster } from '../../model/xgboost/read.ts';
import { withFolder } from '../model/data/files.ts';
import { fixture, fixtureFolder, fixtureNames, largestDifference } from '../model/xgboost/fixtures.ts';
import { slipway } from './support.ts';

interface Result {
  readonly objective: string;
  readonly input: { readonly shape: readonly [string, number]; readonly featureNames: readonly string[] };
  readonly output: { readonly name: string; readonly shape: readonly [string, number] };
  readonly parity: { readonly rows: number; readonly maxDifference: number };
}

const file = (name: string): string => path.join(fixtureFolder, name);

describe.each(fixtureNames)('%s', (name) => {
  const splits = readBooster(fixture(name).ubjson).trees.reduce((sum, tree) => sum + tree.leftChildren.filter((child) => child !== -1).length, 0);

  it.each(['ubj', 'json'])('of .%s becomes ONNX that predicts what XGBoost does', async (ending) => {
    await withFolder(async (folder) => {
      const out = path.join(folder, 'model.onnx');
      const { stdout, exitCode } = await slipway('convert', file(`${name}.${ending}`), '--out', out, '--json');
      expect(exitCode).toBe(0);
      const result = JSON.parse(stdout) as Result;
      const { values, features, prediction, matrix } = fixture(name);
      expect(result.input.shape).toEqual(['rows', features]);
      // Four rows for each split, and one with nothing in it.
      expect(result.parity.rows).toBe(1 + 4 * splits);
      const model = await OnnxModel.load(await readFile(out));
      const answer = await model.runAll({ features: values }, matrix.rows);
      await model.close();
      expect(result.output).toMatchObject({ name: /^(binary|multi)/.test(name) ? 'probabilities' : 'prediction', shape: ['rows', answer.columns] });
      const positive = name.startsWith('binary') ? answer.values.filter((_, index) => index % 2 === 1) : answer.values;
      expect(largestDifference(positive, prediction)).toBeLessThanOrEqual(1e-5);
      expect(await readdir(folder)).toEqual(['model.onnx']);
    });
  });
});

it('takes the xgboost-model of a training job\'s model.tar.gz', async () => {
  await withFolder(async (folder) => {
    await copyFile(file('regression.ubj'), path.join(folder, 'xgboost-model'));
    await create({ file: path.join(folder, 'model.tar.gz'), cwd: folder, gzip: true }, ['./xgboost-model']);
    const out = path.join(folder, 'model.onnx');
    const { stdout } = await slipway('convert', path.join(folder, 'model.tar.gz'), '--out', out);
    expect(stdout).toContain('reg:squarederror, 6 trees in 6 rounds');
    expect(stdout).toContain('prediction float32 [rows, 1]');
    expect(existsSync(out)).toBe(true);
  });
});

it('says where training went past its best round', async () => {
  await withFolder(async (folder) => {
    const { stdout } = await slipway('convert', file('binary-early-stopped.ubj'), '--out', path.join(folder, 'm.onnx'));
    expect(stdout).toMatch(/best after round 5; all 8 rounds are converted/);
  });
});

describe('refuses in one line, without a file,', () => {
  const archive = async (folder: string, name: string): Promise<string> => {
    await writeFile(path.join(folder, name), 'x');
    await create({ file: path.join(folder, 'model.tar.gz'), cwd: folder, gzip: true }, [name]);
    return path.join(folder, 'model.tar.gz');
  };
  it.each<[string, string | ((folder: string) => Promise<string>), string]>([
    ['a linear booster', file('refused-linear.json'), 'the booster "gblinear"'],
    ['categorical splits', file('refused-categorical.ubj'), 'categorical splits'],
    ['the deprecated binary format', file('refused-binary.deprecated'), 'deprecated binary format'],
    ['an objective', async (folder) => {
      const place = path.join(folder, 'model.json');
      await writeFile(place, (await readFile(file('regression.json'), 'utf8')).replaceAll('reg:squarederror', 'rank:ndcg'));
      return place;
    }, 'the objective "rank:ndcg"'],
    ['a missing file', '/nowhere/model.ubj', 'there is no such file'],
    ['a folder', fixtureFolder, 'it is a folder'],
    ['an empty file', async (folder) => {
      await writeFile(path.join(folder, 'model.ubj'), '');
      return path.join(folder, 'model.ubj');
    }, 'found an empty file'],
    ['a truncated file', async (folder) => {
      await copyFile(file('regression.ubj'), path.join(folder, 'model.ubj'));
      await truncate(path.join(folder, 'model.ubj'), 2000);
      return path.join(folder, 'model.ubj');
    }, 'XGBoost model, at byte'],
    ['an archive with another file', (folder) => archive(folder, 'model.pkl'), 'holds model.pkl, expected a file xgboost-model'],
    ['a broken archive', async (folder) => {
      const place = await archive(folder, 'xgboost-model');
      await truncate(place, 60);
      return place;
    }, 'is no readable tar.gz'],
  ])('%s', async (_, model, reason) => {
    await withFolder(async (folder) => {
      const place = typeof model === 'string' ? model : await model(folder);
      await mkdir(path.join(folder, 'out'));
      const { error, exitCode, stdout } = await slipway('convert', place, '--out', path.join(folder, 'out/m.onnx'));
      expect(error).toContain(reason);
      expect(error).toContain(place);
      expect(error).not.toContain('\n');
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(await readdir(path.join(folder, 'out'))).toEqual([]);
    });
  });

  it('a place that cannot be written, and the model itself', async () => {
    await withFolder(async (folder) => {
      const model = file('regression.ubj');
      expect((await slipway('convert', model, '--out', path.join(folder, 'none/m.onnx'))).error).toContain('m.onnx cannot be written: there is no such');
      expect((await slipway('convert', model, '--out', model)).error).toContain('name another file');
    });
  });
});

it('ends with exit code 1 and one line on standard error', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve(import.meta.dirname, '../../bin/slipway.ts'), 'convert', file('refused-linear.json'), '--out', '/nowhere/m.onnx'], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^slipway: .*the booster "gblinear".*\n$/);
});
