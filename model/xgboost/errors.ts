/** A model file that cannot be read: names the place in the document, what was found there and what was expected. */
export class ModelFormatError extends Error {
  override readonly name = 'ModelFormatError';
  /** Such as `learner.gradient_booster.model.trees[3].split_indices`, or `byte 17` where the bytes themselves are broken. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;

  constructor(path: string, found: string, expected: string, options?: ErrorOptions) {
    super(`XGBoost model, at ${path}: found ${found}, expected ${expected}.`, options);
    this.path = path;
    this.found = found;
    this.expected = expected;
  }
}

/** A model that is well formed and uses a part of XGBoost that Slipway does not score: names it and says what to do. */
export class UnsupportedModelError extends Error {
  override readonly name = 'UnsupportedModelError';
  /** What is not supported, such as `booster dart`. */
  readonly feature: string;

  constructor(feature: string, fix: string) {
    super(`This XGBoost model uses ${feature}, which is not supported. ${fix}`);
    this.feature = feature;
  }
}
