/** The construct metadata by which an app tells the command line which program stands in for a training image on the laptop. */
export const laptopProgramMetadata = 'slipway:laptop-program';
