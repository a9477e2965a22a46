import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { pythonText, toolkitJson } from '../../../containers/framework/python-text.ts';
import { describeWithOracle } from '../../support/oracle.ts';
import { jobFolder } from '../xgboost/job.ts';

const runner = path.join(import.meta.dirname, '../../../containers/framework/run.ts');

/** Tells what it was started with, in what a job leaves as its model. */
const python = `
import json, os, sys
with open(os.path.join(os.environ['SM_MODEL_DIR'], 'told.json'), 'w') as file:
    json.dump({'args': sys.argv[1:], 'env': {k: v for k, v in os.environ.items() if k.startswith('SM_')}, 'cwd': os.getcwd()}, file)
`;

/** A job as SageMaker lays it out, its script packed into the channel `code`. */
function scriptJob(program: string, script: string, hyperparameters: Readonly<Record<string, string>> = {}): string {
  const code = '/opt/ml/input/data/code/abc.tgz';
  const base = jobFolder({
    hyperparameters: { ...hyperparameters, sagemaker_program: JSON.stringify(program), sagemaker_submit_directory: JSON.stringify(code), sagemaker_container_log_level: '20', sagemaker_region: '"us-east-1"' },
    inputs: { train: { ContentType: 'text/csv' }, validation: {}, code: {} },
    resources: { current_host: 'algo-1', hosts: ['algo-1'], current_instance_type: 'ml.m5.large', network_interface_name: 'lo' },
  });
  for (const folder of ['input/data/code', 'model', 'source']) mkdirSync(path.join(base, folder), { recursive: true });
  writeFileSync(path.join(base, 'source', program), script);
  create({ file: path.join(base, 'input/data/code/abc.tgz'), cwd: path.join(base, 'source'), sync: true, gzip: true }, [program]);
  return base;
}

const environment = (base: string) => ({ PATH: process.env['PATH'], SAGEMAKER_BASE_DIR: base });
const runJob = (base: string, programs: object = {}) => spawnSync(process.execPath, [runner, JSON.stringify(programs)], { env: environment(base), encoding: 'utf8', timeout: 60_000 });
const failure = (base: string) => readFileSync(path.join(base, 'output', 'failure'), 'utf8');

describeWithOracle('python', 'a Python script, on the laptop', () => {
  it('gets its hyperparameters and its job as the training toolkit tells them', () => {
    const base = scriptJob('train.py', python, { 'learning-rate': '0.1', epochs: '3', shuffle: 'true', k: '5', loss: 'hinge', layers: '[8, 4]', model_dir: '"/opt/ml/model"', _tuning_objective_metric: 'loss', sagemaker_mpi_enabled: 'false' });
    const { status, stderr } = runJob(base);
    expect([status, stderr]).toEqual([0, '']);
    const told = JSON.parse(readFileSync(path.join(base, 'model/told.json'), 'utf8')) as { args: string[]; env: Record<string, string>; cwd: string };
    expect(told.cwd).toBe(path.join(base, 'code'));
    expect(told.args).toEqual(['--epochs', '3', '-k', '5', '--layers', '[8, 4]', '--learning-rate', '0.1', '--loss', 'hinge', '--model_dir', path.join(base, 'model'), '--shuffle', 'True']);
    expect(told.env).toMatchObject({
      SM_MODEL_DIR: path.join(base, 'model'), SM_OUTPUT_DATA_DIR: path.join(base, 'output/data'), SM_CHANNEL_TRAIN: path.join(base, 'input/data/train'), SM_CHANNEL_VALIDATION: path.join(base, 'input/data/validation'),
      SM_CHANNELS: '["code","train","validation"]', SM_HOSTS: '["algo-1"]', SM_CURRENT_HOST: 'algo-1', SM_NUM_GPUS: '0', SM_CURRENT_INSTANCE_TYPE: 'ml.m5.large',
      SM_HPS: `{"epochs":3,"k":5,"layers":[8,4],"learning-rate":0.1,"loss":"hinge","model_dir":"${base}/model","shuffle":true}`,
      SM_HP_EPOCHS: '3', SM_HP_LOSS: 'hinge', SM_HP_SHUFFLE: 'true', 'SM_HP_LEARNING-RATE': '0.1', SM_USER_ENTRY_POINT: 'train.py', SM_FRAMEWORK_PARAMS: '{"sagemaker_mpi_enabled":false}',
    });
  });
});

