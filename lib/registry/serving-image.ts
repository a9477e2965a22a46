import { Token } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { modelServerProgram } from '../../model/spec/laptop-program.ts';
import { imageFolder } from '../private/handler-bundle.ts';
import { declareOwnProgram, declareProgram } from '../private/laptop-programs.ts';
import { assetSource, ecrSource, uriSource } from './private/bound-serving-image.ts';
import type { BoundServingImage, ImageSource } from './private/bound-serving-image.ts';
import { checkBuildImage, checkImageUri, checkServingOptions } from './private/validate-serving-image.ts';
import type { ModelServerImageOptions, ServingAssetOptions, ServingImageOptions } from './serving-image-options.ts';

/** A container image that serves models by SageMaker's contract: `/ping` and `/invocations` on port 8080, the model in `/opt/ml/model`. */
export class ServingImage {
  private readonly source: (scope: Construct) => ImageSource;
  private readonly options: ServingImageOptions;
  private readonly ownProgram?: string;

  /**
   * Slipway's own model server: Node and ONNX Runtime, built from a folder that this package holds when the app is deployed; synthesising it needs
   * no Docker. It follows a deployment record, or serves the model in `/opt/ml/model`.
   * @throws DeclarationError for an image that is no name
   */
  static modelServer(options: ModelServerImageOptions = {}): ServingImage {
    const { architecture = Architecture.ARM_64, baseImage, nodeImage, environment } = options;
    const where = 'ServingImage.modelServer';
    checkBuildImage(where, 'baseImage', baseImage);
    checkBuildImage(where, 'nodeImage', nodeImage);
    const buildArgs = { ...(baseImage === undefined ? {} : { BASE_IMAGE: baseImage }), ...(nodeImage === undefined ? {} : { NODE_IMAGE: nodeImage }) };
    const directory = (scope: Construct): string => imageFolder(scope, 'model-server', architecture);
    const source = (scope: Construct): ImageSource =>
      assetSource(scope, { directory: directory(scope), architecture, ...(Object.keys(buildArgs).length === 0 ? {} : { buildArgs }) });
    return new ServingImage(where, source, { contentTypes: modelServerTypes, responseTypes: modelServerTypes, ...(environment === undefined ? {} : { environment }) }, modelServerProgram);
  }

  /**
   * An image that is built from a folder when the app is deployed; synthesising it needs no Docker.
   * @throws DeclarationError for options that SageMaker would refuse.
   */
  static fromAsset(directory: string, options: ServingAssetOptions = {}): ServingImage {
    const { file, buildArgs, architecture = Architecture.ARM_64 } = options;
    const folder = { directory, architecture, ...(file === undefined ? {} : { file }), ...(buildArgs === undefined ? {} : { buildArgs }) };
    return new ServingImage(`ServingImage.fromAsset('${directory}')`, (scope) => assetSource(scope, folder), options);
  }

  /**
   * An image by its name, `registry/repository:tag` or `registry/repository@digest`.
   * @throws DeclarationError for a name that is none, and for options that SageMaker would refuse.
   */
  static fromUri(uri: string, options: ServingImageOptions = {}): ServingImage {
    const where = `ServingImage('${Token.isUnresolved(uri) ? '..' : uri}')`;
    checkImageUri(where, uri);
    return new ServingImage(where, () => uriSource(uri), options);
  }

  /**
   * An image of an Amazon ECR repository.
   * @param tagOrDigest a tag, or `sha256:..`
   * @throws DeclarationError for options that SageMaker would refuse.
   */
  static fromEcrRepository(repository: IRepository, tagOrDigest: string, options: ServingImageOptions = {}): ServingImage {
    return new ServingImage(`ServingImage('..')`, () => ecrSource(repository, tagOrDigest), options);
  }

  private constructor(where: string, source: (scope: Construct) => ImageSource, options: ServingImageOptions, ownProgram?: string) {
    checkServingOptions(where, options);
    this.source = source;
    this.options = options;
    if (ownProgram !== undefined) this.ownProgram = ownProgram;
  }

  /**
   * The image as a scope uses it. To be asked for once a scope.
   * @internal
   */
  _bind(scope: Construct): BoundServingImage {
    const { contentTypes = jsonAlone, responseTypes = jsonAlone, environment, laptopProgram } = this.options;
    const { uri, ...rest } = this.source(scope);
    if (this.ownProgram !== undefined) declareOwnProgram(scope, uri, this.ownProgram);
    else if (laptopProgram !== undefined) declareProgram(scope, uri, laptopProgram);
    return { spec: { image: uri, contentTypes, responseTypes, ...(environment === undefined ? {} : { environment }) }, ...rest };
  }
}

const jsonAlone = ['application/json'];

/** What the model server takes and answers with (model/serving/formats). */
const modelServerTypes = ['application/json', 'application/jsonlines', 'text/csv', 'application/x-npy', 'application/octet-stream'];
