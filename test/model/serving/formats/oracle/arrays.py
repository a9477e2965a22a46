"""Reads .npy answers (base64) and writes .npy requests with NumPy: {"answers": [..]} -> {"answers": [[dtype, shape, values]], "requests": {name: base64}}."""
import base64
import io
import json
import sys

import numpy as np


def saved(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return base64.b64encode(buffer.getvalue()).decode()


asked = json.load(sys.stdin)
answers = [np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False) for text in asked["answers"]]
rows = np.array([[1.5, 2, 1], [np.nan, 3, 0], [7.25, 9, 1]])
requests = {name: saved(rows.astype(name)) for name in ["<f8", "<f4", "<f2", ">f4", ">f8"]}
requests["fortran"] = saved(np.asfortranarray(rows))
requests["one row"] = saved(rows[0])
whole = np.array([[1, 2, 1], [5, 3, 0]])
for name in ["i1", "u1", "<i2", "<u2", "<i4", ">u4", "<i8", ">i8", "<u8"]:
    requests["whole " + name] = saved(whole.astype(name))
requests["record"] = saved(np.array([(1.5, 2, True), (7.25, 9, False)], dtype=[("a", "<f4"), ("b", "<i8"), ("c", "?")]))
requests["texts"] = saved(np.array([["1.5", "2", "True"], ["", "3", "False"]]))
requests["bytes"] = saved(np.array([[b"1.5", b"2", b"1"]]))
json.dump({"answers": [[str(a.dtype), list(a.shape), a.ravel().tolist()] for a in answers], "requests": requests}, sys.stdout)
