import { Option } from 'commander';

/** The options that several commands have, each written once. */
export const options = {
  state: (): Option => new Option('--state <dir>', 'where the laptop keeps its state').default('.slipway'),
  json: (): Option => new Option('--json', 'one line of JSON on standard output, for machines; progress goes to standard error'),
  aws: (): Option => new Option('--aws', 'talk to AWS with your own credentials instead of a running laptop'),
  region: (): Option => new Option('--region <region>', 'the AWS region').default(process.env['AWS_REGION'] ?? 'us-east-1'),
  stacks: (): Option => new Option('--stacks <prefix>', 'the first letters of the stack names, where several apps share an account').default(''),
};
