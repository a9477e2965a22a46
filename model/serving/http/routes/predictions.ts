import type { Answer } from '../../answer.ts';
import { describeValue, RequestError } from '../../errors.ts';
import { formatOf, jsonType } from '../../formats/formats.ts';
import type { Served } from '../../live-models.ts';
import { parseRow, parseRows } from '../../request.ts';
import { bodyOf } from '../body.ts';
import type { Call } from '../call.ts';
import { fieldsOf } from '../fields.ts';
import { parseJson } from '../json.ts';
import type { MediaType } from '../media-types.ts';
import { versionIn } from '../version.ts';
import { versionField } from '../version-names.ts';

/** The field of a JSON body that holds what is predicted: one row, or a list of them. */
export type RowsField = 'input' | 'inputs' | 'instances';

/** What a request was answered with, before it is written. */
export interface Predictions {
  readonly served: Served;
  readonly answers: readonly Answer[];
}

/**
 * Reads the rows of a request, and predicts them with the model that it asks for.
 * @param type of the body
 * @param field where a JSON body holds them; only for `input` must it be one row alone, also in other formats
 * @throws HttpError, RequestError
 */
export async function predictions(call: Call, type: MediaType, field: RowsField): Promise<Predictions> {
  const bytes = await bodyOf(call.request, call.ports.maximumBytes);
  const { maximumRows } = call.ports;
  if (type === jsonType) {
    const body = fieldsOf(parseJson(bytes), field, [versionField]);
    const served = await call.choose(versionIn(body[versionField]));
    const { schema } = served.model;
    return predicted(call, served, field === 'input' ? [parseRow(body[field], schema)] : parseRows(body[field], schema, maximumRows, field));
  }
  const served = await call.choose();
  const { schema } = served.model;
  const rows = formatOf(type).decode(bytes, schema, maximumRows);
  if (field === 'input' && rows.length !== 1) throw new RequestError('InvalidRow', [{ field: 'rows', found: describeValue(rows), expected: 'one row; /predict/batch takes several' }]);
  return predicted(call, served, parseRows(rows, schema, maximumRows, 'rows'));
}

async function predicted(call: Call, served: Served, rows: ReturnType<typeof parseRows>): Promise<Predictions> {
  const answers = await served.model.predict(rows);
  call.rows = rows.length;
  return { served, answers };
}
