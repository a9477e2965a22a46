#!/usr/bin/env bash
# Deploys the example to a real AWS account, runs the pipeline once, asks for a prediction, and destroys the app again.
# NOT RUN by the project's CI, which has no account: what it does there is written, not proven. It costs about one
# training job of a few minutes; the buckets are kept (delete them by hand).
#
#   AWS_PROFILE=.. AWS_REGION=us-east-1 scripts/aws-smoke-test.sh FILE.parquet
set -euo pipefail
cd "$(dirname "$0")/.."
file=${1:?the data file: node_modules/vega-datasets/data/flights-3m.parquet, say}
name=slipway-smoke-$(date +%s)

finish() {
  echo "== destroying $name"
  npx cdk destroy --all --force -c name="$name" -c stage=test
}
trap finish EXIT

echo "== deploying $name"
npx cdk deploy --all --require-approval never -c name="$name" -c stage=test
echo '== running the pipeline'
npm run --silent slipway -- run "$file" --aws --stacks "$name" --json | tee /dev/stderr | node -e '
  const run = JSON.parse(require("fs").readFileSync(0, "utf8"));
  if (run.status !== "SUCCEEDED") process.exit(1);
'
echo '== asking for a prediction'
npm run --silent slipway -- predict '{"date": "2001-03-07T14:05:00", "distance": 925, "origin": "SFO", "destination": "SEA"}' --aws --stacks "$name"
npm run --silent slipway -- models --aws --stacks "$name"
echo '== passed'
