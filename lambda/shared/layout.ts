import { PipelineLayout } from '../../model/spec/layout.ts';

/** Where the objects of a pipeline's run lie in the artifact bucket. */
export class RunLayout {
  private readonly bucket: string;
  private readonly pipeline: PipelineLayout;
  private readonly run: string;

  /** @param run the execution's name. */
  constructor(bucket: string, pipeline: string, run: string) {
    this.bucket = bucket;
    this.pipeline = new PipelineLayout(pipeline);
    this.run = run;
  }

  /** A report that is kept: `statistics.json`, `report.html`, .. */
  report(name: string): { bucket: string; key: string } {
    return { bucket: this.bucket, key: `${this.pipeline.reports}${this.run}/${name}` };
  }

  /** A file that expires after 30 days: the prepared splits. */
  intermediate(name: string): { bucket: string; key: string } {
    return { bucket: this.bucket, key: `${this.pipeline.intermediates}${this.run}/${name}` };
  }

  /** The pointer to the statistics and constraints of the data of the model that was deployed last, whichever run that was. */
  get baseline(): { bucket: string; key: string } {
    return { bucket: this.bucket, key: this.pipeline.baseline };
  }

  /** The model artifact, kept. */
  get modelArtifact(): { bucket: string; key: string } {
    return { bucket: this.bucket, key: `${this.pipeline.models}${this.run}/model.tar.gz` };
  }
}
