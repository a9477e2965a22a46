"""What one would write by hand in Python: FastAPI with XGBoost, one worker. Arguments: the model (UBJSON), the port."""
import json
import sys

import numpy as np
import uvicorn
import xgboost as xgb
from fastapi import FastAPI
from pydantic import BaseModel

booster = xgb.Booster({"nthread": 1})
booster.load_model(sys.argv[1])
app = FastAPI()


class Request(BaseModel):
    input: list[float]


@app.post("/predict")
async def predict(request: Request):
    probability = float(booster.inplace_predict(np.array([request.input], dtype=np.float32))[0])
    return {"prediction": int(probability > 0.5), "probabilities": {"0": 1 - probability, "1": probability}}


@app.on_event("startup")
async def listening():
    print(json.dumps({"message": "Listening", "port": int(sys.argv[2])}), flush=True)


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)
