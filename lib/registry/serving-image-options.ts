import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { LaptopProgram } from '../laptop-program.ts';

/** How an image serves. */
export interface ServingImageOptions {
  /** The MIME types that it takes. @default - application/json */
  readonly contentTypes?: string[];
  /** The MIME types that it answers with. @default - application/json */
  readonly responseTypes?: string[];
  /** Its environment, up to 16 variables of 1,024 characters. @default - none */
  readonly environment?: { [name: string]: string };

  /**
   * What the laptop starts in place of the container. It listens on the port that the variable `PORT` names.
   * @default - nothing: what runs the image fails on the laptop, and says how to declare it
   */
  readonly laptopProgram?: LaptopProgram;
}

/** How an image that serves is built. */
export interface ServingAssetOptions extends ServingImageOptions {
  /**
   * The Dockerfile, as a path in the folder.
   * @default 'Dockerfile'
   */
  readonly file?: string;

  /**
   * Arguments of the build.
   * @default - none
   */
  readonly buildArgs?: { [name: string]: string };

  /**
   * The processor that the image is built for.
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;
}

/** How Slipway's own model server is built. */
export interface ModelServerImageOptions {
  /**
   * The processor that the image is built for.
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * The image that it stands on, with its tag or digest: glibc 2.28 or newer with libstdc++, such as a hardened one of your own. It needs no shell.
   * @default 'gcr.io/distroless/cc-debian12:nonroot', as its Dockerfile says
   */
  readonly baseImage?: string;

  /**
   * The image, with its tag or digest, from which it takes `/usr/local/bin/node`, Node 24, and nothing else.
   * @default 'public.ecr.aws/docker/library/node:24-bookworm-slim', as its Dockerfile says
   */
  readonly nodeImage?: string;

  /**
   * Further variables of its environment.
   * @default - none
   */
  readonly environment?: { [name: string]: string };
}
