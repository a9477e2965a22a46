import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { createCloudWatch } from '../../../../local/services/cloudwatch/index.ts';
import { openEcs } from './harness.ts';
import type { Answer, EcsBench } from './harness.ts';

interface Balanced extends EcsBench {
  readonly loadBalancer: { readonly arn: string; readonly dnsName: string; readonly fullName: string };
  readonly targetGroup: string;
  readonly listener: string;
  readonly url: string;
  /** The service behind the target group. */
  behind(taskDefinition: string, more?: Record<string, unknown>): Promise<void>;
}

async function openBalanced(): Promise<Balanced> {
  const bench = await openEcs([createCloudWatch]);
  const { provision } = bench.bench;
  const { physicalId: arn, attributes } = await provision('AWS::ElasticLoadBalancingV2::LoadBalancer', 'Door', { Scheme: 'internal', LoadBalancerAttributes: [{ Key: 'idle_timeout.timeout_seconds', Value: '1' }] });
  const dnsName = String(attributes['DNSName']);
  const { physicalId: targetGroup } = await provision('AWS::ElasticLoadBalancingV2::TargetGroup', 'Tasks', { Port: 8080, Protocol: 'HTTP', TargetType: 'ip', HealthCheckPath: '/health', HealthCheckIntervalSeconds: 1, UnhealthyThresholdCount: 2 });
  // As a template may ask for its address before the listener is there.
  const { addresses } = bench.bench.context;
  expect(addresses.reach(`see https://${dnsName}/x`)).toMatch(/^see http:\/\/127\.0\.0\.1:\d+\/x$/);
  const { physicalId: listener } = await provision('AWS::ElasticLoadBalancingV2::Listener', 'Listener', { LoadBalancerArn: arn, Port: 443, Protocol: 'HTTPS', DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroup }] });
  return {
    ...bench,
    loadBalancer: { arn, dnsName, fullName: String(attributes['LoadBalancerFullName']) },
    targetGroup,
    listener,
    url: addresses.reach(`https://${dnsName}`),
    async behind(taskDefinition, more = {}) {
      await bench.service(taskDefinition, { LoadBalancers: [{ TargetGroupArn: targetGroup, ContainerName: 'server', ContainerPort: 8080 }], ...more });
      await expect.poll(async () => (await bench.described()).deployments?.[0]?.rolloutState, { timeout: 10_000 }).toBe('COMPLETED');
    },
  };
}

const ask = async (url: string, init?: RequestInit): Promise<Answer> => (await (await fetch(url, init)).json()) as Answer;

test('requests go round the healthy targets, with what a load balancer adds to them, and are counted', async () => {
  const balanced = await openBalanced();
  expect((await fetch(balanced.url)).status).toBe(503);
  await balanced.behind(await balanced.task({ VERSION: '1' }), { DesiredCount: 2 });
  const answers = await Promise.all(Array.from({ length: 6 }, (_, number) => ask(`${balanced.url}/path?q=${number}`, { method: 'POST', body: 'x'.repeat(100_000) })));
  expect(new Set(answers.map(({ pid }) => pid)).size).toBe(2);
  expect(answers[3]).toMatchObject({ url: '/path?q=3', headers: { 'x-forwarded-proto': 'https', 'x-forwarded-port': '443', 'x-forwarded-for': expect.stringContaining('127.0.0.1'), 'x-amzn-trace-id': expect.stringMatching(/^Root=1-/) } });

  const cloudwatch = new CloudWatchClient(balanced.bench.client);
  const sum = async (MetricName: string) => {
    const Dimensions = [{ Name: 'LoadBalancer', Value: balanced.loadBalancer.fullName }];
    const { Datapoints } = await cloudwatch.send(new GetMetricStatisticsCommand({ Namespace: 'AWS/ApplicationELB', MetricName, Dimensions, StartTime: new Date(Date.now() - 120_000), EndTime: new Date(Date.now() + 60_000), Period: 3600, Statistics: ['Sum', 'SampleCount'] }));
    return Datapoints?.reduce((total, { Sum = 0 }) => total + Sum, 0);
  };
  await expect.poll(() => sum('RequestCount')).toBe(7);
  expect([await sum('HTTPCode_Target_2XX_Count'), await sum('HTTPCode_ELB_5XX_Count')]).toEqual([6, 1]);
  expect(await sum('TargetResponseTime')).toBeGreaterThan(0);
});

