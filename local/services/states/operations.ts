import type { Operation, Output } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import { DefinitionError, parseDefinition } from '../../states/index.ts';
import { describeExecution, describeMachine, summarise } from './describe.ts';
import type { Executions } from './executions.ts';
import type { ExecutionRecord } from './execution-store.ts';
import type { Machines } from './machines.ts';
import type { TaskTokens } from './task-tokens.ts';

/** How many bytes of input an execution may start with. */
const inputLimit = 262_144;
const executionName = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;
const defaultPage = 100;
const longestPage = 1000;

/** The operations of AWS Step Functions that the laptop serves. */
export function stateOperations(machines: Machines, executions: Executions, tokens: TaskTokens): Readonly<Record<string, Operation>> {
  const { store } = executions;
  return {
    StartExecution({ stateMachineArn, name, input = '{}' }: { stateMachineArn: string; name?: string; input?: string }): Output {
      checkName(name);
      checkInput(input);
      const { executionArn, startDate } = executions.start(stateMachineArn, input, name);
      return { executionArn, startDate: new Date(startDate) };
    },
    DescribeExecution: ({ executionArn }: { executionArn: string }) => describeExecution(store.get(executionArn)),
    async StopExecution({ executionArn, error, cause }: { executionArn: string; error?: string; cause?: string }) {
      const { stopDate } = await executions.stop(executionArn, error, cause);
      return stopDate === undefined ? {} : { stopDate: new Date(stopDate) };
    },
    RedriveExecution({ executionArn }: { executionArn: string }): Output {
      const { redriveDate } = executions.redrive(executionArn);
      return redriveDate === undefined ? {} : { redriveDate: new Date(redriveDate) };
    },
    ListExecutions({ stateMachineArn, statusFilter, maxResults, nextToken }: { stateMachineArn: string; statusFilter?: string } & Paging): Output {
      machines.get(stateMachineArn);
      const found = store.list(stateMachineArn).filter(({ status }) => statusFilter === undefined || status === statusFilter);
      return paged('executions', found.map(summarise), { maxResults, nextToken });
    },
    GetExecutionHistory: (input: HistoryInput) => history(executions, input),
    DescribeStateMachine: ({ stateMachineArn }: { stateMachineArn: string }) => describeMachine(machines.get(stateMachineArn)),
    DescribeStateMachineForExecution({ executionArn }: { executionArn: string }): Output {
      const record = store.get(executionArn);
      const { stateMachineArn, stateMachineName: name, roleArn, revision } = record;
      return { stateMachineArn, name, roleArn, definition: machines.definition(revision), updateDate: new Date(record.startDate), revisionId: revision };
    },
    ListStateMachines(paging: Paging): Output {
      const found = machines.list().map(({ arn, name, type, creationDate }) => ({ stateMachineArn: arn, name, type, creationDate }));
      return paged('stateMachines', found, paging);
    },
    SendTaskSuccess({ taskToken, output }: { taskToken: string; output: string }): Output {
      tokens.succeed(taskToken, output);
      return {};
    },
    SendTaskFailure({ taskToken, error, cause }: { taskToken: string; error?: string; cause?: string }): Output {
      tokens.fail(taskToken, error, cause);
      return {};
    },
    SendTaskHeartbeat({ taskToken }: { taskToken: string }): Output {
      tokens.beat(taskToken);
      return {};
    },
    ValidateStateMachineDefinition: ({ definition }: { definition: string }) => validate(definition),
  };
}

interface Paging {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

interface HistoryInput extends Paging {
  readonly executionArn: string;
  readonly reverseOrder?: boolean;
  readonly includeExecutionData?: boolean;
}

function history(executions: Executions, { executionArn, reverseOrder = false, includeExecutionData = true, maxResults, nextToken }: HistoryInput): Output {
  const { store } = executions;
  const record: ExecutionRecord = store.get(executionArn);
  const limit = Math.min(maxResults === undefined || maxResults === 0 ? defaultPage : maxResults, longestPage);
  const last = reverseOrder ? store.lastEventId(record.executionArn) : 0;
  const start = readToken(nextToken) ?? (reverseOrder ? last : 0);
  const after = reverseOrder ? Math.max(0, start - limit) : start;
  const events = store.events(executionArn, after, reverseOrder ? start - after : limit);
  const end = reverseOrder ? after : (events.at(-1)?.id ?? after);
  const more = reverseOrder ? after > 0 : store.events(executionArn, end, 1).length > 0;
  const shown = includeExecutionData ? events : (withoutData(events) as typeof events);
  return { events: reverseOrder ? shown.reverse() : shown, ...(more ? { nextToken: writeToken(end) } : {}) };
}

/** The members that hold an execution's data, left out when the caller does not want them. */
const dataMembers = new Set(['input', 'output', 'parameters', 'assignedVariables']);

function withoutData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutData);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (dataMembers.has(key) ? [] : [[key, withoutData(item)]])));
}

function paged(member: string, items: readonly Output[], { maxResults, nextToken }: Paging): Output {
  const start = readToken(nextToken) ?? 0;
  const end = start + (maxResults === undefined || maxResults === 0 ? defaultPage : Math.min(maxResults, longestPage));
  return { [member]: items.slice(start, end), ...(end < items.length ? { nextToken: writeToken(end) } : {}) };
}

function writeToken(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}

function readToken(token: string | undefined): number | undefined {
  if (token === undefined) return undefined;
  const position = Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(position) || position < 0) throw new AwsError('InvalidToken', `Invalid Token: '${token}'`);
  return position;
}

function checkName(name: string | undefined): void {
  if (name !== undefined && !executionName.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

function checkInput(input: string): void {
  const bytes = Buffer.byteLength(input);
  if (bytes > inputLimit) {
    throw new AwsError('ValidationException', `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${inputLimit}, found ${bytes}`);
  }
  try {
    JSON.parse(input);
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${error instanceof Error ? error.message : String(error)}'`);
  }
}

function validate(definition: string): Output {
  try {
    parseDefinition(definition);
    return { result: 'OK', diagnostics: [], truncated: false };
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    const diagnostics = error.problems.map(({ path, message }) => ({ severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED', message, location: path }));
    return { result: 'FAIL', diagnostics, truncated: false };
  }
}
