import type { BadRequest } from '../bad-requests.ts';
import { columnNames, csvOf, jsonLinesOf, npyOf, type Row, rows, textNpyOf } from '../cases.ts';
import { request } from '../cases.ts';
import type { Random } from '../random.ts';
import { maximumRows } from '../target.ts';

const severalRows = (random: Random): Row[] => Array.from({ length: 1 + random.below(4) }, () => ({ ...random.of(rows) }));
const post = (random: Random, type: string, body: string | Buffer) => request('POST', random.of(['/predict/batch', '/invocations', '/invocations']), body, { 'content-type': type });
const csv = (random: Random, body: string) => post(random, 'text/csv', body);
const npy = (random: Random, body: Buffer) => post(random, 'application/x-npy', body);
const noText = { isNoText: true } as const;
const width = columnNames.length;

/** What is wrong with bodies other than JSON. */
export const badFormats: Readonly<Record<string, BadRequest>> = {
  'a CSV cell of a wrong type': (random) => {
    const several = severalRows(random);
    const [column, value] = random.of([['distance', 'far'], ['distance', '0x10'], ['distance', '1,5'], ['passengers', '2.5'], ['weekend', 'yes'], ['start', 'noon'], ['start', ''], ['station', 'nowhere'], ['distance', '1e400'], ['distance', '-1']] as const);
    const at = random.below(several.length);
    several[at] = { ...several[at], [column]: value === '' ? null : value };
    return { request: csv(random, csvOf(several)), status: 400, names: `rows[${String(at)}].${column}` };
  },
  'a CSV line of a wrong length': (random) => {
    const lines = csvOf(severalRows(random).map((row) => ({ ...row, note: null, station: 'north' }))).trimEnd().split('\n');
    const at = random.below(lines.length);
    lines[at] = random.of([`${lines[at]!},1`, lines[at]!.split(',').slice(1).join(','), '1', ',']);
    return { request: csv(random, lines.join('\n')), status: 400, names: `rows[${String(at)}]` };
  },
  'CSV with its quotes wrong': (random) => ({ request: csv(random, random.of(['"2026-03-07T14:05:00,1,1,true,north,x\n', '2026-03-07T14:05:00,1,1,true,no"rth,x', '"2026-03-07T14:05:00"x,1,1,true,north,x', '2026-03-07T14:05:00,1,1,true,north,x\r2026'])), status: 400, names: 'rows[0]' }),
  'CSV with a header': (random) => ({ request: csv(random, `${columnNames.join(',')}\n${csvOf(severalRows(random))}`), status: 400, names: 'header' }),
  'too much CSV': (random) => ({ request: csv(random, random.of(['\n'.repeat(200_000), csvOf(Array.from({ length: maximumRows + 1 }, () => random.of(rows)))])), status: 413, names: 'rows' }),
  'an empty body': (random) => ({ request: post(random, random.of(['text/csv', 'application/jsonlines', 'application/x-npy', 'application/octet-stream']), ''), status: 400, names: 'body' }),
  'text that is no UTF-8': (random) => ({ request: post(random, random.of(['text/csv', 'application/jsonlines']), Buffer.concat([Buffer.from(csvOf(severalRows(random))), Buffer.from([0xff])])), status: 400, names: 'UTF-8', ...noText }),
  'a broken JSON line': (random) => {
    const lines = jsonLinesOf(severalRows(random)).trimEnd().split('\n');
    const at = random.below(lines.length);
    lines[at] = random.of([lines[at]!.slice(0, -1), `${lines[at]!},`, 'NaN', '{"distance":NaN}', '{"a":1,"a":2}', '', '{"distance":1}{"distance":2}']);
    // An empty line that is the last one is the end of the one before.
    if (lines.at(-1) === '') lines.push(lines[0] === '' ? 'null' : lines[0]!);
    return { request: post(random, 'application/jsonlines', lines.join('\n')), status: 400, names: `rows[${String(at)}]` };
  },
  'a JSON line with a wrong value': (random) => {
    const several = severalRows(random);
    const at = random.below(several.length);
    several[at] = { ...several[at], weekend: 'yes' };
    return { request: post(random, 'application/jsonlines', several.map((row) => JSON.stringify(row)).join('\n')), status: 400, names: `rows[${String(at)}].weekend` };
  },
  'JSON on several lines': (random) => ({ request: post(random, 'application/jsonlines', JSON.stringify(random.of(rows), null, 2)), status: 400, names: 'rows[0]' }),
  'a .npy file that is cut off, or none': (random) => {
    const whole = textNpyOf(severalRows(random));
    return { request: npy(random, random.of([whole.subarray(0, random.below(whole.length)), Buffer.concat([whole, Buffer.from('x')]), Buffer.from('PK\x03\x04 an .npz file'), Buffer.from([...whole.subarray(0, 6), 9, ...whole.subarray(7)])])), status: 400, names: 'body', ...noText };
  },
  'a .npy file of another shape': (random) => ({ request: npy(random, random.of([npyOf("'<f4'", [2, 3], Buffer.alloc(24)), npyOf("'<f4'", [width + 1], Buffer.alloc(4 * (width + 1))), npyOf("'<f8'", [1, 1, width], Buffer.alloc(8 * width)), npyOf("'<f4'", [], Buffer.alloc(4))])), status: 400, names: 'shape', ...noText }),
  'a .npy file of other items': (random) => ({ request: npy(random, npyOf(random.of(["'|O'", "'<c8'", "'<M8[s]'", "'<f16'", "'|V8'", "'constructor'", "''", "'<U0'"]), [1, width], Buffer.alloc(96))), status: 400, names: 'dtype', ...noText }),
  'a .npy file without a whole header': (random) => ({ request: npy(random, Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([40, 0]), Buffer.from(random.of(["{'descr': '<f4', 'fortran_order': False, }", '{}', 'None']).padEnd(40))])), status: 400, names: 'shape', ...noText }),
  'numbers where a text belongs': (random) => ({ request: npy(random, npyOf(random.of(["'<f4'", "'<i4'", "'>u4'"]), [2, width], Buffer.alloc(8 * width))), status: 400, names: 'rows[0].start', ...noText }),
  'a record with another field': (random) => ({ request: npy(random, npyOf("[('start', '<U19'), ('speed', '<f4')]", [1], Buffer.concat([Buffer.from([...'2026-03-07T14:05:00'].flatMap((character) => [character.charCodeAt(0), 0, 0, 0])), Buffer.alloc(4)]))), status: 400, names: 'rows[0].speed', ...noText }),
  'too many items': (random) => ({ request: npy(random, random.of([npyOf("'<f4'", [1_000_000_000, width], Buffer.alloc(0)), npyOf("'|b1'", [maximumRows + 1, width], Buffer.alloc((maximumRows + 1) * width))])), status: 413, names: 'rows', ...noText }),
  'bytes of another number': (random) => ({ request: post(random, 'application/octet-stream', Buffer.alloc(4 * width * (1 + random.below(3)) + 1 + random.below(4 * width - 1))), status: 400, names: 'body', ...noText }),
  'bytes where a text belongs': (random) => ({ request: post(random, 'application/octet-stream', Buffer.alloc(4 * width * (1 + random.below(3)))), status: 400, names: 'rows[0].start', ...noText }),
};
