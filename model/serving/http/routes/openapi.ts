import { exampleRow } from '../../openapi/example.ts';
import { openApiDocument } from '../../openapi/document.ts';
import { parseRow } from '../../request.ts';
import type { Call } from '../call.ts';
import { jsonResponse } from '../error.ts';
import type { HttpResponse } from '../message.ts';

/** The OpenAPI document of the model that is served, with its own columns and a prediction of its own as examples. */
export async function openApi(call: Call): Promise<HttpResponse> {
  const served = await call.choose();
  const row = exampleRow(served.model);
  const [answer] = await served.model.predict([parseRow(row, served.model.schema)]);
  return jsonResponse(200, openApiDocument(served, { row, answer: answer! }, call.ports.maximumRows, call.ports.metricsText !== undefined));
}
