import type { ServiceModel } from './model.ts';
import type { Protocol } from './protocol.ts';
import { awsJson } from './protocols/aws-json.ts';
import { awsQuery } from './protocols/aws-query.ts';
import { restJson } from './protocols/rest-json.ts';
import { restXml } from './protocols/rest-xml.ts';
import { rpcv2Cbor } from './protocols/rpcv2-cbor.ts';
import type { WireRequest } from './request.ts';

/** The protocol that a request speaks: told by the request, since two clients of one service may speak different ones. */
export function detectProtocol(request: WireRequest, model: ServiceModel | undefined): Protocol {
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') return rpcv2Cbor;
  if (request.headers['x-amz-target'] !== undefined) return awsJson;
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true || request.query.has('Action')) return awsQuery;
  return usesXml(model) ? restXml : restJson;
}

function usesXml(model: ServiceModel | undefined): boolean {
  const [first] = model?.operations.values() ?? [];
  return first?.rest === 'xml';
}
