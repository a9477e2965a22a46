#!/usr/bin/env bash
# Deploys the example to a real AWS account, runs the pipeline once, asks for a prediction, lets it refuse a truncated file, and destroys
# the app again. NOT RUN by the project's CI, which has no account: what it does there is written, not proven. It costs about one
# training job of a few minutes; the buckets and the model package group are kept (delete them by hand).
#
#   AWS_PROFILE=.. AWS_REGION=us-east-1 scripts/aws-smoke-test.sh FILE.parquet
set -euo pipefail
file=$(realpath -- "${1:?the data file: node_modules/vega-datasets/data/flights-3m.parquet, say}")
cd "$(dirname "$0")/.."
region=${AWS_REGION:-us-east-1}
name=slipway-smoke-$(date +%s)
context=(-c name="$name" -c stage=test -c region="$region")
client=(--aws --stacks "$name" --region "$region")
work=$(mktemp -d)

finish() {
  rm -rf "$work"
  echo "== destroying $name in $region"
  npx cdk destroy --all --force "${context[@]}"
}
trap finish EXIT

# Whether the one line of JSON in a file has these values: `expect FILE status=FAILED error=DataRejected`.
expect() {
  node -e '
    const [file, ...expected] = process.argv.slice(1);
    const run = JSON.parse(require("node:fs").readFileSync(file, "utf8"));
    const wrong = expected.map((pair) => pair.split("=")).filter(([key, value]) => run[key] !== value);
    for (const [key, value] of wrong) console.error(`${key} is ${run[key]}, expected ${value}`);
    process.exitCode = wrong.length === 0 ? 0 : 1;
  ' "$@"
}

echo "== deploying $name to $region"
npx cdk deploy --all --require-approval never "${context[@]}"
echo '== running the pipeline'
npm run --silent slipway -- run "$file" "${client[@]}" --json | tee "$work/run.json"
expect "$work/run.json" status=SUCCEEDED
echo '== asking for a prediction'
npm run --silent slipway -- predict '{"date": "2001-03-07T14:05:00", "distance": 925, "origin": "SFO", "destination": "SEA"}' "${client[@]}"
npm run --silent slipway -- models "${client[@]}"
echo '== refusing a truncated file'
head -c 20000 -- "$file" > "$work/truncated.parquet"
# It ends with an error, as it should: what it says is checked.
npm run --silent slipway -- run "$work/truncated.parquet" "${client[@]}" --json | tee "$work/truncated.json" || true
expect "$work/truncated.json" status=FAILED error=DataRejected
echo '== passed'
