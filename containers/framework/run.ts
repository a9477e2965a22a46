import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { extract } from 'tar';
import { JobConfigError, readJob, scriptArguments, scriptEnvironment } from './job.ts';
import type { ScriptJob } from './job.ts';

/**
 * Stands in for AWS's PyTorch and TensorFlow images: unpacks the script from its channel and starts it as SageMaker's training toolkit
 * does, with the same arguments and variables. The base folder is SAGEMAKER_BASE_DIR, the toolkit's own variable.
 *
 * Its one argument is JSON: the programs that the app declares in place of scripts, by the name of the script's archive.
 */
type Programs = Readonly<Record<string, Program>>;

interface Program {
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
}

/** SageMaker shows the first 1024 characters of a failure: so much of a script's last words fits. */
const lastWords = 800;

const base = process.env['SAGEMAKER_BASE_DIR'] ?? '/opt/ml';

/** Why the job failed, where SageMaker reads it. */
function fail(reason: string): void {
  console.error(reason);
  mkdirSync(path.join(base, 'output'), { recursive: true });
  writeFileSync(path.join(base, 'output', 'failure'), reason);
}

/** The script, unpacked, as the toolkit starts it (entry_point_type.py, process.py: _create_command). */
function scriptProgram(job: ScriptJob): Program {
  const directory = path.join(job.base, 'code');
  mkdirSync(directory, { recursive: true });
  if (!existsSync(job.archive)) throw new JobConfigError(`The script's archive ${job.archive} is not there: the channel 'code' brings it.`);
  extract({ file: job.archive, cwd: directory, sync: true });
  if (existsSync(path.join(directory, 'requirements.txt'))) console.log('requirements.txt: not installed here; the script finds what this python3 has');
  if (existsSync(path.join(directory, 'setup.py'))) return { command: ['python3', '-m', job.program.replace(/\.py$/, '')], directory };
  if (job.program.endsWith('.py')) return { command: ['python3', job.program], directory };
  chmodSync(path.join(directory, job.program), 0o777);
  return { command: [`./${job.program}`], directory };
}

function run(job: ScriptJob, { command: [executable, ...fixed], directory }: Program): void {
  const args = [...fixed, ...scriptArguments(job)];
  const environment = { PYTHONUNBUFFERED: 'TRUE', PYTHONDONTWRITEBYTECODE: 'TRUE', ...process.env, ...scriptEnvironment(job) };
  // They reach the whole process group, and so the script: it says when the job is over. Before it is started, since it may be stopped as soon as it is.
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => undefined);
  const child = spawn(executable, args, { cwd: directory, env: environment, stdio: ['ignore', 'inherit', 'pipe'] });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    process.stderr.write(text);
    words = (words + text).slice(-lastWords);
  });
  child.once('error', (error) => {
    fail(`The script cannot be started as \`${executable}\`: ${error.message}. Install it, or declare the laptopProgram of Algorithm.framework().`);
    process.exitCode = 1;
  });
  child.once('close', (code, signal) => {
    if (code === 0 || process.exitCode !== undefined) return;
    const how = signal === null ? `ExitCode ${String(code)}` : `Signal ${signal}`;
    fail(`ExecuteUserScriptError:\n${how}\nErrorMessage "${words.trim()}"\nCommand "${[executable, ...args].join(' ')}"`);
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

try {
  const programs = JSON.parse(process.argv[2] ?? '{}') as Programs;
  const job = readJob(base);
  run(job, programs[path.basename(job.archive)] ?? scriptProgram(job));
} catch (error) {
  fail(error instanceof JobConfigError ? error.message : String(error));
  process.exitCode = 1;
}
