import { PipelineLayout } from '../../../model/spec/layout.ts';
import { groupOf, versionOf } from '../../../model/spec/model-package.ts';
import type { ObjectLocation } from '../s3-uri.ts';

/** Where lies what is known of a version's approval: `approvals/<pipeline>/<group>/<version>/` in the artifact bucket. */
export class ApprovalLayout {
  private readonly bucket: string;
  private readonly folder: string;

  constructor(bucket: string, pipeline: string, modelPackageArn: string) {
    this.bucket = bucket;
    const group = groupOf(modelPackageArn).split('/').at(-1) ?? '';
    this.folder = `${new PipelineLayout(pipeline).approvals}${group}/${versionOf(modelPackageArn)}`;
  }

  /** What was asked, and on what evidence. It is there once the version may be released, by whichever way it was approved. */
  get request(): ObjectLocation {
    return this.at('request.json');
  }

  /** By which a waiting run is answered. */
  get token(): ObjectLocation {
    return this.at('token.json');
  }

  /** Who decided what, when, why and on what evidence. */
  get audit(): ObjectLocation {
    return this.at('audit.json');
  }

  /** The mark of a message that is sent once. */
  told(message: string): ObjectLocation {
    return this.at(`told-${message}.json`);
  }

  private at(name: string): ObjectLocation {
    return { bucket: this.bucket, key: `${this.folder}/${name}` };
  }
}
