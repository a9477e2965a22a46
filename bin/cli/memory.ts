import { readFileSync, readdirSync } from 'node:fs';

/** Watches the resident memory of this process and all that it started, summed, and keeps the peak. Linux only: elsewhere it stays undefined. */
export class MemoryWatch {
  #peak: number | undefined;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(intervalMs = 200) {
    if (process.platform !== 'linux') return;
    this.#timer = setInterval(() => {
      this.#sample();
    }, intervalMs);
    this.#timer.unref();
    this.#sample();
  }

  /** The largest sum seen, in MiB (2^20 bytes). */
  get peakMb(): number | undefined {
    return this.#peak === undefined ? undefined : Math.round(this.#peak / 1024);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    this.#peak = Math.max(this.#peak ?? 0, treeKb(process.pid));
  }
}

/** The resident kilobytes of a process and its descendants. Pages that several processes share count for each: an upper bound. */
export function treeKb(root: number): number {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    const status = statusOf(pid);
    return status === undefined ? [] : [{ pid: Number(pid), ...status }];
  });
  const family = new Set([root]);
  // Children carry higher pids almost always, but not after a wrap-around: go on until nothing is added.
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const each of processes) if (family.has(each.parent)) family.add(each.pid);
  }
  return processes.filter((each) => family.has(each.pid)).reduce((sum, each) => sum + each.rssKb, 0);
}

function statusOf(pid: string): { parent: number; rssKb: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0), rssKb: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) };
  } catch {
    return undefined; // it ended between the listing and the reading
  }
}
