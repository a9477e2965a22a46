import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Says why a finding of cdk-nag's AwsSolutions is right as it is, next to the construct that causes it. */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });
}

/** What is acknowledged already, for roles that are granted the same again and again. */
const acknowledged = new WeakMap<IConstruct, Set<string>>();

function acknowledgeOnce(construct: IConstruct, rule: string, reason: string): void {
  const rules = acknowledged.get(construct) ?? new Set();
  acknowledged.set(construct, rules);
  if (rules.has(rule)) return;
  rules.add(rule);
  acknowledge(construct, rule, reason);
}

/**
 * Acknowledges the wildcards among these resources, each by its exact finding, such as `IAM5[Resource::<Data1A2B.Arn>/raw/*]`.
 * What a resource is called in the template is known once references between stacks are made, so it is asked for at the end of synth.
 */
export function acknowledgeWildcards(construct: IConstruct, resources: readonly string[], reason: string): void {
  // References hold none: what has no asterisk here has none in the template, and need not be resolved.
  const wildcards = resources.filter((resource) => resource.includes('*'));
  if (wildcards.length === 0) return;
  construct.node.addValidation({
    validate: () => {
      for (const resource of wildcards) {
        const name = flatten(Stack.of(construct).resolve(resource));
        if (name.includes('*')) acknowledgeOnce(construct, `IAM5[Resource::${name}]`, reason);
      }
      return [];
    },
  });
}

/** A resource as cdk-nag writes it into the id of a finding: references in angle brackets. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('${', '<').replaceAll('}', '>');
  if (typeof value !== 'object' || value === null) return '';
  const [key, argument] = Object.entries(value)[0] as [string, unknown];
  if (key === 'Fn::Join') {
    const [delimiter, parts] = argument as [string, unknown[]];
    return parts.map(flatten).join(delimiter);
  }
  if (key === 'Fn::GetAtt') {
    const [resource, attribute] = argument as [unknown, unknown];
    return `<${flatten(resource)}.${flatten(attribute)}>`;
  }
  if (key === 'Fn::Sub' || key === 'Fn::ImportValue') return flatten(argument);
  if (key === 'Ref') return `<${flatten(argument)}>`;
  return JSON.stringify(value);
}
