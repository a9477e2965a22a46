import { advance, promote } from '../../model/serving/deployment/advance.ts';
import type { Author, Change } from '../../model/serving/deployment/change.ts';
import { deploy } from '../../model/serving/deployment/deploy.ts';
import type { RolloutPlan } from '../../model/spec/rollout-plan.ts';
import { rollBack, rollBackDeployment } from '../../model/serving/deployment/roll-back.ts';
import { changed, type Situation, situationOf } from '../../model/serving/deployment/situation.ts';
import { setTraffic } from '../../model/serving/deployment/traffic.ts';
import type { DeploymentRecord } from '../../model/serving/record.ts';
import { reasonOf } from '../shared/reason.ts';
import type { RollOutRequest } from './payload.ts';

/** What becomes of the record by a request. @throws DeploymentInProgress, NotPossible */
export function decide(current: DeploymentRecord | undefined, request: RollOutRequest, plan: RolloutPlan, now: Date): Change {
  // A step of a deployment is whose the deployment is.
  const isStep = request.action === 'advance' || request.action === 'withdraw';
  const author: Author = { run: ('by' in request ? request.by : undefined) ?? (isStep ? current?.run : undefined) ?? request.id, now };
  switch (request.action) {
    case 'deploy':
      return deploy(current, { id: request.id, model: request.model, plan: request.plan ?? plan, explicit: request.explicit, ...(request.again === undefined ? {} : { again: request.again || request.explicit }) }, author);
    case 'follow':
    case 'apply':
      return { kind: 'keep', why: 'it is looked at alone' };
    case 'traffic':
      return setTraffic(current, request.id, request.shares, author);
    case 'promote':
      return promote(current, author);
    case 'rollBack':
      return rollBack(current, request.reason, author);
    case 'advance':
      return advance(current, request.id, request.step, author);
    case 'withdraw':
      return rollBackDeployment(current, request.id, `${request.error}: ${reasonOf(request)}`, author);
  }
}

/**
 * How things stand after a request.
 * @param record the record as it is now.
 */
export function situationAfter(record: DeploymentRecord, request: RollOutRequest): Situation {
  const { id } = request;
  switch (request.action) {
    case 'promote':
    case 'rollBack':
    case 'apply':
      return changed(record, id);
    case 'traffic':
      // Shares of versions that are live stand at once; a version that is new to the target is tried out first.
      return record.rollout?.id === id || record.ended?.id === id ? situationOf(record, id) : changed(record, id);
    case 'deploy': {
      // The same deployment, under the name by which somebody else asked for it: it goes on under that one.
      const { rollout } = record;
      const up = record.canary?.model ?? record.stable;
      return situationOf(record, rollout !== undefined && up.modelPackageArn === request.model.modelPackageArn ? rollout.id : id, request.model);
    }
    default:
      return situationOf(record, id, request.model);
  }
}
