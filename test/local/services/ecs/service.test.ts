import { CreateServiceCommand, DeleteServiceCommand, DescribeServicesCommand, DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, RunTaskCommand, StopTaskCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { isAlive, openEcs } from './harness.ts';
import type { Answer, EcsBench } from './harness.ts';

const deployed = { deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }] };
const steady = async ({ described }: EcsBench, runningCount = 1) => {
  await expect.poll(described, { timeout: 10_000 }).toMatchObject({ runningCount, pendingCount: 0, ...deployed });
};

async function ask(bench: EcsBench): Promise<Answer> {
  const [task] = await bench.tasks();
  const port = task!.containers![0]!.networkBindings![0]!.hostPort!;
  return (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Answer;
}

test('a service keeps its tasks: processes with the role of the task, replaced when they end, gone with the laptop', async () => {
  const bench = await openEcs();
  await bench.service(await bench.task({ VERSION: '1' }, { Command: ['serve', '--now'] }));
  await steady(bench);
  const first = await ask(bench);
  expect(first).toMatchObject({ version: '1', role: true, args: ['serve', '--now'] });
  expect(await bench.tasks()).toMatchObject([{ lastStatus: 'RUNNING', group: 'service:service', cpu: '256', containers: [{ name: 'server', image: 'example.com/server:1' }] }]);
  process.kill(first.pid, 'SIGKILL');
  await expect.poll(async () => (await bench.tasks('STOPPED'))[0]?.stoppedReason).toBe('Essential container in task exited: server (SIGKILL)');
  await expect.poll(() => ask(bench).catch(() => undefined), { timeout: 5000 }).toMatchObject({ version: '1' });
  const { pid } = await ask(bench);
  expect(pid).not.toBe(first.pid);
  await bench.close();
  expect(isAlive(pid)).toBe(false);
});

test('a service may have no tasks; a deployment that changes anything of it writes the count of its template, as on AWS', async () => {
  const bench = await openEcs();
  const taskDefinition = await bench.task();
  await bench.service(taskDefinition, { DesiredCount: 0 });
  await steady(bench, 0);
  await bench.ecs.send(new UpdateServiceCommand({ cluster: 'cluster', service: 'service', desiredCount: 2 }));
  await steady(bench, 2);
  await bench.service(taskDefinition, { DesiredCount: 0 });
  expect(await bench.described()).toMatchObject({ desiredCount: 2 });
  const next = await bench.task({ VERSION: '2' });
  await bench.service(next, { DesiredCount: undefined });
  await expect.poll(bench.described, { timeout: 10_000 }).toMatchObject({ desiredCount: 2, runningCount: 2, ...deployed });
  expect((await ask(bench)).version).toBe('2');
  await bench.service(next, { DesiredCount: 0, EnableECSManagedTags: true });
  expect(await bench.described()).toMatchObject({ desiredCount: 0 });
});

test('the circuit breaker goes back to the task definition that worked', async () => {
  const bench = await openEcs();
  const breaker = { DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } } };
  const works = await bench.task({ VERSION: '1' });
  await bench.service(works, breaker);
  await steady(bench);
  const { pid } = await ask(bench);
  await bench.service(await bench.task({ CRASH: 'start' }), breaker);
  await expect.poll(async () => (await bench.described()).deployments?.[0]?.rolloutStateReason, { timeout: 10_000 }).toMatch(/rolling back|completed/);
  await expect.poll(bench.described, { timeout: 10_000 }).toMatchObject({ taskDefinition: works, ...deployed });
  expect(await ask(bench)).toMatchObject({ version: '1', pid });
  expect(bench.bench.events).toContainEqual(expect.objectContaining({ type: 'notice', subject: 'service', message: expect.stringContaining('circuit breaker: tasks failed to start') }));
});

test('without a rollback it gives up; an image without a program is told of', async () => {
  const bench = await openEcs();
  await bench.service(await bench.task({}, { Image: 'example.com/unknown:1' }), { DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: false } } });
  await expect.poll(async () => (await bench.described()).deployments?.[0], { timeout: 10_000 }).toMatchObject({ rolloutState: 'FAILED', failedTasks: 3, runningCount: 0 });
  expect((await bench.tasks('STOPPED'))[0]).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: expect.stringContaining('CannotPullContainerError: no program stands in for the image "example.com/unknown:1"') });
});

test('a container is asked for its health by its command; one that is ill is replaced', async () => {
  const bench = await openEcs();
  const HealthCheck = { Command: ['CMD', process.execPath, '-e', 'fetch("http://localhost:8080/health").then(({ ok }) => process.exit(ok ? 0 : 1))'], Interval: 1, Retries: 2, StartPeriod: 0 };
  await bench.service(await bench.task({}, { HealthCheck }));
  await steady(bench);
  expect((await bench.tasks())[0]).toMatchObject({ healthStatus: 'HEALTHY' });
  await bench.service(await bench.task({ SICK: 'yes' }, { HealthCheck }));
  await expect.poll(async () => (await bench.tasks('STOPPED')).map(({ stoppedReason }) => stoppedReason), { timeout: 10_000 }).toContain('Task failed container health checks');
  expect((await bench.described()).deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }, { status: 'ACTIVE', runningCount: 1 }]);
});

test('a task that does not end when it is asked is killed after its time of grace', async () => {
  const bench = await openEcs();
  await bench.service(await bench.task({ STUBBORN: 'yes' }, { StopTimeout: 1 }));
  await steady(bench);
  const { pid } = await ask(bench);
  const [task] = await bench.tasks();
  await bench.ecs.send(new StopTaskCommand({ cluster: 'cluster', task: task!.taskArn!, reason: 'enough' }));
  expect(isAlive(pid)).toBe(true);
  await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
  expect((await bench.tasks('STOPPED')).find(({ taskArn }) => taskArn === task!.taskArn)).toMatchObject({ stoppedReason: 'enough', stopCode: 'UserInitiated' });
});

test('services and tasks by the API', async () => {
  const { ecs, tasks, task } = await openEcs();
  await task();
  const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand({ family: 'worker', containerDefinitions: [{ name: 'worker', image: 'example.com/server:2' }] }));
  expect(taskDefinition).toMatchObject({ revision: 1, status: 'ACTIVE' });
  expect((await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'worker' }))).taskDefinition).toEqual(taskDefinition);
  await ecs.send(new RunTaskCommand({ cluster: 'cluster', taskDefinition: 'worker' }));
  await expect.poll(async () => (await tasks()).map(({ lastStatus, group }) => [lastStatus, group])).toEqual([['RUNNING', 'family:worker']]);
  await ecs.send(new CreateServiceCommand({ cluster: 'cluster', serviceName: 'mine', taskDefinition: 'server', desiredCount: 0 }));
  await expect(ecs.send(new CreateServiceCommand({ cluster: 'cluster', serviceName: 'mine', taskDefinition: 'server' }))).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await ecs.send(new DeleteServiceCommand({ cluster: 'cluster', service: 'mine' }));
  expect(await ecs.send(new DescribeServicesCommand({ cluster: 'cluster', services: ['mine'] }))).toMatchObject({ services: [], failures: [{ reason: 'MISSING' }] });
  await expect(ecs.send(new UpdateServiceCommand({ cluster: 'cluster', service: 'mine' }))).rejects.toMatchObject({ name: 'ServiceNotFoundException' });
  await expect(ecs.send(new DescribeServicesCommand({ cluster: 'none', services: ['mine'] }))).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
});
