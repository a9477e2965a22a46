import { DataRejected } from '../shared/errors.ts';

/** Bytes for the reasons. Step Functions keeps 32 KiB of a cause, and Lambda writes the message into it twice: once as such, once in the stack. */
const messageBytes = 8_000;

/** The error for data that is refused, with every reason for which there is room, where all of them are, and where a copy of the data lies. */
export function rejection(dataset: string, reasons: readonly string[], violations: string, quarantine: string): DataRejected {
  const head = `${dataset} is refused for ${String(reasons.length)} ${reasons.length === 1 ? 'reason' : 'reasons'}: `;
  let text = '';
  for (const [index, reason] of reasons.entries()) {
    const next = `${text === '' ? '' : ' '}${reason}`;
    if (Buffer.byteLength(text + next) > messageBytes) {
      text += ` And ${String(reasons.length - index)} more.`;
      break;
    }
    text += next;
  }
  return new DataRejected(`${head}${text} All of it: ${violations}, and a copy of the data in quarantine: ${quarantine}`);
}
