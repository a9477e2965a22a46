/** Who makes a call: found from the access key that signed it, or the role under which the laptop acts. */
export interface Caller {
  readonly kind: 'operator' | 'role' | 'service' | 'anonymous';
  /** The principal's ARN as STS would tell it. */
  readonly arn: string;
  readonly accountId: string;
  /** For a role session: the role's ARN. */
  readonly roleArn?: string;
}

/** One AWS API call, whatever wire it came by. */
export interface Call {
  /** The SigV4 service name: `s3`, `states`, `lambda`, .. */
  readonly service: string;
  /** The operation as the SDK names it: `PutObject`. */
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly caller: Caller;
  readonly requestId: string;
  readonly region: string;
  /** Aborts when the client goes away. */
  readonly signal?: AbortSignal;
}

/** The output of an operation, in the shape of the SDK's output type. */
export type Output = Record<string, unknown>;

/** One served operation. Input and output have the SDK's shapes; errors are AwsError. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each operation knows its own input type; the wire has checked it against the SDK's schema
export type Operation = (input: any, call: Call) => Promise<Output> | Output;

/** An AWS service as far as the laptop serves it. */
export interface Service {
  /** The SigV4 service name. */
  readonly name: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Called once, when every resource of the assembly stands: goes on with what an earlier laptop left. */
  readonly ready?: () => Promise<void> | void;
  /** Called once on shutdown, after the last call: stop timers and child processes. */
  close?(): Promise<void> | void;
}

/** Makes a call under a caller: through the IAM decision and the handler, as if it had come by the wire. */
export type Dispatch = (call: Omit<Call, 'requestId' | 'region'> & { requestId?: string; region?: string }) => Promise<Output>;
