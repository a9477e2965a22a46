import { LaptopError } from '../core/errors.ts';
/** A CloudFormation template as `cdk synth` writes it. */
export interface Template {
  readonly Description?: string;
  readonly Transform?: string | readonly string[];
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

/** A parameter's declaration. */
export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
}

/** What becomes of a resource that goes. */
export type RetentionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

/** A resource before its intrinsics are resolved. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: RetentionPolicy;
  readonly UpdateReplacePolicy?: RetentionPolicy;
  readonly UpdatePolicy?: Readonly<Record<string, unknown>>;
}

/** An output, which another stack may import when it is exported. */
export interface TemplateOutput {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

/** Something in an assembly that cannot be brought up as it stands. */
export class AssemblyError extends LaptopError {
  override readonly name = 'AssemblyError';
}
