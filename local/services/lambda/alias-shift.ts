import type { LaptopContext } from '../../core/context.ts';

/** What `UpdatePolicy.CodeDeployLambdaAliasUpdate` says. */
export interface AliasUpdatePolicy {
  readonly ApplicationName: string;
  readonly DeploymentGroupName: string;
  readonly BeforeAllowTrafficHook?: string;
  readonly AfterAllowTrafficHook?: string;
}

/** Which alias is to move. */
export interface AliasShift {
  readonly functionName: string;
  readonly alias: string;
  readonly currentVersion: string;
  readonly targetVersion: string;
}

const pollMilliseconds = 1000;

/** Has CodeDeploy move aliases that a template update changed, as CloudFormation does. It begins when the whole laptop is up. */
export class AliasShifts {
  readonly #context: LaptopContext;
  readonly #closing = new AbortController();
  #begin: () => void = () => undefined;
  readonly #up = new Promise<void>((resolve) => {
    this.#begin = resolve;
  });

  constructor(context: LaptopContext) {
    this.#context = context;
  }

  /** Everything stands: shifts begin. */
  ready(): void {
    this.#begin();
  }

  /** Follows no deployment any more. */
  close(): void {
    this.#closing.abort();
  }

  /**
   * Moves an alias to its new version.
   * @returns when it has moved; never, when the laptop ends before that: the next one begins anew
   * @throws when the deployment failed or was stopped
   */
  async run(policy: AliasUpdatePolicy, shift: AliasShift): Promise<void> {
    await this.#up;
    try {
      const id = await this.#create(policy, shift);
      for (;;) {
        await this.#context.clock.sleep(pollMilliseconds, this.#closing.signal);
        const { status, errorInformation: error } = (await this.#call('GetDeployment', { deploymentId: id }))['deploymentInfo'] as { status: string; errorInformation?: { message: string } };
        if (status === 'Succeeded') return;
        if (status === 'Failed' || status === 'Stopped') throw new Error(`The CodeDeploy deployment ${id} ${status === 'Failed' ? 'failed' : 'was stopped'}: ${error?.message ?? 'it gives no reason'}`);
      }
    } catch (error) {
      if (this.#closing.signal.aborted) await new Promise<never>(() => undefined);
      throw error;
    }
  }

  async #create(policy: AliasUpdatePolicy, { functionName, alias, currentVersion, targetVersion }: AliasShift): Promise<string> {
    const { BeforeAllowTrafficHook: before, AfterAllowTrafficHook: after } = policy;
    const content = JSON.stringify({
      version: 0,
      Resources: [{ [functionName]: { Type: 'AWS::Lambda::Function', Properties: { Name: functionName, Alias: alias, CurrentVersion: currentVersion, TargetVersion: targetVersion } } }],
      Hooks: [...(before === undefined ? [] : [{ BeforeAllowTraffic: before }]), ...(after === undefined ? [] : [{ AfterAllowTraffic: after }])],
    });
    const created = await this.#call('CreateDeployment', { applicationName: policy.ApplicationName, deploymentGroupName: policy.DeploymentGroupName, revision: { revisionType: 'AppSpecContent', appSpecContent: { content } } });
    return String(created['deploymentId']);
  }

  async #call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { dispatch, identity } = this.#context;
    return await dispatch({ service: 'codedeploy', operation, input, caller: identity.service('cloudformation.amazonaws.com') });
  }
}
