import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pythonText, toolkitJson } from './python-text.ts';

/** A job's configuration, of which the message says what is missing. */
export class JobConfigError extends Error {
  override readonly name = 'JobConfigError';
}

/** What a script's job says of it: `/opt/ml/input/config`, as SageMaker's training toolkit reads it. */
export interface ScriptJob {
  /** The folder that stands for /opt/ml. */
  readonly base: string;
  /** The script, as a path in its archive. */
  readonly program: string;
  /** The archive with the script. */
  readonly archive: string;
  /** The script's own hyperparameters. */
  readonly hyperParameters: Readonly<Record<string, unknown>>;
  /** The toolkit's: those named `sagemaker_..`, as far as it has no use of its own for them. */
  readonly frameworkParameters: Readonly<Record<string, unknown>>;
  readonly channels: Readonly<Record<string, unknown>>;
  readonly resources: { readonly current_host: string; readonly hosts: readonly string[]; readonly [member: string]: unknown };
}

/** The toolkit's own hyperparameters (aws/sagemaker-training-toolkit, params.py: SAGEMAKER_HYPERPARAMETERS). */
const known = [
  'sagemaker_program', 'sagemaker_submit_directory', 'sagemaker_enable_cloudwatch_metrics', 'sagemaker_region', 'sagemaker_container_log_level', 'sagemaker_job_name', 'default_user_module_name',
  '_tuning_objective_metric', 'sagemaker_s3_output',
];

/** Reads a job's configuration. @throws JobConfigError */
export function readJob(base: string): ScriptJob {
  const read = (name: string): unknown => JSON.parse(readFileSync(path.join(base, 'input', 'config', `${name}.json`), 'utf8'));
  const all = Object.fromEntries(Object.entries(read('hyperparameters') as Record<string, string>).map(([name, text]) => [name, inFolder(base, parsed(text))]));
  const entries = Object.entries(all);
  const text = (name: string): string => {
    const value = all[name];
    if (typeof value !== 'string') throw new JobConfigError(`hyperparameters.json has no ${name}, by which the image is told its script: Algorithm.framework() sets it.`);
    return value;
  };
  const isReserved = (name: string): boolean => name.startsWith('sagemaker_') || known.includes(name);
  return {
    base,
    program: text('sagemaker_program'),
    archive: text('sagemaker_submit_directory'),
    hyperParameters: Object.fromEntries(entries.filter(([name]) => !isReserved(name))),
    frameworkParameters: Object.fromEntries(entries.filter(([name]) => isReserved(name) && !known.includes(name))),
    channels: read('inputdataconfig') as ScriptJob['channels'],
    resources: read('resourceconfig') as ScriptJob['resources'],
  };
}

/** JSON where it is some, else the text itself, as a tuning sends it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What names a place in the container means the same one here. */
function inFolder(base: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/^\/opt\/ml(?=\/|$)/, base) : value;
}

/** The script's arguments: `--name value`, by name; of a name of one letter `-n value` (mapping.py: to_cmd_args). */
export function scriptArguments({ hyperParameters }: ScriptJob): string[] {
  return Object.entries(hyperParameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => [`${name.length > 1 ? '--' : '-'}${name}`, pythonText(value)]);
}

/** The variables by which the toolkit tells a script of its job (environment.py: to_env_vars). The laptop has no GPU for it. */
export function scriptEnvironment(job: ScriptJob): Record<string, string> {
  const { base, channels, resources, hyperParameters } = job;
  const at = (...parts: string[]): string => path.join(base, ...parts);
  const module = job.program.replace(/\.py$/, '');
  const values: Record<string, unknown> = {
    hosts: resources.hosts,
    current_host: resources.current_host,
    current_instance_type: resources['current_instance_type'],
    network_interface_name: resources['network_interface_name'],
    resource_config: resources,
    input_data_config: channels,
    channels: Object.keys(channels).sort(),
    hps: hyperParameters,
    framework_params: job.frameworkParameters,
    user_entry_point: job.program,
    user_args: scriptArguments(job),
    module_name: module,
    module_dir: job.archive,
    log_level: 20,
    num_cpus: availableParallelism(),
    num_gpus: 0,
    input_dir: at('input'),
    input_config_dir: at('input', 'config'),
    model_dir: at('model'),
    output_dir: at('output'),
    output_data_dir: at('output', 'data'),
    output_intermediate_dir: at('output', 'intermediate'),
    ...Object.fromEntries(Object.keys(channels).map((name) => [`channel_${name}`, at('input', 'data', name)])),
    ...Object.fromEntries(Object.entries(hyperParameters).map(([name, value]) => [`hp_${name}`, value])),
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`SM_${name.toUpperCase()}`, toolkitJson(value)]));
}
