import type { AuthorizationChoice } from '../api-authorization.ts';
import { corsDefaults, keyDefaults } from '../defaults.ts';
import type { InferenceApiOptions } from '../inference-api-props.ts';
import type { ApiKeys } from './api-keys.ts';
import { allowedHeaders } from './front-doors/front-door.ts';

/** What the function is told of who may call. */
export function authorizationVariable(choice: AuthorizationChoice, keys: ApiKeys | undefined): object {
  if (choice.kind === 'jwt') {
    const { issuer, audience, scopes, jwksUri } = choice.props;
    return { kind: 'jwt', issuer, audience, scopes: scopes ?? [], ...(jwksUri === undefined ? {} : { jwksUri }) };
  }
  if (choice.kind === 'apiKeys') return { kind: 'apiKeys', header: choice.options.header ?? keyDefaults.header, secrets: keys!.digestArns() };
  return { kind: 'frontDoor' };
}

/** What the function is told of pages of other origins: only behind a REST API, which does not tell browsers itself. */
export function corsVariable({ cors, frontDoor }: InferenceApiOptions, choice: AuthorizationChoice): object {
  if (cors === undefined || frontDoor?._kind !== 'restApi') return {};
  return { origins: cors.allowOrigins, headers: allowedHeaders(cors, choice), expose: cors.exposeHeaders ?? [], maxAgeSeconds: (cors.maxAge ?? corsDefaults.maxAge).toSeconds() };
}
