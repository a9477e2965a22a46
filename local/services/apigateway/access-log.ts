/** The `$context` variables of one request, by their names behind `$context.`. */
export type LogVariables = Readonly<Record<string, string | number | undefined>>;

/**
 * A line of an access log, as the stage's format says; what has no value is `-`. Within a JSON format, values are
 * escaped, so that the line stays JSON whatever a client sends.
 */
export function accessLogLine(format: string, variables: LogVariables): string {
  const isJson = format.trimStart().startsWith('{');
  return format.replaceAll(/\$context\.([A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*)/g, (_, name: string) => {
    const value = String(variables[name] ?? '-');
    if (name === 'error.messageString') return value;
    return isJson ? JSON.stringify(value).slice(1, -1) : value.replaceAll(/[\r\n]/g, ' ');
  });
}
