import type { ResourceDeclaration } from '../core/resource.ts';
import { hashText, physicalName } from './names.ts';
import type { DeployedResource, Environment } from './scope.ts';

/** Types whose `Ref` is their ARN. */
const refersByArn: ReadonlySet<string> = new Set(['AWS::CertificateManager::Certificate', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::SecretsManager::Secret', 'AWS::SNS::Topic', 'AWS::StepFunctions::Activity']);

/** The resource part of ARNs that do not read `<kind>/<name>`. */
const resourceParts: Readonly<Record<string, (name: string) => string>> = {
  'AWS::Logs::LogGroup': (name) => `log-group:${name}:*`,
  'AWS::SecretsManager::Secret': (name) => `secret:${name}`,
};

/** Types whose `Ref` is an id that AWS makes up, and what that begins with. */
const idPrefixes: Readonly<Record<string, string>> = {
  'AWS::EC2::EIP': 'eipalloc-',
  'AWS::EC2::FlowLog': 'fl-',
  'AWS::EC2::InternetGateway': 'igw-',
  'AWS::EC2::LaunchTemplate': 'lt-',
  'AWS::EC2::NatGateway': 'nat-',
  'AWS::EC2::NetworkAcl': 'acl-',
  'AWS::EC2::NetworkInterface': 'eni-',
  'AWS::EC2::RouteTable': 'rtb-',
  'AWS::EC2::SecurityGroup': 'sg-',
  'AWS::EC2::SecurityGroupEgress': 'sgr-',
  'AWS::EC2::SecurityGroupIngress': 'sgr-',
  'AWS::EC2::Subnet': 'subnet-',
  'AWS::EC2::SubnetRouteTableAssociation': 'rtbassoc-',
  'AWS::EC2::VPC': 'vpc-',
  'AWS::EC2::VPCEndpoint': 'vpce-',
};

/** Attributes that templates take apart or hand on, and so need the form that AWS gives them. */
const knownAttributes: Readonly<Record<string, (id: string, environment: Environment) => Readonly<Record<string, unknown>>>> = {
  'AWS::EC2::LaunchTemplate': (id) => ({ LaunchTemplateId: id, LatestVersionNumber: '1', DefaultVersionNumber: '1' }),
  'AWS::EC2::NatGateway': (id) => ({ NatGatewayId: id }),
  'AWS::EC2::RouteTable': (id) => ({ RouteTableId: id }),
  'AWS::EC2::SecurityGroup': (id) => ({ Id: id, GroupId: id }),
  'AWS::EC2::Subnet': (id) => ({ SubnetId: id }),
  'AWS::EC2::VPC': (id) => ({ VpcId: id, DefaultSecurityGroup: id.replace('vpc-', 'sg-'), DefaultNetworkAcl: id.replace('vpc-', 'acl-'), CidrBlockAssociations: [], Ipv6CidrBlocks: [] }),
  'AWS::EC2::VPCEndpoint': (id) => ({ Id: id, DnsEntries: [], NetworkInterfaceIds: [] }),
  'AWS::ECR::Repository': (name, { accountId, region }) => ({ RepositoryUri: `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}` }),
  'AWS::Route53::HostedZone': (id) => ({ Id: id, NameServers: [] }),
};

/** Services whose ARNs name no region. */
const global: ReadonlySet<string> = new Set(['budgets', 'cloudfront', 'iam', 'route53']);

/**
 * Stands in for a resource of a type that the laptop does not serve: its name or a generated one for
 * `Ref`, a well-formed ARN for `Arn`, and for any other attribute a text that is the same at every run.
 */
export function declaredResource(declaration: ResourceDeclaration, environment: Environment): DeployedResource {
  const prefix = idPrefixes[declaration.type];
  const name = prefix === undefined ? (ownName(declaration) ?? physicalName(declaration, 64)) : prefix + hashText(`${declaration.stackName}/${declaration.logicalId}`, 17).toLowerCase();
  const arn = arnOf(declaration.type, name, environment);
  return {
    physicalId: refersByArn.has(declaration.type) ? arn : name,
    // Some attributes are what the template says itself, such as the value of a parameter in Parameter Store.
    attribute: (attribute) => declaration.properties[attribute] ?? knownAttributes[declaration.type]?.(name, environment)[attribute] ?? (attribute === 'Arn' || attribute.endsWith('.Arn') ? arn : `${name}.${attribute}`),
  };
}

/** The name that the template gives it: `LogGroupName` of a `LogGroup`, or `Name`. */
function ownName({ type, properties }: ResourceDeclaration): string | undefined {
  const name = properties[`${type.split('::').at(-1)}Name`] ?? properties['Name'];
  return typeof name === 'string' ? name : undefined;
}

function arnOf(type: string, name: string, { partition, region, accountId }: Environment): string {
  const [, service = 'custom', kind = 'resource'] = type.toLowerCase().split('::');
  const part = resourceParts[type]?.(name) ?? `${kind}/${name}`;
  return `arn:${partition}:${service}:${global.has(service) ? '' : region}:${accountId}:${part}`;
}
