import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { AslMachine } from '../../../scripts/synth/definitions.ts';
import { statementsOf, testStack } from '../support.ts';
import { machineOf } from '../pipeline/machine.ts';

/** The names of the optional props of an interface: one that is added and has no case does not compile. */
export type Optional<Props> = { [Key in keyof Props]-?: object extends Pick<Props, Key> ? Key : never }[keyof Props];

/** One prop: a value other than its default, and where the template shows it. */
export interface PropCase<Props, Value> {
  readonly value: (stack: Stack) => Value;
  /** What else has to be said for the prop to mean something: it is said with and without the prop, and with no other. @default - nothing */
  readonly besides?: (stack: Stack) => Partial<Props>;
  /** Given without the others of its table, which it does not go with. @default false */
  readonly alone?: true;
  readonly shows: (rendered: Rendered) => unknown;
  /** What is shown with the prop, and not without it. */
  readonly as: unknown;
}

/** A case for each optional prop. */
export type PropCases<Props, Left = never> = { readonly [Key in Exclude<Optional<Props>, Left>]-?: PropCase<Props, Exclude<Props[Key], undefined>> };

/** A stack as its template has it. */
export class Rendered {
  readonly template: Template;
  private readonly stack: Stack;
  private found: AslMachine | undefined;

  constructor(stack: Stack) {
    this.stack = stack;
    this.template = Template.fromStack(stack);
  }

  /** The pipeline's, where there is one, else a target's. */
  private get machine(): AslMachine {
    return (this.found ??= machineOf(this.template));
  }

  /** What stands at a path in a state, such as `Arguments.Payload.gates`. */
  state(name: string, path: string): unknown {
    const states = { ...this.machine.States, ...this.machine.States['DeployModel']?.Branches?.[1]?.States };
    return at(states[name], path);
  }

  /** What stands at a path in what a state hands its function. */
  payload(name: string, path: string): unknown {
    return this.state(name, `Arguments.Payload.${path}`);
  }

  /** What the training job is asked for. */
  job(path: string): unknown {
    return this.state('TrainModel', `Arguments.${path}`);
  }

  /** What the machine itself says. */
  ofMachine(path: string): unknown {
    return at(this.machine, path);
  }

  /** What stands at a path in the properties of a resource; of the first whose logical id matches. */
  property(type: string, path: string, id = /./): unknown {
    return at(Object.entries(this.template.findResources(type)).find(([name]) => id.test(name))?.[1]['Properties'], path);
  }

  /** What stands at a path in a resource itself, such as its policy of deletion. */
  resource(type: string, path: string, id = /./): unknown {
    return at(Object.entries(this.template.findResources(type)).find(([name]) => id.test(name))?.[1], path);
  }

  /** The images that the app builds when it is deployed. */
  images(): unknown[] {
    const { dockerImages } = JSON.parse(readFileSync(path.join(Stage.of(this.stack)!.outdir, `${this.stack.artifactId}.assets.json`), 'utf8')) as { dockerImages: Record<string, { source: unknown }> };
    return Object.values(dockerImages).map(({ source }) => source);
  }

  /** What constructs leave in the assembly's metadata under a name. */
  metadata(type: string): unknown[] {
    return this.stack.node.findAll().flatMap(({ node }) => node.metadata.filter((entry) => entry.type === type).map(({ data }) => data as unknown));
  }

  count(type: string): number {
    return Object.keys(this.template.findResources(type)).length;
  }

  /** On what roles may do something. */
  allowed(role: RegExp, action: string): string[] {
    return statementsOf(this.template, role).filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources);
  }
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce((part, name) => (part as Record<string, unknown> | undefined)?.[name], value);
}

/** Makes what a table is of. It may answer another stack than the one that it is given. */
export type Construct<Props> = (stack: Stack, props: Partial<Props>) => unknown;

/**
 * A test for each prop of a table: the template shows it with the prop, and does not without. Those that go together are given together,
 * in one synthesis, which is the maximal case at once.
 */
export function testEachProp<Props, Left>(title: string, cases: PropCases<Props, Left>, construct: Construct<Props>): void {
  const entries = Object.entries<PropCase<Props, unknown>>(cases as never);
  const render = (props: (stack: Stack) => Partial<Props>): Rendered => {
    const stack = testStack();
    const made = construct(stack, props(stack));
    return new Rendered(made instanceof Stack ? made : stack);
  };
  const given = (stack: Stack, chosen: typeof entries) => Object.fromEntries(chosen.map(([name, { value }]) => [name, value(stack)])) as Partial<Props>;
  let minimal: Rendered | undefined;
  let maximal: Rendered | undefined;

  describe(`${title} honours`, () => {
    it.each(entries)('%s', (name, prop) => {
      const { besides, alone, shows, as } = prop;
      const without = besides === undefined ? (minimal ??= render(() => ({}))) : render(besides);
      expect(shows(without)).not.toEqual(as);
      const isAlone = besides !== undefined || alone === true;
      const shown = isAlone
        ? render((stack) => ({ ...besides?.(stack), ...given(stack, [[name, prop]]) }))
        : (maximal ??= render((stack) => given(stack, entries.filter(([, other]) => other.besides === undefined && other.alone === undefined))));
      expect(shows(shown)).toEqual(as);
    });
  });
}
