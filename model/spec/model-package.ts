/**
 * The version at the end of a versioned package's ARN, `..:model-package/<group>/<version>`.
 * @throws Error where there is none.
 */
export function versionOf(modelPackageArn: string): string {
  const version = modelPackageArn.slice(modelPackageArn.lastIndexOf('/') + 1);
  if (!/^\d+$/.test(version)) throw new Error(`${modelPackageArn} has no version, expected an ARN that ends in model-package/<group>/<version>.`);
  return version;
}

/** The ARN without its version: the same for all versions of a group. */
export function groupOf(modelPackageArn: string): string {
  return modelPackageArn.slice(0, modelPackageArn.lastIndexOf('/'));
}
