import { randomBytes } from 'node:crypto';
import type { LaptopContext } from '../../../core/context.ts';
import type { ResourceProvider } from '../../../core/resource.ts';
import { stableId } from '../ids.ts';
import type { UsagePlanProperties } from './types.ts';
import type { Usage } from './usage.ts';

/** API keys, usage plans, and which key is in which plan. */
export function usageProviders(context: LaptopContext, usage: Usage): ResourceProvider[] {
  return [apiKeyProvider(context, usage), usagePlanProvider(usage), usagePlanKeyProvider(usage)];
}

/** AWS::ApiGateway::ApiKey. A value that the template does not give is made once, and told. */
function apiKeyProvider({ store, emit }: LaptopContext, usage: Usage): ResourceProvider {
  const values = store.collection<string>('apigateway', 'api-key');
  return {
    type: 'AWS::ApiGateway::ApiKey',
    apply({ properties, stackName, logicalId, constructPath }) {
      const { Value: given, Enabled = false } = properties as { Value?: string; Enabled?: boolean | string };
      if (given !== undefined && given.length < 20) throw new Error(`The value of the API key has ${given.length} characters: expected at least 20.`);
      const id = stableId(10, stackName, logicalId);
      const value = given ?? values.get(id) ?? randomBytes(30).toString('base64url');
      if (given === undefined && values.get(id) === undefined) {
        values.put(id, value);
        emit({ type: 'notice', message: `The API key ${constructPath ?? logicalId} is ${value} (on AWS: aws apigateway get-api-key --api-key ${id} --include-value).` });
      }
      usage.keys.set(id, { id, value, enabled: String(Enabled) === 'true' });
      return { physicalId: id, attributes: { APIKeyId: id } };
    },
    remove({ physicalId }) {
      usage.keys.delete(physicalId);
      values.delete(physicalId);
    },
  };
}

/** AWS::ApiGateway::UsagePlan. */
function usagePlanProvider(usage: Usage): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::UsagePlan',
    apply({ properties, stackName, logicalId }) {
      const id = stableId(6, stackName, logicalId);
      usage.putPlan(id, properties as UsagePlanProperties);
      return { physicalId: id, attributes: { Id: id } };
    },
    remove: ({ physicalId }) => void usage.plans.delete(physicalId),
  };
}

/** AWS::ApiGateway::UsagePlanKey. */
function usagePlanKeyProvider(usage: Usage): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::UsagePlanKey',
    apply({ properties }) {
      const { KeyId, UsagePlanId } = properties as { KeyId: string; UsagePlanId: string };
      usage.members.add(`${UsagePlanId}/${KeyId}`);
      return { physicalId: `${KeyId}:${UsagePlanId}`, attributes: { Id: `${KeyId}:${UsagePlanId}` } };
    },
    remove: (_, { properties }) => void usage.members.delete(`${String(properties['UsagePlanId'])}/${String(properties['KeyId'])}`),
  };
}
