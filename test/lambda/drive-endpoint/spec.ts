import type { EndpointSpec } from '../../../model/spec/endpoint.ts';
import type { DeploymentRecord, ServedModel } from '../../../model/serving/record.ts';

/** An endpoint on one small instance a variant. */
export const spec: EndpointSpec = {
  endpointName: 'flights',
  roleArn: 'arn:aws:iam::000000000000:role/endpoint',
  image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/server:1',
  environment: {},
  stable: { instances: { type: 'ml.m7g.large', count: 2 } },
  canary: { instances: { type: 'ml.m7g.large', count: 1 } },
  isolated: true,
  alarms: [],
  tags: {},
};

/** A registered version. */
export function served(version: number, sha256 = String(version % 10).repeat(64)): ServedModel {
  return {
    modelPackageArn: `arn:aws:sagemaker:us-east-1:000000000000:model-package/flights/${String(version)}`,
    modelName: 'flights',
    modelVersion: String(version),
    artifact: { bucket: 'artifacts', key: `models/flights/run-${String(version)}/model.tar.gz`, sha256 },
  };
}

/** A record of these versions. */
export function record(stable: ServedModel, canary?: { readonly model: ServedModel; readonly weight: number }, updatedAt = '2026-11-21T00:00:00.000Z'): DeploymentRecord {
  return { stable, ...(canary === undefined ? {} : { canary }), updatedAt, run: 'test' };
}
