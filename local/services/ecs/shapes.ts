/** Members whose keys are the user's own words. */
const verbatim: ReadonlySet<string> = new Set(['DockerLabels', 'Options', 'DriverOpts', 'Labels']);

/** CloudFormation's properties as the API of ECS writes them: with small first letters. */
export function fromTemplate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromTemplate);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), verbatim.has(name) ? member : fromTemplate(member)]));
}

/** The last part of a name that may be given as an ARN. */
export function nameIn(nameOrArn: string): string {
  return nameOrArn.split('/').at(-1) ?? nameOrArn;
}
