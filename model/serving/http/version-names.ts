/** The header in which a caller asks for a version, and in which the answer says which one it was. */
export const versionHeader = 'x-model-version';

/** How it is called in a query and in a JSON body. */
export const versionField = 'model_version';
