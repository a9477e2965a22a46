import type { LaptopContext } from '../../../core/context.ts';
import type { ProvisionContext, Provisioned, ResourceDeclaration, ResourceProvider } from '../../../core/resource.ts';
import { policyRegistry } from '../../../iam/policies.ts';
import { stableId } from '../ids.ts';
import type { DefinitionPart } from './definition.ts';
import { unservedIntegration } from './integration.ts';
import type { RestApis } from './rest-apis.ts';
import type { MethodProperties, ModelProperties, RestApiProperties, RestAuthorizerProperties, RestStageProperties } from './types.ts';
import { schemaOf } from './validation.ts';

type Tell = (declaration: ResourceDeclaration, what: string) => void;

/** The resource types that REST APIs are made of. */
export function restApiProviders(context: LaptopContext, apis: RestApis): ResourceProvider[] {
  const tell: Tell = ({ constructPath, logicalId }, what) => context.emit({ type: 'notice', message: `${constructPath ?? logicalId} ${what}.` });
  const part = partProvider(apis);
  return [
    restApiProvider(context, apis, tell),
    part('AWS::ApiGateway::Resource', 'resources', { attribute: 'ResourceId' }),
    part('AWS::ApiGateway::Method', 'methods', {
      key: (_, { properties }) => `${String(properties['ResourceId'])}/${String(properties['HttpMethod'])}`,
      check(declaration) {
        const { Integration } = declaration.properties as unknown as MethodProperties;
        const unserved = Integration && unservedIntegration(Integration);
        if (unserved !== undefined) tell(declaration, `is declared but will not run: ${unserved}`);
      },
    }),
    part('AWS::ApiGateway::Authorizer', 'authorizers', {
      attribute: 'AuthorizerId',
      check(declaration) {
        const { Type } = declaration.properties as unknown as RestAuthorizerProperties;
        if (Type === 'COGNITO_USER_POOLS') tell(declaration, 'asks a Cognito user pool, which the laptop has not: its methods refuse every request with 500. Use a TOKEN or REQUEST authorizer, or IAM, to try them here');
      },
    }),
    part('AWS::ApiGateway::RequestValidator', 'validators', { attribute: 'RequestValidatorId' }),
    part('AWS::ApiGateway::Model', 'models', { key: (id) => id, id: (declaration) => declaration.properties['Name'] as string | undefined, check: ({ properties }) => void schemaOf(properties as unknown as ModelProperties) }),
    part('AWS::ApiGateway::GatewayResponse', 'gatewayResponses', { key: (_, { properties }) => String(properties['ResponseType']) }),
    deploymentProvider(apis),
    stageProvider(apis, tell),
  ];
}

/** AWS::ApiGateway::RestApi. */
function restApiProvider(context: LaptopContext, apis: RestApis, tell: Tell): ResourceProvider {
  const policies = policyRegistry(context.store).resourcePolicies;
  const arnOf = (id: string): string => `arn:${context.partition}:execute-api:${context.region}:${context.accountId}:${id}`;
  return {
    type: 'AWS::ApiGateway::RestApi',
    async apply(declaration, provision, previous) {
      const properties = declaration.properties as RestApiProperties;
      const ignored = ['Body', 'BodyS3Location', 'CloneFrom'].filter((name) => name in declaration.properties);
      if (ignored.length > 0) tell(declaration, `has ${ignored.join(' and ')}, of which the laptop makes no methods: declare AWS::ApiGateway::Method`);
      const id = previous?.physicalId ?? stableId(10, provision.accountId, provision.region, declaration.stackName, declaration.logicalId);
      const rootId = stableId(10, id, 'root');
      await apis.open(id, rootId, properties);
      if (properties.Policy === undefined) policies.delete(arnOf(id));
      else policies.put(arnOf(id), { resourceArn: arnOf(id), document: properties.Policy, ...(declaration.constructPath !== undefined && { constructPath: declaration.constructPath }) });
      return { physicalId: id, attributes: { RestApiId: id, RootResourceId: rootId } };
    },
    async remove({ physicalId }) {
      policies.delete(arnOf(physicalId));
      await apis.remove(physicalId);
    },
  };
}

interface PartOptions {
  /** The attribute that is its id. @default - it has none */
  readonly attribute?: string;
  /** Under what it stands in the definition. @default - its id */
  readonly key?: (id: string, declaration: ResourceDeclaration) => string;
  /** The id that the template gives it. @default - one is made */
  readonly id?: (declaration: ResourceDeclaration) => string | undefined;
  readonly check?: (declaration: ResourceDeclaration) => void;
}

/** Makes providers of the parts of an API that are a record each. */
function partProvider(apis: RestApis) {
  return (type: string, part: DefinitionPart, { attribute, key = (id) => id, id: given, check }: PartOptions): ResourceProvider => ({
    type,
    apply(declaration: ResourceDeclaration, _provision: ProvisionContext): Provisioned {
      check?.(declaration);
      const apiId = String(declaration.properties['RestApiId']);
      const id = given?.(declaration) ?? stableId(6, apiId, declaration.stackName, declaration.logicalId);
      apis.find(apiId)?.put(part, key(id, declaration), declaration.properties as never);
      return { physicalId: id, attributes: attribute === undefined ? {} : { [attribute]: id } };
    },
    remove: ({ physicalId }, declaration) => apis.find(String(declaration.properties['RestApiId']))?.drop(part, key(physicalId, declaration)),
  });
}

/** AWS::ApiGateway::Deployment: a picture of the API as it is at that moment. */
function deploymentProvider(apis: RestApis): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::Deployment',
    apply({ properties, stackName, logicalId }) {
      const apiId = String(properties['RestApiId']);
      const id = stableId(6, apiId, stackName, logicalId);
      const api = apis.find(apiId);
      api?.deploy(id);
      // An older way to make a stage: by its deployment.
      if (typeof properties['StageName'] === 'string') api?.putStage({ RestApiId: apiId, StageName: properties['StageName'], DeploymentId: id });
      return { physicalId: id, attributes: { DeploymentId: id } };
    },
    remove: ({ physicalId }, { properties }) => apis.find(String(properties['RestApiId']))?.withdraw(physicalId),
  };
}

/** AWS::ApiGateway::Stage. */
function stageProvider(apis: RestApis, tell: Tell): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::Stage',
    apply(declaration, _, previous) {
      const stage = declaration.properties as unknown as RestStageProperties;
      if (String(stage.TracingEnabled) === 'true' && previous === undefined) tell(declaration, 'asks for X-Ray traces, of which the laptop keeps none');
      apis.find(stage.RestApiId)?.putStage(stage);
      return { physicalId: stage.StageName, attributes: {} };
    },
    remove: ({ physicalId }, { properties }) => apis.find(String(properties['RestApiId']))?.removeStage(physicalId),
  };
}
