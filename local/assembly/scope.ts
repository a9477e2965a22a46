import { evaluateCondition } from './conditions.ts';
import { noValue, resolve } from './intrinsics.ts';
import type { AssemblyStack } from './manifest.ts';
import type { Scope } from './resolution.ts';
import { AssemblyError, type TemplateParameter } from './template.ts';

/** Where a stack lives. */
export interface Environment {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}

/** A resource that is up, as other resources see it. */
export interface DeployedResource {
  readonly physicalId: string;
  /** An attribute by its name, or undefined when it has none such. */
  attribute(name: string): unknown;
}

/** What a stack's templates are resolved against. */
export interface StackContext {
  readonly stack: AssemblyStack;
  readonly stackId: string;
  readonly environment: Environment;
  readonly parameters: Readonly<Record<string, string>>;
  /** The resources that are up already, by logical id. */
  readonly resources: ReadonlyMap<string, DeployedResource>;
  /** Exports of all stacks, by name. */
  readonly exports: ReadonlyMap<string, unknown>;
}

/** The scope of one place in a stack's template. */
export function stackScope(context: StackContext, place: string, keepDynamicReferences = false): Scope {
  const { template, stackName } = context.stack;
  const pseudo = pseudoParameters(context);
  const deciding: string[] = [];
  const scope: Scope = {
    place,
    keepDynamicReferences,
    ref(name) {
      if (Object.hasOwn(pseudo, name)) return pseudo[name];
      const parameter = template.Parameters?.[name];
      if (parameter) return parameterValue(name, parameter, context);
      return context.resources.get(name)?.physicalId;
    },
    getAtt(logicalId, attribute) {
      const resource = context.resources.get(logicalId);
      const value = resource?.attribute(attribute);
      if (value === undefined) throw new AssemblyError(`${place} asks for the attribute ${attribute} of ${logicalId}, which ${resource ? 'the laptop does not provide' : 'is not deployed (is its condition false?)'}.`);
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
      const decision = evaluateCondition(condition, scope, (value) => resolve(value, scope));
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
    'AWS::NoValue': noValue,
  };
}

function parameterValue(name: string, { Type, Default }: TemplateParameter, { stack, parameters }: StackContext): unknown {
  const given = parameters[name] ?? Default;
  if (given === undefined) throw new AssemblyError(`${stack.stackName} has the parameter ${name} without a default, and no value was given for it.`);
  // What lies in a real account's Parameter Store is not known here: its path stands in for it.
  const text = String(given);
  return Type === 'CommaDelimitedList' || Type.startsWith('List<') ? text.split(',').map((item) => item.trim()) : text;
}
