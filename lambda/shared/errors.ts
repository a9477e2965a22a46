/**
 * A failure of a task. `name` is what Step Functions sees (`Error`, matched by Catch and Retry) and stays stable;
 * the message is for people and names the place, what was found, what was expected and the fix.
 */
export class TaskError extends Error {
  override readonly name: string = 'TaskError';
}

/** An environment variable of the function is missing or cannot be used: the stack that deployed it is wrong. */
export class EnvironmentInvalid extends TaskError {
  override readonly name = 'EnvironmentInvalid';
}

/** The state machine (or a caller) sent a payload that the handler cannot read. Names the field. */
export class PayloadInvalid extends TaskError {
  override readonly name = 'PayloadInvalid';
}

/** The execution's name cannot be a part of the keys and URIs that a run makes. */
export class InvalidRunName extends TaskError {
  override readonly name = 'InvalidRunName';
}

/** The training job ended before the model was complete. */
export class TrainingStopped extends TaskError {
  override readonly name = 'TrainingStopped';
}

/** The training data breaks its declaration. The message lists the reasons. */
export class DataRejected extends TaskError {
  override readonly name = 'DataRejected';
}

/** An object that a step reads does not exist. */
export class DataNotFound extends TaskError {
  override readonly name = 'DataNotFound';
}

/** The training data is larger than the pipeline declares that it can be. */
export class DataTooLarge extends TaskError {
  override readonly name = 'DataTooLarge';
}

/** Bytes do not have the digest that was recorded for them. */
export class ArtifactMismatch extends TaskError {
  override readonly name = 'ArtifactMismatch';
}

/** A model archive lacks a file, or holds one that cannot be read. */
export class ArtifactInvalid extends TaskError {
  override readonly name = 'ArtifactInvalid';
}

/** A conditional write lost against another writer: the object is not what it was when it was read. */
export class WriteConflict extends TaskError {
  override readonly name = 'WriteConflict';
}

/** The endpoint does not answer as it should. The message holds URL, status and body. */
export class SmokeTestFailed extends TaskError {
  override readonly name = 'SmokeTestFailed';
}

/** Something is under way with the endpoint, and it cannot be stopped now. */
export class EndpointBusy extends TaskError {
  override readonly name = 'EndpointBusy';
}

/** A version that is to be released is not approved (any more). */
export class NotApproved extends TaskError {
  override readonly name = 'NotApproved';
}

/** A version that a rollback took out of service is deployed again only where somebody asks for it. */
export class VersionWithdrawn extends TaskError {
  override readonly name = 'VersionWithdrawn';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
