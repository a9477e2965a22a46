import { Token } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Finding } from '../../private/validation.ts';
import { validateInteger, validateKebabCase, validateRange, validateSeconds } from '../../private/validation.ts';
import type { BoundServingImage } from '../../registry/private/bound-serving-image.ts';
import type { ContainerServiceOptions } from '../container-service-options.ts';

/** Variables that say what is served, and so are not the user's. */
const ownVariables = ['RECORD_BUCKET', 'RECORD_KEY', 'REVALIDATE_SECONDS', 'TARGET_NAME', 'MAX_BATCH_ROWS', 'PORT'];

/** What is wrong with the options of a service of containers. */
export function validateContainerService(targetName: string, options: ContainerServiceOptions): Finding[] {
  return [
    validateKebabCase('targetName', targetName, 40),
    validateRange('maxBatchRows', options.maxBatchRows, 1, 10_000),
    validateInteger('maxBatchRows', options.maxBatchRows),
    validateSeconds('revalidateAfter', options.revalidateAfter, 1, 300),
    validateUser(options),
    validateVariables(options),
    ...validateDoor(options),
  ];
}

function validateUser({ user }: ContainerServiceOptions): Finding {
  if (user === undefined || (!Token.isUnresolved(user) && /^[1-9]\d*(:[1-9]\d*)?$/.test(user))) return undefined;
  return `user is '${Token.isUnresolved(user) ? 'a token' : user}', expected the numbers of a user and a group that are not root's, such as '1000:1000'. A server needs none of what root may do.`;
}

function validateVariables({ environment = {}, secrets = {} }: ContainerServiceOptions): Finding {
  const names = [...Object.keys(environment).map((name) => ['environment', name] as const), ...Object.keys(secrets).map((name) => ['secrets', name] as const)];
  return [
    ...names.filter(([, name]) => ownVariables.includes(name)).map(([prop, name]) => `${prop} sets ${name}, which Slipway sets: ${ownVariables.join(', ')} say what is served.`),
    ...Object.keys(secrets).filter((name) => name in environment).map((name) => `${name} is in environment and in secrets, expected in one of them.`),
  ];
}

function validateDoor({ internetFacing, certificate, domainName, hostedZone, allowedPeers }: ContainerServiceOptions): Finding[] {
  return [
    internetFacing === true && certificate === undefined
      ? 'internetFacing is true and there is no certificate, expected one: requests and predictions would cross the internet in the clear. Pass certificate and domainName, or leave the load balancer internal.'
      : undefined,
    internetFacing === true && allowedPeers === undefined
      ? 'internetFacing is true and allowedPeers is not set, expected who may ask: a load balancer knows no other authorization. [Peer.anyIpv4()] is everyone.'
      : undefined,
    allowedPeers?.length === 0 ? 'allowedPeers is empty, expected at least one: nobody could ask for predictions.' : undefined,
    certificate !== undefined && domainName === undefined
      ? "certificate is set and domainName is not, expected the name that the certificate is for: clients that call the load balancer by its own name would refuse it."
      : undefined,
    certificate === undefined && domainName !== undefined ? 'domainName is set and certificate is not, expected the certificate of that name.' : undefined,
    hostedZone !== undefined && domainName === undefined ? 'hostedZone is set and domainName is not, expected the name that is made in the zone.' : undefined,
  ];
}

/** What is wrong with an image where a service is to run it. */
export function validateImage({ spec, repositoryArn }: BoundServingImage, ownNetwork: boolean): Finding {
  if (repositoryArn !== undefined) return undefined;
  if (Token.isUnresolved(spec.image)) return "image is named by a token, expected a name that is known at synth, since the execution role is let pull from its repository: use ServingImage.fromEcrRepository.";
  if (!ownNetwork) return undefined;
  return `image is '${spec.image}', which the network that is made here cannot reach, expected an image of Amazon ECR: the network has no way to the internet. Copy the image to an ImageRepository, or pass a vpc of your own.`;
}

/** What is wrong with a processor where the image is built for another. */
export function validateArchitecture(asked: Architecture | undefined, built: Architecture | undefined): Finding {
  if (asked === undefined || built === undefined || asked === built) return undefined;
  return `architecture is ${asked.name}, but the image is built for ${built.name}, expected the same of both.`;
}

/** What is wrong with a network beside that of the cluster. */
export function validateCluster(vpc: IVpc | undefined, cluster: ICluster | undefined): Finding {
  if (vpc === undefined || cluster === undefined || vpc === cluster.vpc) return undefined;
  return 'vpc and cluster are set and the cluster is in another network, expected one of them, or the same network.';
}
