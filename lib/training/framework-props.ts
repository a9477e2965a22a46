import type { ChannelFormat } from './channel-format.ts';
import type { DataDistribution } from './data-distribution.ts';
import type { LaptopProgram } from '../laptop-program.ts';
import type { TrainingFramework } from './training-framework.ts';

/** A training script of your own, in a framework's image. */
export interface FrameworkProps {
  /** The framework and the version of its image. */
  readonly framework: TrainingFramework;

  /**
   * The script, as a path in `sourceDirectory`: Python where it ends in `.py`, else a command. It gets the hyperparameters as arguments
   * (`--epochs 3`), reads the channels in the folders that `SM_CHANNEL_TRAIN` and `SM_CHANNEL_VALIDATION` name, and writes into
   * `SM_MODEL_DIR` what `ContainerProps.image` says: `model.onnx`, or `xgboost-model`.
   */
  readonly entryPoint: string;

  /**
   * The folder with the script and what it imports, as a path from the folder that the app is synthesised in. All of it goes along but
   * `.git`, `.venv`, `__pycache__`, `*.pyc` and `.DS_Store`. The image installs a `requirements.txt` in it, for which the pipeline's
   * `networkIsolation` has to be off.
   */
  readonly sourceDirectory: string;

  /**
   * Hyperparameters by the script's own names. A value that is JSON (`3`, `0.1`, `true`) reaches the script as what it says, any other as
   * the text that it is.
   * @default - none
   */
  readonly hyperParameters?: { [name: string]: string };

  /**
   * The hyperparameter that takes the number of classes, where the label has several: it is known when the data is prepared.
   * @default - none: the script finds out by itself
   */
  readonly classesHyperParameter?: string;

  /**
   * How the script reads its channels.
   * @default ChannelFormat.PARQUET
   */
  readonly channelFormat?: ChannelFormat;

  /**
   * What each of several instances gets of the training data.
   * @default DataDistribution.FULLY_REPLICATED
   */
  readonly dataDistribution?: DataDistribution;

  /**
   * What the laptop starts in place of the script, with the same arguments and environment; such as another Python, that has the framework.
   * @default - the script itself: `python3 <entryPoint>`
   */
  readonly laptopProgram?: LaptopProgram;
}
