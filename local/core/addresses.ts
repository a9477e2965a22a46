/** Names that only AWS's name servers know, and where what they name is reachable on this machine. */
export class Addresses {
  /** Local URLs by `<host>:<port>`. */
  readonly #urls = new Map<string, string>();
  /** Other names of a host. */
  readonly #aliases = new Map<string, string>();

  /**
   * Makes a port of a host known.
   * @param url where it is here, without a slash at its end
   */
  publish(host: string, port: number, url: string): void {
    this.#urls.set(`${host.toLowerCase()}:${port}`, url);
  }

  /** Makes another name of a host known: one of Route 53's records. */
  alias(name: string, host: string): void {
    this.#aliases.set(plain(name), plain(host));
  }

  /** Forgets a host and its ports. */
  remove(host: string): void {
    for (const key of this.#urls.keys()) if (key.startsWith(`${host.toLowerCase()}:`)) this.#urls.delete(key);
    this.#aliases.delete(plain(host));
  }

  /** Where a port of a host is here, if it is. */
  find(host: string, port: number): string | undefined {
    const name = plain(host);
    return this.#urls.get(`${this.#aliases.get(name) ?? name}:${port}`);
  }

  /** Puts what is reachable here in the place of every URL within a text whose host is known. Loopback needs no TLS: `https` becomes `http`. */
  reach(text: string): string {
    return text.replaceAll(/(https?):\/\/([a-zA-Z0-9.-]+)(?::(\d+))?/g, (url, scheme: string, host: string, port?: string) => this.find(host, port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port)) ?? url);
  }
}

/** As names are compared: without the dot at their end, and without the prefix that CDK's aliases of load balancers have. */
function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '').replace(/^dualstack\./, '');
}
