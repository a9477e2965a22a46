import { CloudFormationClient, paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { clientConfig, type Connection } from './connection.ts';
import { CommandError } from './errors.ts';

/** Where a deployed app keeps its parts, as its stacks' outputs tell. */
export interface Application {
  readonly dataBucket: string;
  readonly artifactBucket: string;
  readonly modelPackageGroup: string;
  readonly apiUrl: string;
  /** The prediction API of production; undefined where the app has one API alone. */
  readonly productionApiUrl?: string;
  readonly pipelineName: string;
  readonly dataPrefix: string;
  readonly startFunction: string;
  readonly stateMachineArn: string;
}

const outputNames: Record<keyof Required<Application>, string> = {
  dataBucket: 'DataBucketName',
  artifactBucket: 'ArtifactBucketName',
  modelPackageGroup: 'ModelPackageGroupName',
  apiUrl: 'ApiUrl',
  productionApiUrl: 'ProductionApiUrl',
  pipelineName: 'PipelineName',
  dataPrefix: 'DataPrefix',
  startFunction: 'StartFunctionName',
  stateMachineArn: 'StateMachineArn',
};

/**
 * Finds the app among the stacks: those whose names begin with `prefix` where several apps share the account.
 * @throws CommandError where an output is missing or stands in several stacks.
 */
export async function findApplication(connection: Connection, prefix = ''): Promise<Application> {
  const client = new CloudFormationClient(clientConfig(connection));
  const found = new Map<string, { value: string; stack: string }[]>();
  for await (const page of paginateDescribeStacks({ client }, {})) {
    for (const stack of page.Stacks ?? []) {
      if (stack.StackName?.startsWith(prefix) !== true) continue;
      for (const output of stack.Outputs ?? []) {
        const name = output.OutputKey ?? '';
        found.set(name, [...(found.get(name) ?? []), { value: output.OutputValue ?? '', stack: stack.StackName }]);
      }
    }
  }
  client.destroy();
  const entries = Object.entries(outputNames).flatMap(([field, name]) => {
    const values = found.get(name) ?? [];
    if (values.length === 0 && field === 'productionApiUrl') return [];
    if (values.length === 0) throw new CommandError(`No stack has the output ${name}: is the app deployed, and is this its account and region?`);
    if (values.length > 1) {
      throw new CommandError(`The output ${name} stands in ${values.map((value) => value.stack).join(' and ')}: choose with --stacks PREFIX.`);
    }
    return [[field, values[0]?.value]];
  });
  return Object.fromEntries(entries) as Application;
}
