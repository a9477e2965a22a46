import type { EndpointSpec } from '../../model/spec/endpoint.ts';
import { readRecord } from '../shared/record-store.ts';
import type { ObjectLocation } from '../shared/s3-uri.ts';
import { verifyArtifact } from '../shared/verify.ts';
import { readAttempt, writeAttempt } from './attempts.ts';
import { cleanUp } from './clean-up.ts';
import type { EndpointPorts } from './ports.ts';
import { create, createConfig, createModel, observe, remove, setWeights, update } from './sagemaker.ts';
import { startScaling, stopScaling } from './scaling.ts';

/** The driver's world on AWS. */
export function awsPorts(spec: EndpointSpec, record: ObjectLocation, state: ObjectLocation): EndpointPorts {
  return {
    record: async () => (await readRecord(record))?.record,
    remembered: () => readAttempt(state),
    remember: (attempt, replaced) => writeAttempt(state, attempt, replaced),
    observe: () => observe(spec),
    // SageMaker takes the newest version of an object: that one has to be what was registered.
    verify: ({ served: { artifact } }) => verifyArtifact({ bucket: artifact.bucket, key: artifact.key, sha256: artifact.sha256 }),
    createModel: (model) => createModel(spec, model),
    createConfig: (config) => createConfig(spec, config),
    create: (config) => create(spec, config),
    update: (config, guarded) => update(spec, config, guarded),
    setWeights: (weights) => setWeights(spec, weights),
    delete: () => remove(spec),
    scale: (on) => (on ? startScaling(spec) : stopScaling(spec)),
    cleanUp: (config) => cleanUp(spec, config),
    now: () => new Date(),
  };
}
