import type { CreateModelPackageCommandInput } from '@aws-sdk/client-sagemaker';
import type { ServingImageSpec } from '../../model/spec/serving-image.ts';

/**
 * How the package names its model. A container that serves it makes an inference specification, from which SageMaker can make an endpoint.
 * Otherwise the artifact goes by `SourceUri`: Slipway's Lambda serves it without a container. SageMaker takes one or the other.
 */
export function modelSource(artifact: string, serving: ServingImageSpec | undefined): Pick<CreateModelPackageCommandInput, 'SourceUri' | 'InferenceSpecification'> {
  if (serving === undefined) return { SourceUri: artifact };
  return {
    InferenceSpecification: {
      Containers: [
        {
          Image: serving.image,
          ModelDataSource: { S3DataSource: { S3Uri: artifact, S3DataType: 'S3Object', CompressionType: 'Gzip' } },
          ...(serving.environment === undefined ? {} : { Environment: { ...serving.environment } }),
        },
      ],
      SupportedContentTypes: [...serving.contentTypes],
      SupportedResponseMIMETypes: [...serving.responseTypes],
    },
  };
}
