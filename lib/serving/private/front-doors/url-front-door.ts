import { Fn } from 'aws-cdk-lib';
import { FunctionUrl, FunctionUrlAuthType, HttpMethod, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import type { FunctionUrlCorsOptions } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { allow } from '../../../private/permissions.ts';
import { corsDefaults } from '../../defaults.ts';
import { allowedHeaders, isCheckedInside } from './front-door.ts';
import type { FrontDoor, FrontDoorSettings } from './front-door.ts';

/** The function's own URL. */
export function createUrlFrontDoor(scope: Construct, settings: FrontDoorSettings): FrontDoor {
  const { props, target, authorization } = settings;
  const functionUrl = new FunctionUrl(scope, 'Url', {
    function: target,
    authType: isCheckedInside(authorization) ? FunctionUrlAuthType.NONE : FunctionUrlAuthType.AWS_IAM,
    invokeMode: props.frontDoor?._options.streaming === true ? InvokeMode.RESPONSE_STREAM : InvokeMode.BUFFERED,
    ...(props.cors === undefined ? {} : { cors: corsOf(settings) }),
  });
  const parts = Fn.split('/', functionUrl.url);
  return {
    // Without the slash at its end, as every other front door's.
    url: Fn.join('//', [Fn.select(0, parts), Fn.select(2, parts)]),
    functionUrl,
    grantInvoke(grantee) {
      // Both are asked for: the second holds for calls through the URL alone.
      allow(grantee, { actions: ['lambda:InvokeFunctionUrl'], resources: [target.functionArn], conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } } });
      allow(grantee, { actions: ['lambda:InvokeFunction'], resources: [target.functionArn], conditions: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } });
    },
  };
}

function corsOf({ props, authorization }: FrontDoorSettings): FunctionUrlCorsOptions {
  const cors = props.cors!;
  return {
    allowedOrigins: cors.allowOrigins,
    allowedMethods: [HttpMethod.GET, HttpMethod.POST],
    allowedHeaders: allowedHeaders(cors, authorization),
    ...(cors.exposeHeaders === undefined ? {} : { exposedHeaders: cors.exposeHeaders }),
    maxAge: cors.maxAge ?? corsDefaults.maxAge,
  };
}
