/** A model package group, as the store keeps it. */
export interface GroupRecord {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  /** ISO. */
  readonly creationTime: string;
  /** The highest version ever given: a deleted version's number is not used again. */
  readonly lastVersion: number;
}

/** The members of CreateModelPackage that the laptop acts on; the others are kept and described. */
export interface ModelPackageInput {
  readonly ModelPackageName?: string;
  readonly ModelPackageGroupName?: string;
  readonly ModelPackageDescription?: string;
  readonly InferenceSpecification?: { readonly Containers?: readonly ContainerInput[]; readonly SupportedContentTypes?: readonly string[]; readonly SupportedResponseMIMETypes?: readonly string[] };
  readonly SourceUri?: string;
  readonly ModelCard?: { readonly ModelCardContent?: string; readonly ModelCardStatus?: 'Draft' | 'PendingReview' | 'Approved' | 'Archived' };
  readonly ModelApprovalStatus?: ApprovalStatus;
  readonly CustomerMetadataProperties?: Readonly<Record<string, string>>;
  readonly ModelMetrics?: unknown;
  readonly DriftCheckBaselines?: unknown;
  readonly ClientToken?: string;
  readonly Tags?: readonly unknown[];
}

/** A container of an inference specification. */
export interface ContainerInput {
  readonly Image?: string;
  readonly ModelDataUrl?: string;
  readonly ModelDataSource?: { readonly S3DataSource?: { readonly S3Uri?: string; readonly S3DataType?: string; readonly CompressionType?: string } };
  readonly Environment?: Readonly<Record<string, string>>;
}

/** What a person or a gate says of a model package. */
export type ApprovalStatus = 'Approved' | 'Rejected' | 'PendingManualApproval';

/** A model package, as the store keeps it; times are ISO. */
export interface PackageRecord {
  readonly arn: string;
  /** The group's name, or the package's own where it has no group. */
  readonly name: string;
  readonly version?: number;
  readonly input: ModelPackageInput;
  readonly approvalDescription?: string;
  readonly creationTime: string;
  /** Who made it, as STS tells; not known of those that an older laptop made. */
  readonly createdBy?: string;
  readonly lastModifiedTime: string;
  /** Who changed it last; where it is as it was made, nobody. */
  readonly lastModifiedBy?: string;
}