describe('a script in a framework\'s image, on the laptop', () => {
  it('runs a command as one', () => {
    const base = scriptJob('train.sh', '#!/bin/sh\necho "$@" > "$SM_MODEL_DIR/args"\n', { epochs: '3' });
    expect(runJob(base).status).toBe(0);
    expect(readFileSync(path.join(base, 'model/args'), 'utf8')).toBe('--epochs 3\n');
  });

  it('is replaced by the program that the app declares for its archive, and by no other', () => {
    const base = scriptJob('train.sh', '#!/bin/sh\nexit 3\n', { epochs: '3' });
    const program = { command: [process.execPath, '-e', 'require("fs").writeFileSync("out", process.argv.slice(1).join(" "))', '--'], directory: path.join(base, 'source') };
    expect(runJob(base, { 'abc.tgz': program }).status).toBe(0);
    expect(readFileSync(path.join(base, 'source/out'), 'utf8')).toBe('--epochs 3');
    expect(runJob(base, { 'other.tgz': program }).status).toBe(3);
  });

  it('fails with the script\'s own code and its last words', () => {
    const base = scriptJob('train.sh', '#!/bin/sh\necho no such column >&2\nexit 3\n', { epochs: '3' });
    const { status, stderr } = runJob(base);
    expect(status).toBe(3);
    expect(stderr).toContain('no such column');
    expect(failure(base)).toBe('ExecuteUserScriptError:\nExitCode 3\nErrorMessage "no such column"\nCommand "./train.sh --epochs 3"');
  });

  it('says how to mend a program that cannot be started', () => {
    const base = scriptJob('train.sh', '');
    expect(runJob(base, { 'abc.tgz': { command: ['no-such-python'], directory: base } }).status).toBe(1);
    expect(failure(base)).toMatch(/cannot be started as `no-such-python`: .*ENOENT.*declare the laptopProgram/);
  });

  it('says that its archive is missing, or its name', () => {
    const base = scriptJob('train.sh', '');
    const config = path.join(base, 'input/config/hyperparameters.json');
    writeFileSync(config, JSON.stringify({ sagemaker_program: '"train.sh"', sagemaker_submit_directory: '"/opt/ml/input/data/code/gone.tgz"' }));
    expect(runJob(base).status).toBe(1);
    expect(failure(base)).toMatch(/archive .*gone\.tgz is not there/);
    writeFileSync(config, '{}');
    runJob(base);
    expect(failure(base)).toMatch(/has no sagemaker_program/);
  });

  it.each([
    ['saves its work and says how it ended', 'trap \'touch "$SM_MODEL_DIR/saved"; exit 0\' TERM', { code: 0, signal: null }],
    ['ends by the signal, as the script does', 'trap - TERM', { code: null, signal: 'SIGTERM' }],
  ])('is asked to stop with its runner: %s', async (_, trap, ended) => {
    const base = scriptJob('train.sh', `#!/bin/sh\n${trap}\necho ready\nwhile :; do sleep 0.02; done\n`);
    const job = spawn(process.execPath, [runner], { env: environment(base), stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    job.stdout.once('data', () => process.kill(-job.pid!, 'SIGTERM'));
    const end = await new Promise<object>((resolve) => job.once('exit', (code, signal) => resolve({ code, signal })));
    expect(end).toEqual(ended);
    expect(existsSync(path.join(base, 'model/saved'))).toBe(ended.code === 0);
    if (ended.code === null) expect(failure(base)).toMatch(/ExecuteUserScriptError:\nSignal SIGTERM/);
  });
});

describe('a value', () => {
  it('reaches the command line as Python writes it', () => {
    expect([null, true, 1.5, 'a b', ['x', null, true], { b: 1, a: null }].map(pythonText)).toEqual(['', 'True', '1.5', 'a b', "['x', None, True]", 'a=None,b=1']);
  });

  it('reaches a variable as the toolkit writes it', () => {
    expect([undefined, null, true, 'ü', { b: ['ü'], a: { d: 1, c: 2 } }].map(toolkitJson)).toEqual(['', '', 'true', 'ü', '{"a":{"c":2,"d":1},"b":["\\u00fc"]}']);
  });
});
