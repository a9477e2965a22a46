import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

/** A folder shaped like `/opt/ml`, as a training program finds it in its container. */
export interface JobFolder {
  /** The folder itself: SAGEMAKER_BASE_DIR. */
  readonly base: string;
  readonly model: string;
  readonly outputData: string;
  readonly checkpoints: string;
  channel(name: string): string;
  /** Why the program says that it failed, if it says so. */
  failure(): string | undefined;
}

/** What SageMaker writes into `input/config`. */
export interface JobConfiguration {
  readonly hyperParameters: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, ChannelConfiguration>>;
  readonly instanceType: string;
  /** Where the container finds its checkpoints. @default - the job keeps none */
  readonly checkpoints?: string;
}

/** How a channel is described to the program. */
export interface ChannelConfiguration {
  readonly TrainingInputMode: string;
  readonly S3DistributionType: string;
  readonly RecordWrapperType: string;
  readonly ContentType?: string;
}

/** SageMaker's name of a lone instance. */
export const host = 'algo-1';

/** Lays the folder out, with the configuration in it and its channels empty. */
export function createJobFolder(base: string, { hyperParameters, channels, instanceType, checkpoints }: JobConfiguration): JobFolder {
  const at = (...parts: string[]): string => path.join(base, ...parts);
  for (const folder of ['input/config', 'input/data', 'model', 'output/data', 'checkpoints', 'tmp']) mkdirSync(at(folder), { recursive: true });
  for (const name of Object.keys(channels)) mkdirSync(at('input/data', name), { recursive: true });
  const group = { instance_group_name: 'homogeneousCluster', instance_type: instanceType, hosts: [host] };
  const files = {
    hyperparameters: hyperParameters,
    inputdataconfig: channels,
    ...(checkpoints === undefined ? {} : { checkpointconfig: { LocalPath: checkpoints } }),
    resourceconfig: {
      current_host: host,
      current_instance_type: instanceType,
      current_group_name: group.instance_group_name,
      hosts: [host],
      instance_groups: [group],
      network_interface_name: 'lo',
      host_name: hostname(),
    },
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(at('input/config', `${name}.json`), JSON.stringify(content));
  return {
    base,
    model: at('model'),
    outputData: at('output/data'),
    checkpoints: at('checkpoints'),
    channel: (name) => at('input/data', name),
    failure: () => (readdirSync(at('output')).includes('failure') ? readFileSync(at('output/failure'), 'utf8').trim() : undefined),
  };
}
