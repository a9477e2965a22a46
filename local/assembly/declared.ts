import type { ResourceDeclaration } from '../core/resource.ts';
import { physicalName } from './names.ts';
import type { DeployedResource, Environment } from './scope.ts';

/** Types whose `Ref` is their ARN. */
const refersByArn: ReadonlySet<string> = new Set(['AWS::CertificateManager::Certificate', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::SecretsManager::Secret', 'AWS::SNS::Topic', 'AWS::StepFunctions::Activity']);

/** The resource part of ARNs that do not read `<kind>/<name>`. */
const resourceParts: Readonly<Record<string, (name: string) => string>> = {
  'AWS::Logs::LogGroup': (name) => `log-group:${name}:*`,
  'AWS::SecretsManager::Secret': (name) => `secret:${name}`,
};

/** Services whose ARNs name no region. */
const global: ReadonlySet<string> = new Set(['budgets', 'cloudfront', 'iam', 'route53']);

/**
 * Stands in for a resource of a type that the laptop does not serve: its name or a generated one for
 * `Ref`, a well-formed ARN for `Arn`, and for any other attribute a text that is the same at every run.
 */
export function declaredResource(declaration: ResourceDeclaration, environment: Environment): DeployedResource {
  const name = ownName(declaration) ?? physicalName(declaration, 64);
  const arn = arnOf(declaration.type, name, environment);
  return {
    physicalId: refersByArn.has(declaration.type) ? arn : name,
    // Some attributes are what the template says itself, such as the value of a parameter in Parameter Store.
    attribute: (attribute) => declaration.properties[attribute] ?? (attribute === 'Arn' || attribute.endsWith('.Arn') ? arn : `${name}.${attribute}`),
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
