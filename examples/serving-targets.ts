import type { Construct } from 'constructs';
import { ApiFrontDoor, EndpointVariant, Gpu, ImageRepository, ServingImage, TargetSpec } from '../lib/index.ts';
import type { ServingStackProps } from '../lib/index.ts';

/** What an example is served by besides, or instead of, one prediction API. */
export interface ServingChoice {
  /** Which targets, by their names in `servingTargets`; the first is the one that new models meet first. */
  readonly targets: readonly string[];

  /**
   * Which of them new models meet first.
   * @default - the first that is not `production`
   */
  readonly staging?: string;

  /**
   * Which of them serves the users, beside staging.
   * @default - staging does
   */
  readonly production?: string;
}

/** Each kind of target by its name. Those on containers and `endpoint` are billed by the hour. */
const servingTargets: Readonly<Record<string, (scope: Construct) => TargetSpec>> = {
  http: () => TargetSpec.api({ targetName: 'http' }),
  rest: () => TargetSpec.api({ targetName: 'rest', frontDoor: ApiFrontDoor.restApi() }),
  url: () => TargetSpec.api({ targetName: 'url', frontDoor: ApiFrontDoor.functionUrl() }),
  fargate: () => TargetSpec.service({ targetName: 'fargate' }),
  gpu: (scope) => TargetSpec.gpu({ targetName: 'gpu', gpu: Gpu.count(1), image: gpuImage(scope) }),
  endpoint: () => TargetSpec.endpoint({ targetName: 'endpoint', variant: EndpointVariant.instances('ml.c7g.large') }),
  serverless: () => TargetSpec.endpoint({ targetName: 'serverless', variant: EndpointVariant.serverless() }),
};

/** A worker behind a queue, which is no target of its own: it follows the one that users are served by. */
export const backgroundName = 'async';

/** The names that there are. */
export const servingTargetNames: readonly string[] = [...Object.keys(servingTargets), backgroundName];

/**
 * What a `ServingStack` is made of by a choice: one API where there is none, and one for production beside it where versions are released by people.
 * @param scope takes what targets need besides the stack that they are in
 */
export function servingProps(scope: Construct, choice: ServingChoice | undefined, released = false): Pick<ServingStackProps, 'targets' | 'staging' | 'production' | 'asyncInference'> {
  const targets = choice === undefined ? [TargetSpec.api({ targetName: 'staging' })] : choice.targets.filter((name) => name !== backgroundName).map((name) => servingTargets[name]!(scope));
  const production = choice?.production ?? (released ? 'production' : undefined);
  if (production !== undefined && choice?.production === undefined) targets.push(TargetSpec.api({ targetName: production }));
  return { targets, ...(choice?.staging === undefined ? {} : { staging: choice.staging }), ...(production === undefined ? {} : { production }), ...(choice?.targets.includes(backgroundName) === true ? { asyncInference: {} } : {}) };
}

/** Tasks with GPUs run an image of the team's own, from a repository that it pushes to. No task runs before. */
function gpuImage(scope: Construct): ServingImage {
  const images = new ImageRepository(scope, 'GpuImages');
  return ServingImage.fromEcrRepository(images.repository, 'v1');
}
