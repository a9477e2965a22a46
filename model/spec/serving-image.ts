/** A container image that serves a model, as JSON. */
export interface ServingImageSpec {
  /** The image as SageMaker names it: `registry/repository:tag` or `registry/repository@digest`. */
  readonly image: string;
  /** The MIME types that it takes. */
  readonly contentTypes: readonly string[];
  /** The MIME types that it answers with. */
  readonly responseTypes: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}
