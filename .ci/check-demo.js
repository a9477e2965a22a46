// Checks the JSON line of the demo's end: each field that a user reads must be there and make sense.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { URL } from 'node:url';

const demo = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(JSON.stringify(demo, null, 2));
assert.equal(demo.status, 'SUCCEEDED');
assert.equal(demo.rows, 200_000);
assert.ok(demo.states.some((state) => state.name === 'TrainModel' && state.seconds > 0));
assert.ok(demo.metrics.auc > 0.68 && demo.metrics.auc < 1, 'auc');
assert.equal(demo.gate.metric, 'auc');
assert.equal(demo.gate.passed, true);
assert.ok(demo.gate.value > demo.gate.threshold);
assert.match(demo.modelPackageArn, /^arn:aws:sagemaker:us-east-1:\d{12}:model-package\/.+\/1$/);
assert.match(demo.modelSha256, /^[0-9a-f]{64}$/);
assert.ok(URL.canParse(demo.endpointUrl));
assert.equal(String(demo.prediction.modelVersion), '1');
assert.ok(existsSync(demo.reportPath), 'report');
assert.ok(demo.seconds > 0 && demo.peakRssMb > 0 && demo.peakRssMb < 4096);
