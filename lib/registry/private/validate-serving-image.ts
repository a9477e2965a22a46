import { Token } from 'aws-cdk-lib';
import { DeclarationError } from '../../../model/spec/errors.ts';
import { checkProgram } from '../../private/laptop-programs.ts';
import type { ServingImageOptions } from '../serving-image-options.ts';

/** SageMaker's bounds on a container definition of a model package. */
const longestImage = 255;
const mostVariables = 16;
const longestVariable = 1024;

/** @throws DeclarationError for a name that is none */
export function checkImageUri(where: string, uri: string): void {
  if (Token.isUnresolved(uri) || (uri.length <= longestImage && /^\S+\/\S+(:[\w.-]+|@sha256:[0-9a-f]{64})$/.test(uri))) return;
  throw new DeclarationError(where, 'uri', uri, `registry/repository:tag or registry/repository@sha256:.., up to ${String(longestImage)} characters`);
}

/** @throws DeclarationError for options that SageMaker would refuse */
export function checkServingOptions(where: string, { contentTypes, responseTypes, environment = {}, laptopProgram }: ServingImageOptions): void {
  for (const [field, types] of Object.entries({ contentTypes, responseTypes })) {
    if (types === undefined) continue;
    const wrong = types.length === 0 ? 'an empty list' : types.find((type) => !Token.isUnresolved(type) && !/^[\w.+-]+\/[\w.+*-]+$/.test(type));
    if (wrong !== undefined) throw new DeclarationError(where, field, wrong, "MIME types such as 'application/json', at least one");
  }
  const variables = Object.entries(environment);
  if (variables.length > mostVariables) throw new DeclarationError(where, 'environment', `${String(variables.length)} variables`, `at most ${String(mostVariables)}`);
  for (const [name, value] of variables) {
    if (name.length <= longestVariable && value.length <= longestVariable) continue;
    throw new DeclarationError(where, `environment.${name.slice(0, 40)}`, `${String(value.length)} characters`, `names and values of at most ${longestVariable.toLocaleString('en-US')} characters`);
  }
  if (laptopProgram !== undefined) checkProgram(where, laptopProgram);
}

/** An image that a build stands on. @throws DeclarationError where it is no name with a tag or digest, or not known at synth */
export function checkBuildImage(where: string, field: string, image: string | undefined): void {
  if (image === undefined || (!Token.isUnresolved(image) && /^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w.-]+|@sha256:[0-9a-f]{64})$/.test(image))) return;
  throw new DeclarationError(where, field, Token.isUnresolved(image) ? 'a token' : image, 'an image with its tag or digest that is known at synth, such as registry.example/node:24');
}
