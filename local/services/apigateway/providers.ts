import type { LaptopContext } from '../../core/context.ts';
import type { ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';
import type { Apis } from './apis.ts';
import { stableId } from './ids.ts';
import { unservedIntegration } from './integration.ts';
import { parseRouteKey } from './routes.ts';
import type { ApiProperties, AuthorizerProperties, IntegrationProperties, RouteProperties, StageProperties } from './types.ts';

/** Every resource type of the HTTP APIs. */
export function apiProviders(context: LaptopContext, apis: Apis): ResourceProvider[] {
  const tell = ({ constructPath, logicalId }: ResourceDeclaration, what: string): void => context.emit({ type: 'notice', message: `${constructPath ?? logicalId} ${what}.` });
  return [apiProvider(context, apis, tell), integrationProvider(apis, tell), routeProvider(apis), stageProvider(apis), authorizerProvider(apis)];
}

type Tell = (declaration: ResourceDeclaration, what: string) => void;

/** Properties of an API that declare routes in another way. */
const otherRoutes = ['Body', 'BodyS3Location', 'Target'];

/** AWS::ApiGatewayV2::Api. */
function apiProvider(context: LaptopContext, apis: Apis, tell: Tell): ResourceProvider {
  return {
    type: 'AWS::ApiGatewayV2::Api',
    async apply(declaration, provision, previous) {
      const properties = declaration.properties as ApiProperties;
      const id = previous?.physicalId ?? stableId(10, provision.accountId, provision.region, declaration.stackName, declaration.logicalId);
      const ignored = otherRoutes.filter((name) => name in declaration.properties);
      if (ignored.length > 0) tell(declaration, `has ${ignored.join(' and ')}, of which the laptop makes no routes: declare AWS::ApiGatewayV2::Route`);
      if (properties.ProtocolType === 'WEBSOCKET') {
        tell(declaration, 'is declared but will not run: it is a WebSocket API, and only HTTP APIs run on the laptop');
        return { physicalId: id, attributes: { ApiId: id, ApiEndpoint: `wss://${id}.execute-api.${context.region}.amazonaws.com` } };
      }
      return { physicalId: id, attributes: { ApiId: id, ApiEndpoint: await apis.open(id, properties) } };
    },
    remove: ({ physicalId }) => apis.remove(physicalId),
  };
}

/** AWS::ApiGatewayV2::Integration. */
function integrationProvider(apis: Apis, tell: Tell): ResourceProvider {
  return {
    type: 'AWS::ApiGatewayV2::Integration',
    apply(declaration) {
      const properties = declaration.properties as unknown as IntegrationProperties;
      const unserved = unservedIntegration(properties);
      if (unserved !== undefined) tell(declaration, `is declared but will not run: ${unserved}`);
      const id = childId(declaration);
      apis.find(properties.ApiId)?.integrations.set(id, properties);
      return { physicalId: id, attributes: { IntegrationId: id } };
    },
    remove: ({ physicalId }, { properties }) => void apis.find(String(properties['ApiId']))?.integrations.delete(physicalId),
  };
}

/** AWS::ApiGatewayV2::Route. */
function routeProvider(apis: Apis): ResourceProvider {
  return {
    type: 'AWS::ApiGatewayV2::Route',
    apply(declaration) {
      const properties = declaration.properties as unknown as RouteProperties;
      const id = childId(declaration);
      const api = apis.find(properties.ApiId);
      // The route keys of WebSocket APIs are names of any form.
      if (api !== undefined) api.routes.set(id, { ...parseRouteKey(properties.RouteKey), properties });
      return { physicalId: id, attributes: { RouteId: id } };
    },
    remove: ({ physicalId }, { properties }) => void apis.find(String(properties['ApiId']))?.routes.delete(physicalId),
  };
}

/** AWS::ApiGatewayV2::Stage. Every stage serves the routes as they are now, with or without AutoDeploy. */
function stageProvider(apis: Apis): ResourceProvider {
  return {
    type: 'AWS::ApiGatewayV2::Stage',
    apply({ properties }) {
      const stage = properties as unknown as StageProperties;
      apis.find(stage.ApiId)?.putStage(stage);
      return { physicalId: stage.StageName, attributes: {} };
    },
    remove: ({ physicalId }, { properties }) => apis.find(String(properties['ApiId']))?.removeStage(physicalId),
  };
}

/** AWS::ApiGatewayV2::Authorizer. */
function authorizerProvider(apis: Apis): ResourceProvider {
  return {
    type: 'AWS::ApiGatewayV2::Authorizer',
    apply(declaration) {
      const properties = declaration.properties as unknown as AuthorizerProperties;
      const id = childId(declaration);
      apis.find(properties.ApiId)?.authorizers.set(id, properties);
      return { physicalId: id, attributes: { AuthorizerId: id } };
    },
    remove: ({ physicalId }, { properties }) => void apis.find(String(properties['ApiId']))?.authorizers.delete(physicalId),
  };
}

/** The id of a part of an API: another one when it moves to another API, which replaces it. */
function childId({ stackName, logicalId, properties }: ResourceDeclaration): string {
  return stableId(7, String(properties['ApiId']), stackName, logicalId);
}
