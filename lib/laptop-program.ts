/** The program that stands in for a container on the laptop, where no container runs. */
export interface LaptopProgram {
  /** The program and its arguments, such as `['python3', 'train.py']`. */
  readonly command: string[];

  /** The folder that it is started in, as a path from the folder that the app is synthesised in. */
  readonly directory: string;
}
