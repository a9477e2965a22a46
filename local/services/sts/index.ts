import type { Caller } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { policyRegistry } from '../../iam/policies.ts';
import type { ServiceModule } from '../../core/service-module.ts';

/** AWS STS: who am I, and sessions of roles. */
export function createSts({ identity, store }: LaptopContext): ServiceModule {
  const { roles } = policyRegistry(store);
  return {
    services: [
      {
        name: 'sts',
        operations: {
          GetCallerIdentity: (_input, { caller }) => ({ Account: caller.accountId, Arn: caller.arn, UserId: userId(caller) }),

          AssumeRole({ RoleArn: roleArn, RoleSessionName: sessionName }, { caller }) {
            if (!/^arn:[^:]+:iam::\d{12}:role\/.+/.test(roleArn)) throw new AwsError('ValidationError', `${roleArn} is invalid`);
            // AWS does not tell a role that is not there from one that may not be assumed.
            if (roles.get(roleArn.split('/').at(-1))?.arn !== roleArn) throw new AwsError('AccessDenied', `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`, 403);
            const { accessKeyId, secretAccessKey, sessionToken, expiration } = identity.credentialsFor(roleArn, sessionName);
            const session = identity.role(roleArn, sessionName);
            return {
              Credentials: { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Expiration: expiration },
              AssumedRoleUser: { Arn: session.arn, AssumedRoleId: userId(session) },
              PackedPolicySize: 0,
            };
          },
        },
      },
    ],
    providers: [],
  };
}

/** The unique id of a principal: for a session, the role's name stands where AWS has the role's id. */
function userId({ arn }: Caller): string {
  return arn.split('/').slice(1).join(':');
}
