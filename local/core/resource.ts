/** A resource of a template once its intrinsics are resolved. */
export interface ResourceDeclaration {
  readonly stackName: string;
  readonly logicalId: string;
  /** The CloudFormation type, such as `AWS::S3::Bucket`. */
  readonly type: string;
  /** Resolved properties: no intrinsic is left in them. */
  readonly properties: Record<string, unknown>;
  /** The construct path from the `aws:cdk:path` metadata, for messages. */
  readonly constructPath?: string;
  /** The template's own `Metadata`, such as `aws:asset:path`. */
  readonly metadata: Record<string, unknown>;
  /** How an update of the resource is to go, `UpdatePolicy`: resolved, too. */
  readonly updatePolicy?: Readonly<Record<string, unknown>>;
  /** What becomes of the resource when it leaves the template: `Retain` is decided by the engine, which then calls no `remove`. */
  readonly deletionPolicy?: string;
  /** What becomes of it when an update replaces it by one of another physical id. */
  readonly updateReplacePolicy?: string;
}

/** What a resource answers to `Ref` and `Fn::GetAtt`. */
export interface Provisioned {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Brings resources of one CloudFormation type into being, and keeps them as their declaration says. */
export interface ResourceProvider {
  readonly type: string;
  /** Whether it serves this very resource; one that it does not is kept as a declaration. @default - it serves all of its type */
  accepts?(declaration: ResourceDeclaration): Promise<boolean> | boolean;
  /** Creates the resource, or updates `previous` in place (keeping its data). Idempotent. Called at every start, so that services may keep their view in memory. */
  apply(declaration: ResourceDeclaration, context: ProvisionContext, previous?: Provisioned): Promise<Provisioned> | Provisioned;
  /** Removes the resource, which left the template or was replaced; not called for one that is to be retained. */
  remove?(previous: Provisioned, declaration: ResourceDeclaration): Promise<void> | void;
}

/** What a provider may need to know besides its declaration. */
export interface ProvisionContext {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** Where an asset lies on disk, from its S3 bucket and key in the template (asset manifest), or undefined. */
  assetPath(bucket: string, key: string): string | undefined;
  /**
   * Says that the update of the resource goes on after `apply` has returned: the stack is done when `work` is, and its update has failed when
   * `work` rejects. What becomes of the resource then is the provider's to see to.
   */
  settle(work: Promise<void>): void;
  /** A stable generated name, `<stack>-<logical id>-<hash>`, of at most `maxLength` characters; services that know lower case alone lower it. */
  physicalName(declaration: ResourceDeclaration, maxLength: number): string;
}
