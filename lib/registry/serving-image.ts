import { Token } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { DeclarationError } from '../../model/spec/errors.ts';
import type { ServingImageSpec } from '../../model/spec/serving-image.ts';

/** How an image serves. */
export interface ServingImageOptions {
  /** The MIME types that it takes. @default - application/json */
  readonly contentTypes?: string[];
  /** The MIME types that it answers with. @default - application/json */
  readonly responseTypes?: string[];
  /** Its environment, up to 16 variables of 1,024 characters. @default - none */
  readonly environment?: { [name: string]: string };
}

/** A container image that serves models by SageMaker's contract: `/ping` and `/invocations` on port 8080, the model in `/opt/ml/model`. */
export class ServingImage {
  private readonly spec: ServingImageSpec;

  /**
   * An image by its name, `registry/repository:tag` or `registry/repository@digest`.
   * @throws DeclarationError for a name that is none, and for options that SageMaker would refuse.
   */
  static fromUri(uri: string, options: ServingImageOptions = {}): ServingImage {
    return new ServingImage(uri, options);
  }

  /**
   * An image of an Amazon ECR repository.
   * @param tagOrDigest a tag, or `sha256:..`
   * @throws DeclarationError for options that SageMaker would refuse.
   */
  static fromEcrRepository(repository: IRepository, tagOrDigest: string, options: ServingImageOptions = {}): ServingImage {
    return new ServingImage(repository.repositoryUriForTagOrDigest(tagOrDigest), options);
  }

  private constructor(image: string, { contentTypes = jsonAlone, responseTypes = jsonAlone, environment }: ServingImageOptions) {
    const where = `ServingImage('${Token.isUnresolved(image) ? '..' : image}')`;
    if (!Token.isUnresolved(image) && (image.length > longestImage || !/^\S+\/\S+(:[\w.-]+|@sha256:[0-9a-f]{64})$/.test(image))) {
      throw new DeclarationError(where, 'uri', image, `registry/repository:tag or registry/repository@sha256:.., up to ${String(longestImage)} characters`);
    }
    for (const [field, types] of Object.entries({ contentTypes, responseTypes })) {
      const wrong = types.length === 0 ? 'an empty list' : types.find((type) => !Token.isUnresolved(type) && !/^[\w.+-]+\/[\w.+*-]+$/.test(type));
      if (wrong !== undefined) throw new DeclarationError(where, field, wrong, "MIME types such as 'application/json', at least one");
    }
    const variables = Object.entries(environment ?? {});
    if (variables.length > mostVariables) throw new DeclarationError(where, 'environment', `${String(variables.length)} variables`, `at most ${String(mostVariables)}`);
    for (const [name, value] of variables) {
      if (name.length > longestVariable || value.length > longestVariable) {
        throw new DeclarationError(where, `environment.${name.slice(0, 40)}`, `${String(value.length)} characters`, `names and values of at most ${longestVariable.toLocaleString('en-US')} characters`);
      }
    }
    this.spec = { image, contentTypes, responseTypes, ...(environment === undefined ? {} : { environment }) };
  }

  /**
   * The image as JSON.
   * @internal
   */
  toJSON(): ServingImageSpec {
    return this.spec;
  }
}

const jsonAlone = ['application/json'];

/** SageMaker's bounds on a container definition of a model package. */
const longestImage = 255;
const mostVariables = 16;
const longestVariable = 1024;
