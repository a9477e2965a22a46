/** Another deployment is going on, or a test that a deployment would end. The message names it, and how to get on. */
export class DeploymentInProgress extends Error {
  override readonly name = 'DeploymentInProgress';
}

/** What is asked for does not fit what is live: no canary to promote, nothing to go back to, a version that is not there. */
export class NotPossible extends Error {
  override readonly name = 'NotPossible';
}
