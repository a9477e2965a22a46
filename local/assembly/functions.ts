import { cidrBlocks } from './cidr.ts';
import { evaluateCondition } from './conditions.ts';
import type { Resolve, Scope } from './resolution.ts';
import { AssemblyError } from './template.ts';

type Intrinsic = (argument: unknown, scope: Scope, resolve: Resolve) => unknown;

/** The intrinsic functions by their key in a template. */
export const functions: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => reference(String(name), scope),

  'Fn::GetAtt'(argument, scope, resolve) {
    const [logicalId = '', ...attribute] = typeof argument === 'string' ? argument.split('.') : list(argument, scope, 'Fn::GetAtt').map((part) => String(resolve(part)));
    return scope.getAtt(logicalId, attribute.join('.'));
  },

  'Fn::Join'(argument, scope, resolve) {
    const [delimiter, values] = list(argument, scope, 'Fn::Join');
    return list(resolve(values), scope, 'Fn::Join').map(String).join(String(delimiter));
  },

  'Fn::Sub'(argument, scope, resolve) {
    const [text, variables = {}] = Array.isArray(argument) ? (argument as [unknown, Record<string, unknown>?]) : [argument];
    return String(text).replace(/\$\{([^}]*)\}/g, (_, body: string) => {
      if (body.startsWith('!')) return `\${${body.slice(1)}}`;
      const name = body.trim();
      if (Object.hasOwn(variables, name)) return String(resolve(variables[name]));
      const [logicalId = '', ...attribute] = name.split('.');
      return String(attribute.length === 0 ? reference(name, scope) : scope.getAtt(logicalId, attribute.join('.')));
    });
  },

  'Fn::Select'(argument, scope, resolve) {
    const [index, values] = list(argument, scope, 'Fn::Select').map(resolve);
    const items = list(values, scope, 'Fn::Select');
    const item = items[Number(index)];
    if (item === undefined) throw new AssemblyError(`${scope.place}: Fn::Select asks for item ${String(index)} of a list of ${items.length}.`);
    return item;
  },

  'Fn::Split'(argument, scope, resolve) {
    const [delimiter, text] = list(argument, scope, 'Fn::Split').map(resolve);
    return String(text).split(String(delimiter));
  },

  'Fn::If'(argument, scope, resolve) {
    const [name, whenTrue, whenFalse] = list(argument, scope, 'Fn::If');
    return resolve(scope.condition(String(name)) ? whenTrue : whenFalse);
  },

  'Fn::FindInMap'(argument, scope, resolve) {
    const [map, top, second] = list(argument, scope, 'Fn::FindInMap').map((part) => String(resolve(part)));
    return scope.map(map ?? '', top ?? '', second ?? '');
  },

  'Fn::ImportValue': (name, scope, resolve) => scope.importValue(String(resolve(name))),
  'Fn::Base64': (text, _scope, resolve) => Buffer.from(String(resolve(text))).toString('base64'),

  'Fn::GetAZs'(region, scope, resolve) {
    const name = String(resolve(region) || reference('AWS::Region', scope));
    return ['a', 'b', 'c'].map((zone) => name + zone);
  },

  'Fn::Cidr'(argument, scope, resolve) {
    const [block, count, bits = 8] = list(argument, scope, 'Fn::Cidr').map(resolve);
    return cidrBlocks(String(block), Number(count), Number(bits));
  },

  'Fn::Length': (values, scope, resolve) => list(resolve(values), scope, 'Fn::Length').length,
  'Fn::ToJsonString': (value, _scope, resolve) => JSON.stringify(resolve(value)),
  'Fn::Equals': (argument, scope, resolve) => evaluateCondition({ 'Fn::Equals': argument }, scope, resolve),
  'Fn::And': (argument, scope, resolve) => evaluateCondition({ 'Fn::And': argument }, scope, resolve),
  'Fn::Or': (argument, scope, resolve) => evaluateCondition({ 'Fn::Or': argument }, scope, resolve),
  'Fn::Not': (argument, scope, resolve) => evaluateCondition({ 'Fn::Not': argument }, scope, resolve),
};

function reference(name: string, scope: Scope): unknown {
  const value = scope.ref(name);
  if (value === undefined) throw new AssemblyError(`${scope.place} refers to ${name}, which is neither a parameter nor a resource of its template.`);
  return value;
}

function list(value: unknown, scope: Scope, name: string): unknown[] {
  if (!Array.isArray(value)) throw new AssemblyError(`${scope.place}: ${name} takes a list and was given ${JSON.stringify(value)}.`);
  return value;
}
