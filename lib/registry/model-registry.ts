import { Fn, RemovalPolicy, Resource, Stack, Token } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { deploymentName } from '../private/deployment-name.ts';
import { allow } from '../private/permissions.ts';
import { validate } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import { allowOnVersions } from './private/versions.ts';

/** A model package group: the versions of one model. */
export interface IModelRegistry {
  /** The group's name. */
  readonly modelPackageGroupName: string;
  /** The group's ARN. */
  readonly modelPackageGroupArn: string;
  /** Lets a principal read the group and its versions. */
  grantRead(grantee: IGrantable): void;
  /** Lets a principal add versions to the group, and read them. */
  grantRegister(grantee: IGrantable): void;
  /** Lets a principal approve and reject the group's versions, and read them: who may decide what serves production. */
  grantApprove(grantee: IGrantable): void;
}

/** What a `ModelRegistry` may be told. */
export interface ModelRegistryProps {
  /**
   * The group's name. Lower case, since SageMaker writes names into ARNs in lower case and IAM compares them as they are.
   * @default - a name made from the construct's path and the first part of the stack's GUID: a stack that is deployed anew gets another
   * group, since the old one is retained and would be in the way
   */
  readonly modelPackageGroupName?: string;

  /**
   * What the group holds, for people.
   * @default - says that Slipway made it
   */
  readonly description?: string;

  /**
   * What happens to the group when its stack is deleted. A group that holds versions cannot be deleted.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - kept, but for that of a first deployment that failed
   */
  readonly removalPolicy?: RemovalPolicy;
}

const nameMaxLength = 63;
const descriptionMaxLength = 1024;

/** The registry of trained models: a SageMaker model package group, and who may read it or add to it. */
export class ModelRegistry extends Construct implements IModelRegistry {
  /** A group that exists already, in this account and region. */
  static fromModelPackageGroupName(scope: Construct, id: string, modelPackageGroupName: string): IModelRegistry {
    return new ImportedModelRegistry(scope, id, modelPackageGroupName);
  }

  /** The group. */
  readonly modelPackageGroup: CfnModelPackageGroup;
  readonly modelPackageGroupName: string;
  readonly modelPackageGroupArn: string;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: ModelRegistryProps = {}) {
    super(scope, id);
    validate(this, [validateName(props.modelPackageGroupName), validateDescription(props.description)]);
    this.modelPackageGroup = new CfnModelPackageGroup(this, 'Resource', {
      modelPackageGroupName: props.modelPackageGroupName ?? deploymentName(this, nameMaxLength),
      modelPackageGroupDescription: props.description ?? 'Models trained, gated and registered by Slipway.',
    });
    this.modelPackageGroup.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    this.modelPackageGroupArn = this.modelPackageGroup.attrModelPackageGroupArn;
    // Read from the ARN: the stack's GUID is another one where another stack asks for the name.
    this.modelPackageGroupName = props.modelPackageGroupName ?? Fn.select(1, Fn.split('/', this.modelPackageGroupArn));
  }

  grantRead(grantee: IGrantable): void {
    grantRead(this, this, grantee);
  }

  grantRegister(grantee: IGrantable): void {
    grantRegister(this, this, grantee);
  }

  grantApprove(grantee: IGrantable): void {
    grantApprove(this, this, grantee);
  }
}

class ImportedModelRegistry extends Resource implements IModelRegistry {
  readonly modelPackageGroupName: string;
  readonly modelPackageGroupArn: string;

  constructor(scope: Construct, id: string, modelPackageGroupName: string) {
    super(scope, id);
    this.modelPackageGroupName = modelPackageGroupName;
    this.modelPackageGroupArn = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'model-package-group', resourceName: modelPackageGroupName });
  }

  grantRead(grantee: IGrantable): void {
    grantRead(this, this, grantee);
  }

  grantRegister(grantee: IGrantable): void {
    grantRegister(this, this, grantee);
  }

  grantApprove(grantee: IGrantable): void {
    grantApprove(this, this, grantee);
  }
}

function grantRead(scope: Construct, registry: IModelRegistry, grantee: IGrantable): void {
  allowOnVersions(scope, registry, grantee, ['sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages']);
  allow(grantee, { actions: ['sagemaker:DescribeModelPackageGroup'], resources: [registry.modelPackageGroupArn] });
}

function grantRegister(scope: Construct, registry: IModelRegistry, grantee: IGrantable): void {
  grantRead(scope, registry, grantee);
  allowOnVersions(scope, registry, grantee, ['sagemaker:CreateModelPackage']);
}

function grantApprove(scope: Construct, registry: IModelRegistry, grantee: IGrantable): void {
  grantRead(scope, registry, grantee);
  allowOnVersions(scope, registry, grantee, ['sagemaker:UpdateModelPackage']);
}

function validateName(name: string | undefined): Finding {
  if (name === undefined || Token.isUnresolved(name) || /^[a-z0-9](-*[a-z0-9]){0,62}$/.test(name)) return undefined;
  return `modelPackageGroupName is '${name}', expected up to ${String(nameMaxLength)} lower-case letters, digits and single hyphens.`;
}

function validateDescription(description: string | undefined): Finding {
  if (description === undefined || Token.isUnresolved(description) || description.length <= descriptionMaxLength) return undefined;
  return `description has ${String(description.length)} characters, expected at most ${descriptionMaxLength.toLocaleString('en-US')}.`;
}
