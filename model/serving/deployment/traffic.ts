import type { DeploymentRecord, ServedModel } from '../record.ts';
import { promote } from './advance.ts';
import { type Author, type Change, written } from './change.ts';
import { deploy } from './deploy.ts';
import { DeploymentInProgress, NotPossible } from './errors.ts';
import { stopCanary } from './roll-back.ts';

/** A version and the share of the requests that it shall have. */
export interface Share {
  readonly model: ServedModel;
  /** 0 to 1. */
  readonly share: number;
}

/** How far the shares may be from 1 together. */
const tolerance = 1e-9;

/**
 * Shares the requests out between the stable version and one other, without an end. One that is not live yet is tried out first, as in a deployment; one version alone
 * takes all: a test ends so, either way.
 * @throws NotPossible where the shares do not fit what is live, DeploymentInProgress where a deployment is going on.
 */
export function setTraffic(current: DeploymentRecord | undefined, id: string, shares: readonly Share[], author: Author): Change {
  if (current === undefined) throw new NotPossible('Nothing was deployed yet: deploy a version first.');
  const sum = shares.reduce((total, { share }) => total + share, 0);
  if (shares.length === 0 || shares.length > 2 || Math.abs(sum - 1) > tolerance || shares.some(({ share }) => !(share >= 0 && share <= 1))) {
    throw new NotPossible(`The shares are ${shares.map(({ model, share }) => `${model.modelVersion}=${String(share * 100)} %`).join(', ')}, expected one version with 100 %, or two that are 100 % together.`);
  }
  const { stable, canary, rollout } = current;
  const others = shares.filter(({ model }) => model.modelPackageArn !== stable.modelPackageArn);
  const [other] = others;
  if (rollout !== undefined) {
    throw new DeploymentInProgress(`Version ${(canary?.model ?? stable).modelVersion} is being deployed (${rollout.id}, since ${rollout.startedAt}): its shares follow its plan. End it first: slipway promote, or slipway rollback.`);
  }
  if (other === undefined) return canary === undefined ? { kind: 'keep', why: `version ${stable.modelVersion} takes all requests already` } : stopCanary(current, 'the test is over', author);
  const isLive = canary?.model.modelPackageArn === other.model.modelPackageArn;
  if (others.length > 1 || (shares.length === 1 && !isLive)) {
    throw new NotPossible(`Version ${stable.modelVersion} is the stable one, expected it among the shares: requests are shared between it and one other. slipway deploy makes another version stable.`);
  }
  if (shares.length === 1) return promote(current, author);
  if (!isLive) return deploy(current, { id, model: other.model, plan: { kind: 'split', percent: other.share * 100 }, explicit: true }, author);
  if (canary.weight === other.share) return { kind: 'keep', why: 'the requests are shared out so already' };
  return written({ ...current, canary: { model: canary.model, weight: other.share } }, author);
}
