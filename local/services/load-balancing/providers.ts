import type { LaptopContext } from '../../core/context.ts';
import type { ProvisionContext, ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';
import { stableId } from '../apigateway/ids.ts';
import { fullName } from './load-balancers.ts';
import type { LoadBalancers } from './load-balancers.ts';
import { TargetGroup } from './target-group.ts';
import type { Action, Attribute, ListenerProperties, RuleProperties, TargetGroupProperties } from './types.ts';

/** Names of load balancers and target groups have at most 32 characters. */
const longestName = 32;

/** What stands in the place of a hosted zone that only AWS has. */
const canonicalZone = 'Z0000000000000';

/** The resource types of Elastic Load Balancing. */
export function loadBalancingProviders(context: LaptopContext, balancers: LoadBalancers): ResourceProvider[] {
  return [balancerProvider(context, balancers), groupProvider(context, balancers), listenerProvider(context, balancers), ruleProvider(balancers)];
}

/** AWS::ElasticLoadBalancingV2::LoadBalancer: an application load balancer on ports of this machine. */
function balancerProvider(context: LaptopContext, balancers: LoadBalancers): ResourceProvider {
  return {
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    async apply(declaration, provision) {
      const { Name, Type = 'application', Scheme = 'internet-facing', LoadBalancerAttributes = [], SecurityGroups = [] } = declaration.properties as { Name?: string; Type?: string; Scheme?: string; LoadBalancerAttributes?: readonly Attribute[]; SecurityGroups?: readonly string[] };
      const name = Name ?? shortName(declaration, provision);
      const kind = { application: 'app', network: 'net', gateway: 'gwy' }[Type] ?? 'app';
      const arn = arnOf(provision, `loadbalancer/${kind}/${name}/${idOf(declaration, name)}`);
      const dnsName = `${Scheme === 'internal' ? 'internal-' : ''}${name}-${idOf(declaration, 'dns').slice(0, 10)}.${provision.region}.elb.amazonaws.com`.toLowerCase();
      if (Type === 'application') (await balancers.open(arn, dnsName)).configure(LoadBalancerAttributes);
      else context.emit({ type: 'notice', message: `${placeOf(declaration)} is declared but answers nobody: the laptop runs application load balancers, and this one is of the type ${Type}.` });
      return { physicalId: arn, attributes: { LoadBalancerArn: arn, LoadBalancerName: name, LoadBalancerFullName: fullName(arn), DNSName: dnsName, CanonicalHostedZoneID: canonicalZone, SecurityGroups } };
    },
    remove: ({ physicalId }) => balancers.remove(physicalId),
  };
}

/** AWS::ElasticLoadBalancingV2::TargetGroup. */
function groupProvider(context: LaptopContext, balancers: LoadBalancers): ResourceProvider {
  return {
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    apply(declaration, provision) {
      const properties = declaration.properties as TargetGroupProperties;
      const name = properties.Name ?? shortName(declaration, provision);
      const arn = arnOf(provision, `targetgroup/${name}/${idOf(declaration, name)}`);
      const standing = balancers.group(arn);
      standing?.configure(properties);
      const group = standing ?? new TargetGroup(name, arn, properties);
      balancers.putGroup(group);
      for (const { Id, Port = properties.Port ?? 80 } of properties.Targets ?? []) {
        if (/^127\.|^localhost$/.test(Id)) group.register(Number(Port));
        else context.emit({ type: 'notice', message: `${placeOf(declaration)} names the target ${Id}, which the laptop does not reach: it forwards to the tasks of services, and to 127.0.0.1.` });
      }
      return { physicalId: arn, attributes: { TargetGroupArn: arn, TargetGroupName: name, TargetGroupFullName: group.fullName, LoadBalancerArns: [] } };
    },
    remove: ({ physicalId }) => balancers.removeGroup(physicalId),
  };
}

/** AWS::ElasticLoadBalancingV2::Listener. */
function listenerProvider(context: LaptopContext, balancers: LoadBalancers): ResourceProvider {
  return {
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    async apply(declaration) {
      const properties = declaration.properties as unknown as ListenerProperties;
      const port = Number(properties.Port ?? (properties.Protocol === 'HTTPS' ? 443 : 80));
      const arn = `${properties.LoadBalancerArn.replace(':loadbalancer/', ':listener/')}/${idOf(declaration, String(port))}`;
      const balancer = balancers.find(properties.LoadBalancerArn);
      tellUnserved(context, declaration, properties.DefaultActions);
      if (balancer !== undefined) {
        balancer.listen(port, properties);
        balancers.putListener(arn, properties.LoadBalancerArn, port);
        balancers.publish(properties.LoadBalancerArn, port, await balancers.openPort(properties.LoadBalancerArn, port));
      }
      return { physicalId: arn, attributes: { ListenerArn: arn, Port: port, LoadBalancerArn: properties.LoadBalancerArn } };
    },
    remove: ({ attributes }) => balancers.find(String(attributes['LoadBalancerArn']))?.unlisten(Number(attributes['Port'])),
  };
}

/** AWS::ElasticLoadBalancingV2::ListenerRule. */
function ruleProvider(balancers: LoadBalancers): ResourceProvider {
  return {
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    apply(declaration) {
      const rule = declaration.properties as unknown as RuleProperties;
      const arn = `${rule.ListenerArn.replace(':listener/', ':listener-rule/')}/${idOf(declaration, 'rule')}`;
      const listener = balancers.listener(rule.ListenerArn);
      listener?.balancer.putRule(listener.port, arn, rule);
      return { physicalId: arn, attributes: { RuleArn: arn, IsDefault: false } };
    },
    remove({ physicalId }, { properties }) {
      const listener = balancers.listener(String(properties['ListenerArn']));
      listener?.balancer.removeRule(listener.port, physicalId);
    },
  };
}

function tellUnserved(context: LaptopContext, declaration: ResourceDeclaration, actions: readonly Action[]): void {
  const authenticating = actions.find(({ Type }) => Type.startsWith('authenticate-'));
  if (authenticating !== undefined) context.emit({ type: 'notice', message: `${placeOf(declaration)} authenticates by ${authenticating.Type}, which the laptop leaves out: whoever reaches this machine's port is let in.` });
}

function shortName(declaration: ResourceDeclaration, { physicalName }: ProvisionContext): string {
  return physicalName(declaration, longestName).replace(/[^A-Za-z0-9-]/g, '-').replace(/^-+|-+$/g, '');
}

/** Sixteen hexadecimal digits, as AWS has behind such names. */
function idOf({ stackName, logicalId }: ResourceDeclaration, part: string): string {
  return stableId(16, stackName, logicalId, part);
}

function arnOf({ partition, region, accountId }: ProvisionContext, resource: string): string {
  return `arn:${partition}:elasticloadbalancing:${region}:${accountId}:${resource}`;
}

function placeOf({ constructPath, logicalId }: ResourceDeclaration): string {
  return constructPath ?? logicalId;
}
