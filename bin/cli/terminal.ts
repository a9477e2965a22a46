import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Where a terminal's lines go. */
export type TerminalStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

const spinnerFrames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * What a person sees. Everything goes to one stream: standard output, or standard error where standard output carries
 * JSON for a machine. Colour and movement appear on a terminal only, and `NO_COLOR` is honoured.
 */
export class Terminal {
  readonly #stream: TerminalStream;
  #spinner: { timer: NodeJS.Timeout; frame: number; text: () => string } | undefined;

  constructor(options: { json: boolean; stream?: TerminalStream }) {
    this.#stream = options.stream ?? (options.json ? process.stderr : process.stdout);
  }

  /** Whether a line may be drawn over. */
  get moves(): boolean {
    return this.#stream.isTTY === true && process.env['TERM'] !== 'dumb';
  }

  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stream, validateStream: true });
  }

  line(text = ''): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
    this.#draw();
  }

  /** A line that something long is under way; on a terminal it moves until `stop` or the next `spin`. */
  spin(text: () => string): void {
    this.stop();
    if (!this.moves) return;
    const timer = setInterval(() => {
      this.#clear();
      this.#draw();
    }, 100);
    timer.unref();
    this.#spinner = { timer, frame: 0, text };
    this.#draw();
  }

  stop(): void {
    if (this.#spinner === undefined) return;
    clearInterval(this.#spinner.timer);
    this.#clear();
    this.#spinner = undefined;
  }

  #clear(): void {
    if (this.#spinner !== undefined) this.#stream.write('\r\u001b[2K');
  }

  #draw(): void {
    if (this.#spinner === undefined) return;
    this.#spinner.frame += 1;
    const frame = spinnerFrames[this.#spinner.frame % spinnerFrames.length] ?? '';
    this.#stream.write(`${this.style('cyan', frame)} ${this.#spinner.text()}`);
  }
}

/** `75.3 s`, `2 min 05 s`. */
export function duration(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return `${String(Math.floor(seconds / 60))} min ${String(Math.round(seconds % 60)).padStart(2, '0')} s`;
}

/** `3,000,000`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** One line of JSON on standard output, for a machine. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
