import type { XGBoostParameters } from '../spec/hyperparameter-parser.ts';
import type { RegressionTree } from '../xgboost/booster.ts';
import { evaluate, EarlyStopping, isMaximized } from './evaluation.ts';
import type { RoundMetric } from './evaluation.ts';
import { gridScale } from './grid.ts';
import type { Grower } from './grower.ts';
import { objectiveNamed } from './objectives/objectives.ts';
import type { TrainingObjective } from './objectives/objective.ts';
import type { ShardPool } from './pool.ts';
import type { FinishedTree, GridScale, Losses, SharedState } from './shared.ts';

/** The rounds of one training: grows each round's trees, evaluates, and watches for the end. */
export class Boosting {
  /** All trees so far, round by round, within a round output by output. */
  readonly trees: RegressionTree[];
  readonly stopping: EarlyStopping | undefined;
  private readonly state: SharedState;
  private readonly pool: ShardPool;
  private readonly grower: Grower;
  private readonly parameters: XGBoostParameters;
  private readonly objective: TrainingObjective;
  private readonly metrics: readonly string[];
  private readonly losses: Losses;
  /** The grid of the gradients that the shards hold. */
  private scale: GridScale = { gradient: 1, hessian: 1 };

  /** Goes on from the trees that the margins already hold. */
  constructor(state: SharedState, pool: ShardPool, grower: Grower, parameters: XGBoostParameters, trees: readonly RegressionTree[]) {
    this.state = state;
    this.pool = pool;
    this.grower = grower;
    this.parameters = parameters;
    this.trees = [...trees];
    this.objective = objectiveNamed(parameters.objective);
    this.metrics = parameters.evalMetric.length > 0 ? parameters.evalMetric : [this.objective.ownMetric];
    this.stopping = parameters.earlyStoppingRounds === undefined ? undefined : new EarlyStopping(parameters.earlyStoppingRounds, isMaximized(this.watched));
    const wanted = this.metrics.includes(this.objective.ownMetric);
    this.losses = { train: wanted, validation: wanted };
  }

  /** Rounds that are done. */
  get rounds(): number {
    return this.trees.length / this.state.outputs;
  }

  /** Whether a round remains. */
  get isOver(): boolean {
    return this.rounds >= this.parameters.numRound || (this.rounds > 0 && this.stopping?.isOver(this.rounds - 1) === true);
  }

  /** Computes the first gradients. */
  async start(): Promise<void> {
    if (!this.objective.bounded) await this.pool.run({ kind: 'tree', losses: { train: true, validation: false } });
    this.scale = gridScale(this.state, this.objective, this.rounds);
    await this.pool.run({ kind: 'tree', gradients: { round: this.rounds, scale: this.scale }, root: 0 });
  }

  /** One round. */
  async round(): Promise<RoundMetric[]> {
    const { state, pool } = this;
    const round = this.rounds;
    for (let output = 0; output < state.outputs; output++) {
      const grown = await this.grower.grow(round * state.outputs + output, this.scale);
      this.trees.push(grown.tree);
      if (output + 1 < state.outputs) await pool.run({ kind: 'tree', last: grown.finished, root: output + 1 });
      else await this.finish(grown.finished, round + 1);
    }
    const values = evaluate(state, this.objective, this.metrics);
    const score = values.findLast((value) => value.data === 'validation' && value.metric === this.watched)?.value;
    if (score !== undefined) this.stopping?.shouldStop(round, score);
    return values;
  }

  /** Adds the round's last tree, sums the losses and begins the next round. Bounded gradients bring the training losses along. */
  private async finish(last: FinishedTree, next: number): Promise<void> {
    const { pool, losses } = this;
    const isLast = next >= this.parameters.numRound;
    if (isLast) {
      await pool.run({ kind: 'tree', last, losses });
    } else if (this.objective.bounded) {
      await pool.run({ kind: 'tree', last, losses: { ...losses, train: false }, gradients: { round: next, scale: this.scale }, root: 0 });
    } else {
      await pool.run({ kind: 'tree', last, losses: { ...losses, train: true } });
      this.scale = gridScale(this.state, this.objective, next);
      await pool.run({ kind: 'tree', gradients: { round: next, scale: this.scale }, root: 0 });
    }
  }

  private get watched(): string {
    return this.metrics.at(-1) as string;
  }
}
