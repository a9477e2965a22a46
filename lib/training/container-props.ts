import type { ChannelFormat } from './channel-format.ts';
import type { DataDistribution } from './data-distribution.ts';
import type { LaptopProgram } from '../laptop-program.ts';
import type { TrainingImage } from './training-image.ts';

/** A training container of your own. */
export interface ContainerProps {
  /**
   * The image. It reads the channels `train` and `validation` under /opt/ml/input/data and writes into /opt/ml/model either
   * `model.onnx` (one float input `[rows, features]`; an output `probabilities`, or `prediction` for a number) or `xgboost-model`
   * (XGBoost's UBJSON or JSON). Slipway puts the encodings of the features in front, and evaluates and serves it as any other.
   */
  readonly image: TrainingImage;

  /**
   * Hyperparameters by the container's own names. Their values are texts.
   * @default - none
   */
  readonly hyperParameters?: { [name: string]: string };

  /**
   * The hyperparameter that takes the number of classes, where the label has several: it is known when the data is prepared.
   * @default - none: the container finds out by itself
   */
  readonly classesHyperParameter?: string;

  /**
   * How the container reads its channels.
   * @default ChannelFormat.PARQUET
   */
  readonly channelFormat?: ChannelFormat;

  /**
   * What each of several instances gets of the training data.
   * @default DataDistribution.FULLY_REPLICATED
   */
  readonly dataDistribution?: DataDistribution;

  /**
   * What the laptop starts in place of the container.
   * @default - nothing: a run on the laptop fails at TrainModel, and says how to declare it
   */
  readonly laptopProgram?: LaptopProgram;
}
