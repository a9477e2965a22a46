import type { LaptopContext } from '../../core/context.ts';
import type { ResourceProvider } from '../../core/resource.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { Capacities } from './capacity.ts';
import { ScalingApi, scalingOperations } from './operations.ts';
import { Scaler } from './scaler.ts';
import type { PolicyRecord, ScheduledActionRecord, TargetId } from './types.ts';

/** Application Auto Scaling: capacities that follow metrics, alarms and the clock. */
export function createApplicationAutoScaling(context: LaptopContext): ServiceModule {
  const capacities = new Capacities(context);
  const scaler = new Scaler(context, capacities);
  const api = new ScalingApi(context, scaler);
  return {
    services: [
      {
        name: 'application-autoscaling',
        operations: scalingOperations(api, scaler),
        ready() {
          for (const { value } of scaler.scheduled.list()) scaler.schedule(value);
          scaler.wake();
        },
        close: () => scaler.close(),
      },
    ],
    providers: [targetProvider(context, capacities, scaler, api), policyProvider(scaler, api)],
  };
}

type ScheduledProperties = Pick<ScheduledActionRecord, 'ScheduledActionName' | 'Schedule' | 'Timezone' | 'ScalableTargetAction'>;

/** AWS::ApplicationAutoScaling::ScalableTarget, with its scheduled actions. */
function targetProvider(context: LaptopContext, capacities: Capacities, scaler: Scaler, api: ScalingApi): ResourceProvider {
  return {
    type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    apply(declaration, _, previous) {
      const { ScheduledActions = [], ...target } = declaration.properties as unknown as TargetId & { readonly MinCapacity: number; readonly MaxCapacity: number; readonly ScheduledActions?: readonly ScheduledProperties[] };
      if (previous === undefined && !capacities.knows(target)) context.emit({ type: 'notice', message: `${declaration.constructPath ?? declaration.logicalId} is kept as a record: the laptop does not scale ${target.ScalableDimension}.` });
      const { ServiceNamespace, ResourceId, ScalableDimension } = api.putTarget(target);
      const id = { ServiceNamespace, ResourceId, ScalableDimension };
      const names = ScheduledActions.map(({ ScheduledActionName }) => ScheduledActionName);
      for (const { value } of scaler.scheduled.list(`${ServiceNamespace}|${ResourceId}|${ScalableDimension}|`)) if (!names.includes(value.ScheduledActionName)) api.removeScheduled(value);
      for (const action of ScheduledActions) api.putScheduled({ ...id, ...action });
      return { physicalId: `${ResourceId}|${ScalableDimension}|${ServiceNamespace}`, attributes: { Id: `${ResourceId}|${ScalableDimension}|${ServiceNamespace}` } };
    },
    remove: ({ physicalId }) => api.removeTarget(targetIn(physicalId)),
  };
}

/** AWS::ApplicationAutoScaling::ScalingPolicy. */
function policyProvider(scaler: Scaler, api: ScalingApi): ResourceProvider {
  return {
    type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
    apply({ properties }) {
      const { ScalingTargetId, ...policy } = properties as unknown as Omit<PolicyRecord, 'PolicyARN' | 'createdAt'> & { readonly ScalingTargetId?: string };
      const { PolicyARN, PolicyName } = api.putPolicy({ ...policy, ...(ScalingTargetId === undefined ? {} : targetIn(ScalingTargetId)) });
      return { physicalId: PolicyARN, attributes: { Arn: PolicyARN, PolicyName } };
    },
    remove({ physicalId }) {
      const policy = scaler.policies.list().find(({ value }) => value.PolicyARN === physicalId)?.value;
      if (policy !== undefined) api.removePolicy(policy);
    },
  };
}

/** What `Ref` of a scalable target is: `<resource>|<dimension>|<namespace>`. */
function targetIn(ref: string): TargetId {
  const [ResourceId = '', ScalableDimension = '', ServiceNamespace = ''] = ref.split('|');
  return { ServiceNamespace, ResourceId, ScalableDimension };
}
