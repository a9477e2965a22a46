import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from '../../private/acknowledgements.ts';

/**
 * Lets functions ask how executions of a machine stand. In a policy of its own: the machine needs the function, which waits for
 * its role's default policy, which would need the machine.
 */
export function allowDescribeExecutions(scope: Construct, roles: readonly IRole[], stateMachine: StateMachine): void {
  const executions = Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${stateMachine.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const policy = new Policy(scope, 'DescribeExecutions', {
    roles: [...roles],
    statements: [new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executions] })],
  });
  acknowledgeWildcards(policy, [executions], 'Executions get their names at run time; the state machine is named.');
}
