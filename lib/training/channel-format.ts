/** How a container reads the prepared rows. The label is the first column, then the weight where the dataset has one, then the features in the order of `features.json`. */
export class ChannelFormat {
  /** Parquet with float32 columns; a missing value is null. */
  static readonly PARQUET = new ChannelFormat('application/x-parquet');

  /** CSV without a header; a missing value is an empty field. */
  static readonly CSV = new ChannelFormat('text/csv');

  /** What the channel says of its content. */
  readonly contentType: string;

  private constructor(contentType: string) {
    this.contentType = contentType;
  }
}
