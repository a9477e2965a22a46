"""1,000 rows by what Python has. Reads {booster, onnx, rows, features}, prints {way: median microseconds} of each way that is installed."""
import json
import sys
import time

import numpy as np


def median(work, calls=400):
    for _ in range(50):
        work()
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return round(sorted(times)[calls // 2] * 1e6, 1)


def main():
    given = json.loads(sys.argv[1])
    x = np.fromfile(given["rows"], dtype="f4").reshape(-1, given["features"])
    found = {}
    try:
        import xgboost as xgb

        found["version"] = "xgboost " + xgb.__version__
        for threads in (1, 2):
            booster = xgb.Booster({"nthread": threads})
            booster.load_model(given["booster"])
            found[f"inplace_predict, {threads} thread(s)"] = median(lambda: booster.inplace_predict(x, validate_features=False))
            # A matrix that stays is answered from a cache: a new one each time, as each request brings its own.
            found[f"predict, {threads} thread(s)"] = median(lambda: booster.predict(xgb.DMatrix(x, nthread=threads), validate_features=False))
    except ModuleNotFoundError:
        pass
    try:
        import onnxruntime

        for threads in (1, 2):
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            session = onnxruntime.InferenceSession(given["onnx"], options)
            feeds = {each.name: np.ascontiguousarray(x[:, i : i + 1]) for i, each in enumerate(session.get_inputs())}
            found[f"onnxruntime, {threads} thread(s)"] = median(lambda: session.run(None, feeds))
    except ModuleNotFoundError:
        pass
    print(json.dumps(found))


main()
