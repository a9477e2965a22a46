import { HttpError } from '../../../model/serving/http/error.ts';
import type { HttpRequest } from '../../../model/serving/http/message.ts';
import { accepts, clientOf, type Digests } from '../../shared/api-keys/digests.ts';

/** What checking keys needs of the world. */
export interface KeyPorts {
  /** @param client one of those that have a secret */
  readDigests(client: string): Promise<Digests>;
  now(): number;
  /** The digests could not be read. */
  onFailure(client: string, error: unknown): void;
}

/** How long digests are trusted: a key that its owner takes back is refused after that. */
const trustedMs = 60_000;

/** However many wrong keys come, the secret is not read more often. */
const pauseMs = 1_000;

interface Known {
  readonly digests: Digests;
  readonly readAt: number;
}

/**
 * Checks API keys against digests that are kept in memory. A key that they do not hold may be newer than they are: they are read once more
 * before it is refused.
 */
export class KeyChecker {
  private readonly header: string;
  private readonly clients: ReadonlySet<string>;
  private readonly ports: KeyPorts;
  private readonly known = new Map<string, Known>();

  /** Nothing is read before the first request. */
  constructor(header: string, clients: readonly string[], ports: KeyPorts) {
    this.header = header.toLowerCase();
    this.clients = new Set(clients);
    this.ports = ports;
  }

  /** @throws HttpError 401 without a valid key, 503 where it cannot be told. */
  async check({ headers }: HttpRequest): Promise<void> {
    const key = headers[this.header];
    if (key === undefined) throw refused(`The request has no API key, expected one in the header ${this.header}.`, this.header);
    const client = clientOf(key);
    if (client === undefined || !this.clients.has(client)) throw refused('The API key is not valid.', this.header);
    if (accepts(await this.trusted(client), key, this.ports.now())) return;
    if (accepts(await this.newest(client), key, this.ports.now())) return;
    throw refused('The API key is not valid: it was replaced, or never was one.', this.header);
  }

  private async trusted(client: string): Promise<Digests> {
    const known = this.known.get(client);
    if (known !== undefined && this.ports.now() - known.readAt < trustedMs) return known.digests;
    try {
      return await this.read(client);
    } catch (error) {
      this.ports.onFailure(client, error);
      // Who was let in stays in while Secrets Manager is away.
      if (known !== undefined) return known.digests;
      throw unavailable(error);
    }
  }

  private async newest(client: string): Promise<Digests> {
    const known = this.known.get(client);
    if (known !== undefined && this.ports.now() - known.readAt < pauseMs) return known.digests;
    try {
      return await this.read(client);
    } catch (error) {
      this.ports.onFailure(client, error);
      throw unavailable(error);
    }
  }

  private async read(client: string): Promise<Digests> {
    const digests = await this.ports.readDigests(client);
    this.known.set(client, { digests, readAt: this.ports.now() });
    return digests;
  }
}

function refused(message: string, header: string): HttpError {
  return new HttpError(401, 'Unauthorized', message, { headers: { 'www-authenticate': `ApiKey header="${header}"` } });
}

function unavailable(cause: unknown): HttpError {
  return new HttpError(503, 'AuthorizationUnavailable', 'Whether the API key is valid cannot be told at the moment. Try again.', { headers: { 'retry-after': '1' }, cause });
}
