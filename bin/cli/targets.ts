import { CloudFormationClient, paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { clientConfig, type Connection } from './connection.ts';
import { CommandError } from './errors.ts';

const targetSchema = z.object({ target: z.string(), url: z.string(), bucket: z.string(), key: z.string(), stateMachineArn: z.string(), signedFor: z.string().optional() });

/** A serving target as its stack's output tells of it. */
export type Target = z.infer<typeof targetSchema>;

/** The targets of the stacks whose names begin with `prefix`: each is an output whose name ends in `Target`. */
export async function findTargets(connection: Connection, prefix = ''): Promise<Target[]> {
  const client = new CloudFormationClient(clientConfig(connection));
  const targets: Target[] = [];
  try {
    for await (const page of paginateDescribeStacks({ client }, {})) {
      for (const { StackName, Outputs = [] } of page.Stacks ?? []) {
        if (StackName?.startsWith(prefix) !== true) continue;
        for (const { OutputKey, OutputValue } of Outputs) {
          const found = OutputKey?.endsWith('Target') === true ? targetSchema.safeParse(parsed(OutputValue)) : undefined;
          if (found?.success === true) targets.push(found.data);
        }
      }
    }
  } finally {
    client.destroy();
  }
  return targets;
}

/** The target of that name, or the only one. @throws CommandError that names those that there are */
export function chooseTarget(targets: readonly Target[], name: string | undefined): Target {
  const names = targets.map(({ target }) => target).join(', ');
  if (targets.length === 0) throw new CommandError('No stack has an output of a serving target: is the app deployed, and is this its account and region? A target of your own is found by an output whose name ends in Target and whose value is `target.rollout.reference`.');
  const found = name === undefined ? targets : targets.filter(({ target }) => target === name);
  if (found.length === 1) return found[0]!;
  if (found.length === 0) throw new CommandError(`There is no target '${name ?? ''}', expected one of ${names}.`);
  throw new CommandError(name === undefined ? `There are several targets: say which one with --target (${names}).` : `Several stacks have a target '${name}': choose with --stacks PREFIX.`);
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
