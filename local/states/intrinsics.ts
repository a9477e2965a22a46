import type { IntrinsicFunction } from './intrinsic-function.ts';
import { arrayFunctions } from './intrinsics-arrays.ts';
import { textFunctions } from './intrinsics-texts.ts';
import { EvaluationError } from './errors.ts';
import { parseIntrinsic, unescape, type IntrinsicNode } from './intrinsics-parse.ts';
import { evaluatePath, type Sources } from './jsonpath.ts';
import { plainText } from './plain-text.ts';
import type { Json } from './types.ts';

const functions: Readonly<Record<string, IntrinsicFunction>> = { ...arrayFunctions, ...textFunctions };

/** The names of the intrinsic functions. */
const intrinsicNames: readonly string[] = ['States.Format', ...Object.keys(functions).map((name) => `States.${name}`)];

/** The value of a call of an intrinsic function. */
export function evaluateIntrinsic(text: string, sources: Sources, random: () => number): Json {
  return evaluate(parseIntrinsic(text), { text, sources, random });
}

interface Scope {
  readonly text: string;
  readonly sources: Sources;
  readonly random: () => number;
}

function evaluate(node: IntrinsicNode, scope: Scope): Json {
  switch (node.kind) {
    case 'value':
      return node.value;
    case 'text':
      return unescape(node.raw);
    case 'path':
      return evaluatePath(node.path.text, scope.sources);
    case 'call':
      return call(node.name, node.args, scope);
  }
}

function call(name: string, nodes: readonly IntrinsicNode[], scope: Scope): Json {
  const [first, ...rest] = nodes;
  try {
    if (name === 'States.Format') return format(first, rest.map((node) => evaluate(node, scope)), scope);
    const implementation = functions[name.slice('States.'.length)];
    if (implementation === undefined) throw new Error(`there is no such function; known: ${intrinsicNames.join(', ')}`);
    return implementation(nodes.map((node) => evaluate(node, scope)), scope.random);
  } catch (error) {
    if (error instanceof EvaluationError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new EvaluationError('States.IntrinsicFailure', `The function '${scope.text}' failed in ${name}: ${message}`);
  }
}

function format(template: IntrinsicNode | undefined, values: readonly Json[], scope: Scope): Json {
  if (template === undefined) throw new Error('needs a template');
  const raw = template.kind === 'text' ? template.raw : evaluate(template, scope);
  if (typeof raw !== 'string') throw new Error(`the template must be a string, found ${JSON.stringify(raw)}`);
  let used = 0;
  const text = raw.replace(/\\([\s\S])|\{\}/g, (_, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    if (used >= values.length) throw new Error(`the template has more {} than there are arguments (${values.length})`);
    return plainText(values[used++]!);
  });
  if (used < values.length) throw new Error(`the template has ${used} {} for ${values.length} arguments`);
  return text;
}
