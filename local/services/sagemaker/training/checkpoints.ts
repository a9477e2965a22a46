import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { CheckpointConfig } from './record.ts';
import { JobFailure } from './s3-transfer.ts';
import type { S3Transfer } from './s3-transfer.ts';

/** How often the folder is looked at while the program runs. */
const intervalMilliseconds = 2000;

/** What SageMaker writes beside the checkpoints itself, and what it leaves out. */
const leftOut = /\.sagemaker-(ignore|uploading|uploaded)$/;

/** Where a container finds its checkpoints, unless the job says otherwise. */
export const defaultCheckpointPath = '/opt/ml/checkpoints';

/** Keeps a job's checkpoints and their place in S3 the same: restored before the program starts, uploaded as it writes them. */
export class CheckpointSync {
  readonly #transfer: S3Transfer;
  readonly #folder: string;
  readonly #uri: string;
  readonly #seen = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #uploading = Promise.resolve();

  /** @throws {JobFailure} where the checkpoints lie outside of /opt/ml, which has no folder here */
  constructor(transfer: S3Transfer, base: string, { S3Uri, LocalPath = defaultCheckpointPath }: CheckpointConfig) {
    const local = path.posix.normalize(LocalPath);
    if (!local.startsWith('/opt/ml/')) throw new JobFailure(`ClientError: CheckpointConfig.LocalPath is "${LocalPath}": the laptop serves folders under /opt/ml, such as ${defaultCheckpointPath}`);
    this.#transfer = transfer;
    this.#folder = path.join(base, path.posix.relative('/opt/ml', local));
    this.#uri = S3Uri.replace(/\/$/, '');
  }

  /** Fetches what an earlier job left; there may be nothing. */
  async restore(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    await this.#transfer.fetchAll(`${this.#uri}/`, this.#folder);
    for (const name of this.#files()) this.#seen.set(name, this.#stamp(name));
  }

  /** Uploads from now on what the program writes. */
  watch(): void {
    this.#timer = setInterval(() => void this.#upload(), intervalMilliseconds);
  }

  /** Uploads what is left, however the program ended. @throws {JobFailure} where S3 refuses it */
  async finish(): Promise<void> {
    clearInterval(this.#timer);
    await this.#upload();
    await this.#uploading;
  }

  #upload(): Promise<void> {
    // One at a time, in their order. A refusal is told by `finish`.
    this.#uploading = this.#uploading.then(async () => {
      for (const name of this.#files()) {
        const stamp = this.#stamp(name);
        if (this.#seen.get(name) === stamp) continue;
        await this.#transfer.put(path.join(this.#folder, name), `${this.#uri}/${name.split(path.sep).join('/')}`);
        this.#seen.set(name, stamp);
      }
    });
    this.#uploading.catch(() => undefined);
    return this.#uploading;
  }

  #files(): string[] {
    const entries = readdirSync(this.#folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !leftOut.test(entry.name));
    return entries.map((entry) => path.relative(this.#folder, path.join(entry.parentPath, entry.name))).sort();
  }

  #stamp(name: string): string {
    const file = path.join(this.#folder, name);
    // The program removes old checkpoints as it goes.
    if (!existsSync(file)) return 'gone';
    const { size, mtimeMs } = statSync(file);
    return `${String(size)} ${String(mtimeMs)}`;
  }
}
