import type { Provisioned } from '../core/resource.ts';
import { evaluateCondition } from './conditions.ts';
import { NO_VALUE, type Scope } from './intrinsics.ts';
import type { AssemblyStack } from './manifest.ts';
import { AssemblyError, type TemplateParameter } from './template.ts';

/** Where a stack lives. */
export interface Environment {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}

/** What a stack's templates are resolved against. */
export interface StackContext {
  readonly stack: AssemblyStack;
  readonly stackId: string;
  readonly environment: Environment;
  readonly parameters: Readonly<Record<string, string>>;
  /** The resources that are up already, by logical id. */
  readonly provisioned: ReadonlyMap<string, Provisioned>;
  /** Exports of all stacks, by name. */
  readonly exports: ReadonlyMap<string, unknown>;
}

/** The scope of one place in a stack's template. */
export function stackScope(context: StackContext, place: string): Scope {
  const { template, stackName } = context.stack;
  const pseudo = pseudoParameters(context);
  const deciding: string[] = [];
  const scope: Scope = {
    place,
    ref(name) {
      if (Object.hasOwn(pseudo, name)) return pseudo[name];
      const parameter = template.Parameters?.[name];
      if (parameter) return parameterValue(name, parameter, context);
      return context.provisioned.get(name)?.physicalId;
    },
    getAtt(logicalId, attribute) {
      const resource = context.provisioned.get(logicalId);
      const value = resource && attributeValue(resource.attributes, attribute);
      if (value === undefined) throw new AssemblyError(`${place} asks for the attribute ${attribute} of ${logicalId}, which ${resource ? `has ${Object.keys(resource.attributes).join(', ') || 'none'}` : 'is not deployed (is its condition false?)'}.`);
      return value;
    },
    importValue(name) {
      if (!context.exports.has(name)) throw new AssemblyError(`${place} imports ${name}, which no stack exports. Deploy the stack that does, in the same assembly.`);
      return context.exports.get(name);
    },
    condition(name) {
      const condition = template.Conditions?.[name];
      if (condition === undefined) throw new AssemblyError(`${place} names the condition ${name}, which ${stackName} does not declare.`);
      if (deciding.includes(name)) throw new AssemblyError(`The conditions of ${stackName} refer to each other in a circle: ${[...deciding, name].join(' → ')}.`);
      deciding.push(name);
      const decision = evaluateCondition(condition, scope);
      deciding.pop();
      return decision;
    },
    map(name, top, second) {
      const value = template.Mappings?.[name]?.[top]?.[second];
      if (value === undefined) throw new AssemblyError(`${place}: the mapping ${name} holds nothing under ${top}, ${second}.`);
      return value;
    },
  };
  return scope;
}

function pseudoParameters({ stack, stackId, environment }: StackContext): Record<string, unknown> {
  return {
    'AWS::AccountId': environment.accountId,
    'AWS::Region': environment.region,
    'AWS::Partition': environment.partition,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.stackName,
    'AWS::StackId': stackId,
    'AWS::NotificationARNs': [],
    'AWS::NoValue': NO_VALUE,
  };
}

function parameterValue(name: string, { Type, Default }: TemplateParameter, { stack, parameters }: StackContext): unknown {
  const given = parameters[name] ?? Default;
  if (given === undefined) throw new AssemblyError(`${stack.stackName} has the parameter ${name} without a default, and no value was given for it.`);
  // What lies in a real account's Parameter Store is not known here: its path stands in for it.
  const text = String(given);
  return Type === 'CommaDelimitedList' || Type.startsWith('List<') ? text.split(',').map((item) => item.trim()) : text;
}

/** Attributes may be nested: `Endpoint.Address` is a name of its own, or a path. */
function attributeValue(attributes: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  return name.split('.').reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined), attributes);
}
