import path from 'node:path';
import type { LaptopContext } from '../../core/context.ts';
import type { ResourceProvider } from '../../core/resource.ts';
import type { AsyncInvocations } from './async-invocations.ts';
import { codeDirectory } from './code.ts';
import { checkConfiguration } from './configuration.ts';
import type { FunctionProperties } from './configuration.ts';
import type { Functions } from './functions.ts';
import { parseFunctionName } from './name.ts';

/** Lambda names have at most 64 characters. */
const longestName = 64;

/** AWS::Lambda::Function. */
export function functionProvider(context: LaptopContext, functions: Functions): ResourceProvider {
  return {
    type: 'AWS::Lambda::Function',
    apply(declaration, provision, previous) {
      const properties = declaration.properties as unknown as FunctionProperties;
      checkConfiguration(properties);
      const name = previous?.physicalId ?? properties.FunctionName ?? provision.physicalName(declaration, longestName);
      const code = properties.PackageType === 'Image' ? '' : codeDirectory(properties.Code, provision, path.join(context.stateDirectory, 'lambda', 'code'));
      const deployed = functions.deploy(name, properties, code, declaration.constructPath);
      if (deployed.unserved !== undefined) {
        context.emit({ type: 'notice', message: `${declaration.constructPath ?? declaration.logicalId} is declared but will not run: ${deployed.unserved}.` });
      }
      return { physicalId: name, attributes: { Arn: deployed.arn } };
    },
    remove: (previous) => functions.remove(previous.physicalId),
  };
}

/** AWS::Lambda::EventInvokeConfig. */
export function eventInvokeConfigProvider(queue: AsyncInvocations): ResourceProvider {
  return {
    type: 'AWS::Lambda::EventInvokeConfig',
    apply({ properties, logicalId }) {
      const { FunctionName, Qualifier, MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = properties as unknown as {
        FunctionName: string;
        Qualifier: string;
        MaximumRetryAttempts?: number;
        MaximumEventAgeInSeconds?: number;
        DestinationConfig?: { OnSuccess?: { Destination: string }; OnFailure?: { Destination: string } };
      };
      const { OnSuccess, OnFailure } = DestinationConfig ?? {};
      const { name } = parseFunctionName(FunctionName);
      queue.configure(name, Qualifier, {
        ...(MaximumRetryAttempts === undefined ? {} : { maximumRetryAttempts: Number(MaximumRetryAttempts) }),
        ...(MaximumEventAgeInSeconds === undefined ? {} : { maximumEventAgeSeconds: Number(MaximumEventAgeInSeconds) }),
        ...(OnSuccess === undefined ? {} : { onSuccess: OnSuccess.Destination }),
        ...(OnFailure === undefined ? {} : { onFailure: OnFailure.Destination }),
      });
      return { physicalId: `${name}|${Qualifier}|${logicalId}`, attributes: {} };
    },
    remove(previous) {
      const [name = '', qualifier = ''] = previous.physicalId.split('|');
      queue.configure(name, qualifier, undefined);
    },
  };
}
