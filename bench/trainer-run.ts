import { auc } from '../model/metrics/auc.ts';
import { parseHyperparameters } from '../model/spec/hyperparameter-parser.ts';
import { train } from '../model/trainer/train.ts';
import { predict } from '../model/xgboost/predict.ts';
import { benchRows } from './trainer-data.ts';
import type { BenchShape } from './trainer-data.ts';

/** One training in a process of its own, so that its peak memory is its own. Prints {seconds, peakRssMb, cpuSeconds, auc}. */
const { shape, threads, hyperparameters } = JSON.parse(process.argv[2] ?? '{}') as { shape: BenchShape; threads: number; hyperparameters: Record<string, string> };
const { parameters, errors } = parseHyperparameters(hyperparameters);
if (parameters === undefined) throw new Error(errors.map((error) => error.message).join('\n'));
const data = benchRows(shape, 12345);
const usage = process.cpuUsage();
const start = performance.now();
const booster = await train({ train: data, parameters, threads });
const seconds = (performance.now() - start) / 1000;
const cpu = process.cpuUsage(usage);
const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
const test = benchRows({ ...shape, rows: 200_000 }, 54321);
console.log(JSON.stringify({ seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6, peakRssMb, auc: auc(test.label, predict(booster, test)) }));
