/** Where the objects of a pipeline's run lie in the artifact bucket. The state machine relies on the same layout. */
export class RunLayout {
  private readonly bucket: string;
  private readonly pipeline: string;
  private readonly path: string;

  /** @param run the execution's name. */
  constructor(bucket: string, pipeline: string, run: string) {
    this.bucket = bucket;
    this.pipeline = pipeline;
    this.path = `${pipeline}/${run}`;
  }

  /** A report that is kept: `statistics.json`, `report.html`, .. */
  report(name: string): { bucket: string; key: string } {
    return { bucket: this.bucket, key: `reports/${this.path}/${name}` };
  }

  /** A file that expires after 30 days: the prepared splits. */
  intermediate(name: string): { bucket: string; key: string } {
    return { bucket: this.bucket, key: `intermediates/${this.path}/${name}` };
  }

  /** The pointer to the statistics and constraints of the data of the model that was deployed last, whichever run that was. */
  get baseline(): { bucket: string; key: string } {
    return { bucket: this.bucket, key: `baselines/${this.pipeline}/baseline.json` };
  }

  /** The model artifact, kept. */
  get modelArtifact(): { bucket: string; key: string } {
    return { bucket: this.bucket, key: `models/${this.path}/model.tar.gz` };
  }
}
