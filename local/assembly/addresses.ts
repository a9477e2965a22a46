/** Puts what is reachable here in the place of an address that only AWS's name servers know. */
export type Reach = (text: string) => string;

/**
 * Addresses of APIs as templates put them together, `https://<id>.execute-api.<region>.<suffix>`: where an API of that id runs here, its own.
 * @param urls the URLs of the APIs that are up, by id; looked at anew each time
 */
export function reachApis(urls: Readonly<Record<string, string>>): Reach {
  return (text) => text.replaceAll(/https?:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?![\w.-])/g, (address, id: string) => urls[id] ?? address);
}

/** Reaches every text within a value. */
export function reachAll(value: unknown, reach: Reach): unknown {
  if (typeof value === 'string') return reach(value);
  if (Array.isArray(value)) return value.map((item) => reachAll(item, reach));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, reachAll(item, reach)]));
}
