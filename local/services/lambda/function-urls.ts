import type { ResourceProvider } from '../../core/resource.ts';
import type { Apis } from '../apigateway/apis.ts';
import { defaultRouteKey, parseRouteKey } from '../apigateway/routes.ts';
import type { CorsConfiguration } from '../apigateway/types.ts';
import type { Functions } from './functions.ts';
import { parseFunctionName } from './name.ts';

/** A function URL waits as long as a function may run. */
const longestMilliseconds = 900_000;

interface UrlProperties {
  readonly TargetFunctionArn: string;
  readonly Qualifier?: string;
  readonly AuthType: 'NONE' | 'AWS_IAM';
  readonly InvokeMode?: 'BUFFERED' | 'RESPONSE_STREAM';
  readonly Cors?: CorsConfiguration;
}

/** AWS::Lambda::Url: a function URL is an HTTP API with one route, on a port of its own. */
export function functionUrlProvider(functions: Functions, apis: Apis): ResourceProvider {
  return {
    type: 'AWS::Lambda::Url',
    async apply(declaration) {
      const { TargetFunctionArn, Qualifier, AuthType, InvokeMode, Cors } = declaration.properties as unknown as UrlProperties;
      const { name, qualifier = Qualifier } = parseFunctionName(TargetFunctionArn);
      const arn = qualifier === undefined ? functions.arn(name) : `${functions.arn(name)}:${qualifier}`;
      const id = idOf(name, qualifier);
      const url = await apis.open(id, Cors === undefined ? {} : { CorsConfiguration: Cors });
      const api = apis.find(id);
      api?.integrations.set('function', { ApiId: id, IntegrationType: 'AWS_PROXY', IntegrationUri: arn, PayloadFormatVersion: '2.0', TimeoutInMillis: longestMilliseconds, ...(InvokeMode === 'RESPONSE_STREAM' && { ResponseTransferMode: 'STREAM' }) });
      api?.routes.set('all', { ...parseRouteKey(defaultRouteKey), properties: { ApiId: id, RouteKey: defaultRouteKey, Target: 'integrations/function', AuthorizationType: AuthType } });
      api?.putStage({ ApiId: id, StageName: defaultRouteKey });
      return { physicalId: arn, attributes: { FunctionArn: arn, FunctionUrl: `${url}/` } };
    },
    remove: ({ physicalId }) => {
      const { name, qualifier } = parseFunctionName(physicalId);
      return apis.remove(idOf(name, qualifier));
    },
  };
}

function idOf(name: string, qualifier: string | undefined): string {
  return qualifier === undefined ? `url-${name}` : `url-${name}-${qualifier}`;
}
