/** The construct metadata by which an app tells the command line which program stands in for a container image on the laptop, to train or to serve. */
export const laptopProgramMetadata = 'slipway:laptop-program';

/** The program of Slipway's own that stands in for the image of the model server. The command line knows where it lies. */
export const modelServerProgram = 'model-server';
