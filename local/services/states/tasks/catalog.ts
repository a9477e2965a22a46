/** How Step Functions reaches a service. */
export interface Integration {
  /** The service's SigV4 name, by which the laptop knows it. */
  readonly service: string;
  /** The prefix of its error names: `S3` in `S3.NoSuchKeyException`. */
  readonly errorPrefix: string;
  /** The name of errors that the service declares nowhere. */
  readonly unknownError: string;
  /** The service as error texts name it. */
  readonly label: string;
}

function optimized(service: string, errorPrefix: string, unknown: string, label: string): Integration {
  return { service, errorPrefix, unknownError: `${errorPrefix}.${unknown}`, label };
}

function sdk(service: string, errorPrefix: string): Integration {
  return { service, errorPrefix, unknownError: `${errorPrefix}.${errorPrefix}Exception`, label: errorPrefix };
}

/** Services with an integration of their own: `arn:aws:states:::sns:publish`. */
export const optimizedIntegrations: Readonly<Record<string, Integration>> = {
  events: optimized('events', 'EventBridge', 'AmazonEventBridgeException', 'AmazonEventBridge'),
  lambda: optimized('lambda', 'Lambda', 'AWSLambdaException', 'AWSLambda'),
  sagemaker: optimized('sagemaker', 'SageMaker', 'AmazonSageMakerException', 'AmazonSageMaker'),
  sns: optimized('sns', 'SNS', 'AmazonSNSException', 'AmazonSNS'),
  sqs: optimized('sqs', 'SQS', 'AmazonSQSException', 'AmazonSQS'),
  states: optimized('states', 'StepFunctions', 'AWSStepFunctionsException', 'AWSStepFunctions'),
};

/** Services by their SDK: `arn:aws:states:::aws-sdk:s3:putObject`. */
export const sdkIntegrations: Readonly<Record<string, Integration>> = {
  applicationautoscaling: sdk('application-autoscaling', 'ApplicationAutoScaling'),
  cloudformation: sdk('cloudformation', 'CloudFormation'),
  cloudwatch: sdk('monitoring', 'CloudWatch'),
  ecs: sdk('ecs', 'Ecs'),
  eventbridge: sdk('events', 'EventBridge'),
  lambda: sdk('lambda', 'Lambda'),
  s3: sdk('s3', 'S3'),
  sagemaker: sdk('sagemaker', 'SageMaker'),
  scheduler: sdk('scheduler', 'Scheduler'),
  secretsmanager: sdk('secretsmanager', 'SecretsManager'),
  sfn: sdk('states', 'Sfn'),
  sns: sdk('sns', 'Sns'),
  sqs: sdk('sqs', 'Sqs'),
  sts: sdk('sts', 'Sts'),
};
