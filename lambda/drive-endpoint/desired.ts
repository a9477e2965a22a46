import { createHash } from 'node:crypto';
import type { DeploymentRecord, Role, ServedModel } from '../../model/serving/record.ts';
import type { EndpointSpec, EndpointVariantSpec } from '../../model/spec/endpoint.ts';
import { servingRoles } from '../../model/spec/serving-metrics.ts';

/** A SageMaker model: an image with the files of one registered version. Its name comes from all that it holds, so that the same content is the same model. */
export interface DesiredModel {
  readonly name: string;
  readonly image: string;
  readonly modelDataUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly isolated: boolean;
  readonly network?: EndpointSpec['network'];
  /** Whose files they are: their digest is checked before the model is made. */
  readonly served: ServedModel;
}

/** A variant of an endpoint configuration. */
export interface DesiredVariant {
  readonly name: Role;
  readonly model: DesiredModel;
  readonly runsOn: EndpointVariantSpec;
  /** The weight with which its configuration starts it: a canary gets no request before it is given its share. */
  readonly initialWeight: number;
}

/** An endpoint configuration, named by all that it holds. */
export interface DesiredConfig {
  readonly name: string;
  readonly variants: readonly DesiredVariant[];
  readonly volumeKeyId?: string;
  readonly capture?: EndpointSpec['capture'];
}

/** The endpoint as its record wants it. */
export interface Desired {
  readonly config: DesiredConfig;
  /** The variants' shares of the requests, which change without a new configuration. */
  readonly weights: Readonly<Partial<Record<Role, number>>>;
}

/** Hexadecimal digits of a name's digest: a collision among the few models of one endpoint is out of the question. */
const digestLength = 12;

/** The endpoint as a record wants it. */
export function desiredEndpoint(spec: EndpointSpec, { stable, canary }: Pick<DeploymentRecord, 'stable' | 'canary'>): Desired {
  const variants = [
    variantOf(spec, 'stable', modelOf(spec, stable)),
    ...(canary === undefined ? [] : [variantOf(spec, 'canary', modelOf(spec, canary.model))]),
  ];
  return {
    config: configOf(spec, variants),
    weights: canary === undefined ? { stable: 1 } : { stable: 1 - canary.weight, canary: canary.weight },
  };
}

/** A configuration of these variants. */
export function configOf(spec: EndpointSpec, variants: readonly DesiredVariant[]): DesiredConfig {
  const content = { variants, ...(spec.volumeKeyId === undefined ? {} : { volumeKeyId: spec.volumeKeyId }), ...(spec.capture === undefined ? {} : { capture: spec.capture }) };
  const named = variants.map(({ name, model, runsOn, initialWeight }) => ({ name, model: model.name, runsOn, initialWeight }));
  return { name: nameOf(spec, { ...content, variants: named }), ...content };
}

/** A variant of a model. */
export function variantOf(spec: EndpointSpec, name: Role, model: DesiredModel): DesiredVariant {
  return { name, model, runsOn: spec[name], initialWeight: name === servingRoles.stable ? 1 : 0 };
}

function modelOf(spec: EndpointSpec, served: ServedModel): DesiredModel {
  const { modelName, modelVersion, artifact } = served;
  const content = {
    image: spec.image,
    modelDataUrl: `s3://${artifact.bucket}/${artifact.key}`,
    // The server knows its files; which registered version they are, it is told.
    environment: { ...spec.environment, MODEL_NAME: modelName, MODEL_VERSION: modelVersion },
    roleArn: spec.roleArn,
    isolated: spec.isolated,
    ...(spec.network === undefined ? {} : { network: spec.network }),
  };
  return { name: nameOf(spec, { ...content, sha256: artifact.sha256 }), ...content, served };
}

/** Whether a name is one that this endpoint's driver made. */
export function isOurs({ endpointName }: Pick<EndpointSpec, 'endpointName'>, name: string): boolean {
  return name.startsWith(`${endpointName}-`) && new RegExp(`^[0-9a-f]{${String(digestLength)}}$`).test(name.slice(endpointName.length + 1));
}

function nameOf({ endpointName }: EndpointSpec, content: object): string {
  return `${endpointName}-${createHash('sha256').update(canonical(content)).digest('hex').slice(0, digestLength)}`;
}

/** JSON with its keys in order: the same content is the same text. */
function canonical(content: object): string {
  return JSON.stringify(content, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}
