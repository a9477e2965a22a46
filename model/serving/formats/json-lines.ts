import { decodeText, parseJsonText } from '../http/json.ts';
import { type Format, requireRows } from './format.ts';

/** A row a line, and an answer a line: `{"prediction", "probabilities"?}`. */
export const jsonLines: Format = {
  decode(bytes, _schema, maximumRows) {
    const lines = decodeText(bytes, 'body', 'JSON lines').split('\n');
    if (lines.at(-1)?.trim() === '') lines.pop();
    requireRows(lines.length, maximumRows);
    return lines.map((line, index) => parseJsonText(line, `rows[${String(index)}]`));
  },
  encode: (answers) => answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''),
};
