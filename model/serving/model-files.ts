/** The files that serving reads of a model artifact, beside its `manifest.json`. */
export const modelFiles = { onnx: 'model.onnx', description: 'model.json' } as const;
