import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Choice, Condition, DefinitionBody, Fail, JsonPath, Map as MapState, Pass, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';

/**
 * An app that has nothing to do with Slipway: a bucket, two Lambdas, and a state machine (JSONPath, as CDK writes it by default)
 * that orders a list of parcels, weighs each in a Map, retries what fails at first, and decides by a Choice.
 */
export function synthesiseForeignApp(directory: string): string {
  const assets = path.join(directory, 'weigher');
  mkdirSync(assets, { recursive: true });
  writeFileSync(path.join(assets, 'weigher.mjs'), weigherSource);

  const app = new App({ outdir: path.join(directory, 'cdk.out') });
  const stack = new Stack(app, 'Parcels');
  const ledger = new Bucket(stack, 'Ledger', { versioned: true });
  const weigher = new LambdaFunction(stack, 'Weigher', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'weigher.handler',
    code: Code.fromAsset(assets),
    environment: { LEDGER: ledger.bucketName },
  });
  ledger.grantReadWrite(weigher);
  const totaller = new LambdaFunction(stack, 'Totaller', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async (event) => ({ total: event.weights.reduce((sum, each) => sum + each.grams, 0), limit: Number(process.env.LIMIT) });'),
    environment: { LIMIT: '1000' },
  });

  const weigh = new LambdaInvoke(stack, 'Weigh', { lambdaFunction: weigher, payloadResponseOnly: true, retryOnServiceExceptions: false });
  weigh.addRetry({ errors: ['ScaleBusy'], maxAttempts: 2, interval: undefined, backoffRate: 1 });
  const eachParcel = new MapState(stack, 'EachParcel', { itemsPath: '$.parcels', maxConcurrency: 2, resultPath: '$.weights' }).itemProcessor(weigh);
  const total = new LambdaInvoke(stack, 'Total', {
    lambdaFunction: totaller,
    payload: TaskInput.fromObject({ weights: JsonPath.objectAt('$.weights') }),
    resultSelector: { 'total.$': '$.Payload.total', 'limit.$': '$.Payload.limit' },
  });
  const decide = new Choice(stack, 'TooHeavy?')
    .when(Condition.numberGreaterThanJsonPath('$.total', '$.limit'), new Fail(stack, 'Refuse', { error: 'TooHeavy', cause: 'The parcels weigh more than the limit.' }))
    .otherwise(new Pass(stack, 'Accept', { parameters: { 'accepted': true, 'grams.$': '$.total' } }));
  const machine = new StateMachine(stack, 'Sorting', { definitionBody: DefinitionBody.fromChainable(eachParcel.next(total).next(decide)) });

  new CfnOutput(stack, 'SortingArn', { value: machine.stateMachineArn });
  new CfnOutput(stack, 'LedgerName', { value: ledger.bucketName });
  app.synth();
  return app.outdir;
}

/** Fails the first time that it sees a parcel, which it remembers in the bucket: so it needs its environment, its keys, the endpoint and the SDK that Lambda's runtime brings. */
const weigherSource = `
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client({});

export async function handler(parcel) {
  const place = { Bucket: process.env.LEDGER, Key: parcel.id };
  const seen = await s3.send(new GetObjectCommand(place)).catch((error) => {
    if (error.name !== 'NoSuchKey') throw error;
  });
  if (seen) return { id: parcel.id, grams: parcel.grams };
  await s3.send(new PutObjectCommand({ ...place, Body: 'seen' }));
  const error = new Error('the scale is busy');
  error.name = 'ScaleBusy';
  throw error;
}
`;
