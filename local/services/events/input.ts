/** How a target's input is made from the event: at most one of the three. */
export interface InputShape {
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: { readonly InputPathsMap?: Readonly<Record<string, string>>; readonly InputTemplate: string };
}

/** The rule behind a delivery, for the variables that EventBridge itself provides. */
export interface RuleFacts {
  readonly arn: string;
  readonly name: string;
  readonly ingestionTime: Date;
}

/** The text that a target receives: JSON, unless a template says otherwise. */
export function targetInput({ Input, InputPath, InputTransformer }: InputShape, event: object, rule: RuleFacts): string {
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(atPath(event, InputPath) ?? null);
  if (InputTransformer === undefined) return JSON.stringify(event);
  const { InputPathsMap = {}, InputTemplate } = InputTransformer;
  const variables: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(InputPathsMap).map(([name, path]) => [name, atPath(event, path)])),
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': rule.ingestionTime.toISOString(),
    'aws.events.event': event,
    'aws.events.event.json': event,
  };
  return fillTemplate(InputTemplate, variables);
}

/** Fills `<name>` placeholders: within quotes with text, elsewhere with JSON. */
function fillTemplate(template: string, variables: Readonly<Record<string, unknown>>): string {
  let quoted = false;
  return template.replace(/\\.|"|<([^<>\s]+)>/gs, (text, name: string | undefined) => {
    if (text === '"') quoted = !quoted;
    if (name === undefined || !Object.hasOwn(variables, name)) return text;
    const value = variables[name];
    if (!quoted) return JSON.stringify(value ?? null);
    const plain = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
    return JSON.stringify(plain).slice(1, -1);
  });
}

/** The value at a JSON path of names and indexes, such as `$.detail.items[0].key` or `$['detail-type']`. */
function atPath(event: unknown, path: string): unknown {
  if (!path.startsWith('$')) throw new Error(`"${path}" is no JSON path: expected $ and names, such as $.detail.key.`);
  const steps = path.slice(1).matchAll(/\.([^.[\]]+)|\['([^']+)'\]|\["([^"]+)"\]|\[(\d+)\]/g);
  let value = event;
  for (const [, name, single, double, index] of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    const key = name ?? single ?? double ?? index ?? '';
    value = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}
