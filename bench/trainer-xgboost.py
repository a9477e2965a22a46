"""The same training by XGBoost on one thread. Reads {train, test (folders of raw columns), hyperparameters}, prints {seconds, cpuSeconds, auc, version}."""
import json
import os
import sys
import time

import numpy as np
import xgboost as xgb


def matrix(folder):
    names = sorted((name for name in os.listdir(folder) if name.startswith("f")), key=lambda name: int(name[1:]))
    x = np.stack([np.fromfile(os.path.join(folder, name), dtype="f4") for name in names], axis=1)
    return xgb.DMatrix(x, np.fromfile(os.path.join(folder, "label"), dtype="f4"), nthread=1)


def main():
    given = json.loads(sys.argv[1])
    parameters = dict(given["hyperparameters"], nthread=1, tree_method="hist", eval_metric="logloss")
    rounds = int(parameters.pop("num_round"))
    train = matrix(given["train"])
    start, cpu = time.perf_counter(), time.process_time()
    # As the trainer does, it evaluates the training data each round.
    booster = xgb.train(parameters, train, rounds, evals=[(train, "train")], verbose_eval=False)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    booster.set_param({"eval_metric": "auc"})
    line = booster.eval(matrix(given["test"]))
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "auc": float(line.split("auc:")[1]), "version": xgb.__version__}))


main()
