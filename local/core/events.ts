/** What observers (progress lines, tests, a fault plan) hear from the laptop. */
export type LaptopEvent = CallEvent | ResourceEvent | NoticeEvent | ServiceEvent;

/** An API call was answered. */
export interface CallEvent {
  readonly type: 'call';
  readonly service: string;
  readonly operation: string;
  readonly callerArn: string;
  readonly requestId: string;
  readonly milliseconds: number;
  /** The error's code when the call failed. */
  readonly error?: string;
}

/** A resource of a template came into being, changed, went, or is kept as a declaration alone. */
export interface ResourceEvent {
  readonly type: 'resource';
  readonly action: 'created' | 'updated' | 'removed' | 'retained' | 'declared';
  readonly stackName: string;
  readonly logicalId: string;
  readonly resourceType: string;
}

/** Something that a person should know once: a difference from AWS that acted, a fallback taken. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly message: string;
  /** Whom it concerns, such as a function's name: the same message may come for several. */
  readonly subject?: string;
}

/** A service's own news: a state entered, a job's log line, a Lambda invocation. */
export interface ServiceEvent {
  readonly type: 'service';
  readonly service: string;
  /** What happened, in the service's own words: `StateEntered`, `JobLog`. */
  readonly name: string;
  readonly detail: Readonly<Record<string, unknown>>;
}
