import { machineTime } from '../../../core/clock.ts';
import type { LaptopContext } from '../../../core/context.ts';
import { parseResource, TaskFailure } from '../../../states/index.ts';
import type { Json, JsonObject, TaskContext, TaskResource } from '../../../states/index.ts';
import { callApi } from './api-call.ts';
import { optimizedIntegrations, sdkIntegrations } from './catalog.ts';
import type { Integration } from './catalog.ts';
import { jobKinds, jobResult } from './jobs.ts';
import type { JobKind } from './jobs.ts';
import { readInvocation } from './lambda.ts';

/** How often a `.sync` task looks at its job: soon at first, then less and less often. */
const poll = { firstMilliseconds: 50, factor: 1.5, mostMilliseconds: 1000, leastMachineMilliseconds: 20 };

/** Does the work of Task states under a role. */
export class TaskInvoker {
  readonly #context: LaptopContext;
  readonly #roleArn: string;
  readonly #sessionName: string;

  constructor(context: LaptopContext, roleArn: string, sessionName: string) {
    this.#context = context;
    this.#roleArn = roleArn;
    this.#sessionName = sessionName;
  }

  /** The interpreter's port: calls what the resource names. */
  async invoke(resource: string, args: Json, task: TaskContext): Promise<Json> {
    const parsed = parseResource(resource);
    if (parsed === undefined) throw new TaskFailure('States.Runtime', `The resource '${resource}' is none that the laptop can run.`);
    if (parsed.kind === 'lambda') {
      const answer = await this.#call('lambda', 'invoke', { FunctionName: resource, Payload: JSON.stringify(args) }, task);
      return readInvocation(answer).Payload;
    }
    const operation = parsed.operation.replace(/\.(sync(:2)?|waitForTaskToken)$/, '');
    if (parsed.pattern === 'sync') return this.#runJob(parsed, operation, args, task);
    const answer = await this.#call(parsed.service, operation, prepared(parsed.service, operation, args), task);
    return parsed.service === 'lambda' && operation === 'invoke' ? readInvocation(answer) : answer;
  }

  #call(service: string, operation: string, args: Json, task: TaskContext): Promise<JsonObject> {
    const isSdk = service.startsWith('aws-sdk:');
    const integration = integrationOf(service);
    const caller = this.#context.identity.role(task.roleArn ?? this.#roleArn, this.#sessionName);
    return callApi(this.#context, { integration, operation, args, caller, style: isSdk ? 'iso' : 'epoch-milliseconds', signal: task.signal });
  }

  async #runJob({ service, operation: pattern }: TaskResource, operation: string, args: Json, task: TaskContext): Promise<JsonObject> {
    const kind = jobKinds[`${service}:${operation}`];
    if (kind === undefined) throw new TaskFailure('States.Runtime', `The laptop cannot wait for ${service}:${pattern}: it knows ${Object.keys(jobKinds).join(', ')}.`);
    const input = prepared(service, operation, args);
    const started = await this.#call(service, operation, input, task);
    const id = started[kind.id] ?? (input as JsonObject)[kind.id] ?? null;
    task.submitted(started);
    try {
      return await this.#await(service, kind, id, task, pattern.endsWith(':2'));
    } catch (error) {
      // Nobody waits any more: Step Functions stops the job, as far as it can.
      if (task.signal.aborted) await this.#call(service, kind.stop, { [kind.id]: id }, { ...task, signal: AbortSignal.timeout(5000) }).catch(() => undefined);
      throw error;
    }
  }

  async #await(service: string, kind: JobKind, id: Json, task: TaskContext, parseTexts: boolean): Promise<JsonObject> {
    const { clock } = this.#context;
    for (let pause = poll.firstMilliseconds; ; pause = Math.min(pause * poll.factor, poll.mostMilliseconds)) {
      const job = await this.#call(service, kind.describe, { [kind.id]: id }, task);
      const status = String(job[kind.status]);
      if (kind.succeeded.includes(status)) return jobResult(kind, job, parseTexts);
      if (kind.failed.includes(status)) throw new TaskFailure('States.TaskFailed', JSON.stringify(jobResult(kind, job, false)));
      await clock.sleep(Math.max(pause, machineTime(clock, poll.leastMachineMilliseconds)), task.signal);
    }
  }
}

function integrationOf(service: string): Integration {
  const found = service.startsWith('aws-sdk:') ? sdkIntegrations[service.slice('aws-sdk:'.length)] : optimizedIntegrations[service];
  if (found === undefined) throw new TaskFailure('States.Runtime', `The laptop has no integration with ${service}.`);
  return found;
}

/** Arguments that may be given as any JSON where the API takes its text. */
function prepared(service: string, operation: string, args: Json): Json {
  const { Input: input = null, Payload: payload = null, ...rest } = args as JsonObject;
  switch (`${service}:${operation}`) {
    case 'lambda:invoke':
      return { ...rest, ...(payload === null ? {} : { Payload: JSON.stringify(payload) }) };
    case 'states:startExecution':
      return { ...rest, Input: input === null ? '{}' : typeof input === 'string' ? input : JSON.stringify(input) };
    default:
      return args;
  }
}
