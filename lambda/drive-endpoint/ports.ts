import type { DeploymentRecord } from '../../model/serving/record.ts';
import type { Attempt, Observed } from './decide.ts';
import type { Desired, DesiredConfig, DesiredModel } from './desired.ts';

/** What is remembered, and the condition under which it is replaced. */
export interface RememberedAttempt {
  readonly attempt: Attempt;
  readonly etag: string;
}

/** What the driver does to the world: each of them may be done twice. */
export interface EndpointPorts {
  record(): Promise<DeploymentRecord | undefined>;
  remembered(): Promise<RememberedAttempt | undefined>;
  /** @returns false where another driver was first. */
  remember(attempt: Attempt, replaced: RememberedAttempt | undefined): Promise<boolean>;
  observe(): Promise<Observed | undefined>;
  /** @throws ArtifactMismatch where the files are not those that were registered */
  verify(model: DesiredModel): Promise<void>;
  createModel(model: DesiredModel): Promise<void>;
  createConfig(config: DesiredConfig): Promise<void>;
  create(config: DesiredConfig): Promise<void>;
  update(config: DesiredConfig, guarded: boolean): Promise<void>;
  setWeights(weights: Desired['weights']): Promise<void>;
  delete(): Promise<void>;
  /** Lets the stable variant scale, or no longer. */
  scale(on: boolean): Promise<void>;
  /** Deletes the models and configurations that this endpoint needs no more. */
  cleanUp(config: DesiredConfig): Promise<void>;
  now(): Date;
}