test('a target that breaks off is a 502, one that is silent a 504', async () => {
  const { task, behind, url } = await openBalanced();
  await behind(await task());
  expect((await fetch(`${url}/crash`)).status).toBe(502);
  await expect.poll(async () => (await fetch(url)).status, { timeout: 5000 }).toBe(200);
  const silent = await fetch(`${url}/hang`);
  expect([silent.status, silent.headers.get('server')]).toEqual([504, 'awselb/2.0']);
});

test('a new version takes over without a failed request: its tasks are asked once they are healthy, the others answer to the end', async () => {
  const { task, behind, url } = await openBalanced();
  await behind(await task({ VERSION: '1' }));
  const seen = new Set<string>();
  const statuses = new Set<number>();
  let over = false;
  const clients = Array.from({ length: 4 }, async () => {
    while (!over) {
      const response = await fetch(`${url}/slow`);
      statuses.add(response.status);
      if (response.ok) seen.add(((await response.json()) as Answer).version);
    }
  });
  await expect.poll(() => seen.has('1')).toBe(true);
  await behind(await task({ VERSION: '2' }));
  await expect.poll(() => seen.has('2')).toBe(true);
  over = true;
  await Promise.all(clients);
  expect([...statuses]).toEqual([200]);
  expect((await ask(url)).version).toBe('2');
});

test('a version that never gets healthy behind its load balancer never gets a request', async () => {
  const balanced = await openBalanced();
  const breaker = { DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } } };
  const works = await balanced.task({ VERSION: '1' });
  await balanced.behind(works, breaker);
  await balanced.service(await balanced.task({ VERSION: '2', SICK: 'yes' }), { ...breaker, LoadBalancers: [{ TargetGroupArn: balanced.targetGroup, ContainerName: 'server', ContainerPort: 8080 }] });
  await expect.poll(async () => (await balanced.tasks('STOPPED')).map(({ stoppedReason }) => stoppedReason), { timeout: 10_000 }).toContain(`Task failed ELB health checks in (target-group ${balanced.targetGroup})`);
  expect((await ask(balanced.url)).version).toBe('1');
});

test('rules choose by path, host, method and header; answers of its own, redirects and weights', async () => {
  const balanced = await openBalanced();
  const { provision, context } = balanced.bench;
  await balanced.behind(await balanced.task());
  const rule = (Priority: number, Conditions: object[], Actions: object[]) => provision('AWS::ElasticLoadBalancingV2::ListenerRule', `Rule${Priority}`, { ListenerArn: balanced.listener, Priority, Conditions, Actions });
  const fixed = (StatusCode: string, MessageBody: string) => [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode, MessageBody, ContentType: 'text/plain' } }];
  await rule(20, [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/admin*'] } }], fixed('403', 'no'));
  await rule(10, [{ Field: 'path-pattern', Values: ['/admin/?'] }, { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['POST'] } }], fixed('201', 'first'));
  await rule(30, [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Test', Values: ['yes*'] } }, { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'a', Value: '1' }] } }], fixed('202', 'header'));
  await rule(40, [{ Field: 'path-pattern', Values: ['/none'] }], [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: balanced.targetGroup, Weight: 0 }, { TargetGroupArn: 'arn:of:another', Weight: 1 }] } }]);
  const { url } = balanced;
  expect((await fetch(`${url}/admin/x`)).status).toBe(403);
  expect(await (await fetch(`${url}/admin/x`, { method: 'POST' })).text()).toBe('first');
  expect((await fetch(`${url}/?a=1`, { headers: { 'x-test': 'yes, please' } })).status).toBe(202);
  expect((await fetch(`${url}/?a=2`, { headers: { 'x-test': 'yes' } })).status).toBe(200);
  expect((await fetch(`${url}/none`)).status).toBe(503);

  await provision('AWS::ElasticLoadBalancingV2::Listener', 'Plain', { LoadBalancerArn: balanced.loadBalancer.arn, Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }] });
  const redirected = await fetch(`${context.addresses.reach(`http://${balanced.loadBalancer.dnsName}`)}/a?b=c`, { redirect: 'manual' });
  expect([redirected.status, redirected.headers.get('location')]).toEqual([301, `${url}/a?b=c`]);
});

test('a service that is scaled to nothing leaves nobody to answer', async () => {
  const { task, behind, url, ecs, tasks } = await openBalanced();
  await behind(await task());
  await ecs.send(new UpdateServiceCommand({ cluster: 'cluster', service: 'service', desiredCount: 0 }));
  await expect.poll(async () => (await tasks()).length).toBe(0);
  expect((await fetch(url)).status).toBe(503);
});
