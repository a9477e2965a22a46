import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DescribeServicesCommand, DescribeTasksCommand, ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import type { Service, Task } from '@aws-sdk/client-ecs';
import { onTestFinished } from 'vitest';
import type { ImageProgram, LaptopContext } from '../../../../local/core/context.ts';
import type { ServiceModule } from '../../../../local/core/service-module.ts';
import { createEcs } from '../../../../local/services/ecs/index.ts';
import { temporaryDirectory } from '../../support/assembly.ts';
import { openBench, role } from '../harness.ts';
import type { Bench } from '../harness.ts';

/** A server whose ways are told by its environment and its requests. */
const server = `
import http from 'node:http';
if (process.env.CRASH === 'start') { console.error('I will not'); process.exit(3); }
const started = http.createServer((request, response) => {
  if (request.url === '/health') { response.statusCode = process.env.SICK === 'yes' ? 500 : 200; return response.end(); }
  if (request.url === '/crash') process.exit(7);
  if (request.url === '/hang') return;
  const answer = () => response.end(JSON.stringify({ version: process.env.VERSION, pid: process.pid, secret: process.env.SECRET, role: process.env.AWS_SESSION_TOKEN !== undefined, args: process.argv.slice(2), headers: request.headers, url: request.url, method: request.method }));
  if (request.url === '/slow') setTimeout(answer, 300); else request.resume().on('end', answer);
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => { if (process.env.STUBBORN !== 'yes') started.close(() => process.exit(0)); });
`;

/** What it answers. */
export interface Answer {
  readonly version: string;
  readonly pid: number;
  readonly secret?: string;
  readonly role: boolean;
  readonly args: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
}

/** A laptop's ECS with a server's image. */
export interface EcsBench {
  readonly bench: Bench;
  readonly ecs: ECSClient;
  /** Declares a task definition whose container has more variables, or more members. */
  task(environment?: Record<string, string>, container?: Record<string, unknown>): Promise<string>;
  /** Declares or changes the service. */
  service(taskDefinition: string, more?: Record<string, unknown>): Promise<unknown>;
  described(): Promise<Service>;
  tasks(status?: 'RUNNING' | 'STOPPED'): Promise<readonly Task[]>;
  /** Stops it before the test's end. */
  close(): Promise<void>;
}

/** Opens one for a test. */
export async function openEcs(modules: readonly ((context: LaptopContext) => ServiceModule)[] = []): Promise<EcsBench> {
  const script = path.join(temporaryDirectory(), 'server.mjs');
  writeFileSync(script, server);
  const program: ImageProgram = { image: /\/server:/, command: [process.execPath, script] };
  const bench = await openBench({ modules: [createEcs, ...modules], programs: [program] });
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await bench.close();
    open = false;
  };
  onTestFinished(close);
  const ecs = new ECSClient(bench.client);
  await bench.provision('AWS::ECS::Cluster', 'Cluster', { ClusterName: 'cluster' });
  return {
    bench,
    ecs,
    close,
    async task(environment = {}, container = {}) {
      const { physicalId } = await bench.provision('AWS::ECS::TaskDefinition', 'Task', {
        Family: 'server',
        Cpu: '256',
        RequiresCompatibilities: ['FARGATE'],
        TaskRoleArn: role,
        ExecutionRoleArn: role,
        ContainerDefinitions: [{ Name: 'server', Image: 'example.com/server:1', PortMappings: [{ ContainerPort: 8080 }], Environment: Object.entries(environment).map(([Name, Value]) => ({ Name, Value })), ...container }],
      });
      return physicalId;
    },
    service: async (TaskDefinition, more = {}) => {
      const provisioned = await bench.provision('AWS::ECS::Service', 'Service', { Cluster: 'cluster', ServiceName: 'service', TaskDefinition, DesiredCount: 1, LaunchType: 'FARGATE', ...more });
      await bench.ready();
      return provisioned;
    },
    described: async () => (await ecs.send(new DescribeServicesCommand({ cluster: 'cluster', services: ['service'] }))).services![0]!,
    async tasks(desiredStatus = 'RUNNING') {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: 'cluster', desiredStatus }));
      return taskArns.length === 0 ? [] : ((await ecs.send(new DescribeTasksCommand({ cluster: 'cluster', tasks: taskArns }))).tasks ?? []);
    },
  };
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
