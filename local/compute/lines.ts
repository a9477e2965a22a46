import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut into several, so that a program without line breaks cannot fill the memory. */
const longestLine = 1 << 18;

/**
 * Hands each line of a text stream to `use`, the last one even without a line break.
 * @returns when the stream has ended
 */
export function eachLine(stream: Readable, use: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) use(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (rest.length <= longestLine) return;
    use(rest);
    rest = '';
  };
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
    stream.once('close', () => {
      take(decoder.end());
      if (rest !== '') use(rest);
      resolve();
    });
    stream.once('error', () => stream.destroy());
  });
}
