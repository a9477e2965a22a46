import type { TemplateStack } from './assembly.ts';

const account = '123456789012';

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': account,
  'AWS::Region': 'us-east-1',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackId': `arn:aws:cloudformation:us-east-1:${account}:stack/stack/51af3dc0-da77-11e4-872e-1234567db123`,
};

/** ARNs of the shape that each type of resource has, so that a reference is checked as what it will be. */
const arnShapes: Readonly<Record<string, (id: string) => string>> = {
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id.toLowerCase()}`,
  'AWS::Lambda::Function': (id) => `arn:aws:lambda:us-east-1:${account}:function:${id.slice(0, 64)}`,
  'AWS::Lambda::Alias': (id) => `arn:aws:lambda:us-east-1:${account}:function:${id.slice(0, 64)}`,
  'AWS::IAM::Role': (id) => `arn:aws:iam::${account}:role/${id.slice(0, 64)}`,
  'AWS::SQS::Queue': (id) => `arn:aws:sqs:us-east-1:${account}:${id}`,
  'AWS::SecretsManager::Secret': (id) => `arn:aws:secretsmanager:us-east-1:${account}:secret:${id}-a1b2c3`,
  'AWS::SNS::Topic': (id) => `arn:aws:sns:us-east-1:${account}:${id}`,
  'AWS::KMS::Key': () => `arn:aws:kms:us-east-1:${account}:key/00000000-0000-4000-8000-000000000000`,
  'AWS::Logs::LogGroup': (id) => `arn:aws:logs:us-east-1:${account}:log-group:${id}:*`,
  'AWS::CloudWatch::Alarm': (id) => `arn:aws:cloudwatch:us-east-1:${account}:alarm:${id}`,
  'AWS::Events::Rule': (id) => `arn:aws:events:us-east-1:${account}:rule/${id}`,
  'AWS::StepFunctions::StateMachine': (id) => `arn:aws:states:us-east-1:${account}:stateMachine:${id}`,
  'AWS::ECR::Repository': (id) => `arn:aws:ecr:us-east-1:${account}:repository/${id.toLowerCase()}`,
  'AWS::ECS::Cluster': (id) => `arn:aws:ecs:us-east-1:${account}:cluster/${id}`,
  'AWS::SageMaker::ModelPackageGroup': (id) => `arn:aws:sagemaker:us-east-1:${account}:model-package-group/${id.toLowerCase()}`,
};

/** Types of which a `Ref` is the ARN. */
const refIsArn = new Set(['AWS::SecretsManager::Secret', 'AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine', 'AWS::Lambda::Alias']);

/** Reads values of templates as texts: references become made-up names and ARNs of the right shape. */
export class References {
  private readonly stacks: readonly TemplateStack[];

  constructor(stacks: readonly TemplateStack[]) {
    this.stacks = stacks;
  }

  /** A value of the named stack's template as one text. */
  text(stack: string, value: unknown): string {
    if (typeof value === 'string') return value;
    if (typeof value !== 'object' || value === null) return String(value);
    const [key = '', argument] = Object.entries(value)[0] ?? [];
    switch (key) {
      case 'Fn::Join': {
        const [delimiter, parts] = argument as [string, unknown[]];
        return parts.map((part) => this.text(stack, part)).join(delimiter);
      }
      case 'Ref':
        return this.ref(stack, argument as string);
      case 'Fn::GetAtt':
        return this.attribute(stack, argument as [string, string]);
      case 'Fn::ImportValue':
        return this.imported(this.text(stack, argument));
      case 'Fn::GetStackOutput':
        return this.output(argument as { StackName: string; OutputName: string });
      case 'Fn::Sub':
        return this.substituted(stack, argument as string | [string, Record<string, unknown>]);
      case 'Fn::Select': {
        const [index, list] = argument as [number | string, unknown];
        return this.list(stack, list)[Number(index)] ?? '';
      }
      case 'Fn::FindInMap':
        return (argument as unknown[]).map((part) => this.text(stack, part)).join('-');
      default:
        throw new Error(`${stack}: cannot read ${JSON.stringify(value)} as a text: teach scripts/synth/references.ts the function ${key}.`);
    }
  }

  /** A list of texts, written out or split from a text. */
  private list(stack: string, value: unknown): string[] {
    if (Array.isArray(value)) return value.map((item) => this.text(stack, item));
    const [delimiter, text] = (value as { 'Fn::Split'?: [string, unknown] })['Fn::Split'] ?? [];
    if (delimiter === undefined) throw new Error(`${stack}: cannot read ${JSON.stringify(value)} as a list of texts, expected a list or Fn::Split.`);
    return this.text(stack, text).split(delimiter);
  }

  private ref(stack: string, name: string): string {
    const type = this.typeOf(stack, name);
    return refIsArn.has(type) ? this.arn(type, name) : (pseudoParameters[name] ?? name.toLowerCase());
  }

  private attribute(stack: string, [logicalId, name]: [string, string]): string {
    return name.endsWith('Arn') ? this.arn(this.typeOf(stack, logicalId), logicalId) : `${logicalId}-${name}`.toLowerCase();
  }

  private imported(name: string): string {
    const exporter = this.stacks.find((candidate) => Object.hasOwn(candidate.exports, name));
    if (exporter === undefined) throw new Error(`No stack of the assembly exports '${name}'.`);
    return this.text(exporter.name, exporter.exports[name]);
  }

  private output({ StackName, OutputName }: { StackName: string; OutputName: string }): string {
    const stack = this.stacks.find(({ name }) => name === StackName);
    if (stack === undefined || !Object.hasOwn(stack.outputs, OutputName)) throw new Error(`No stack '${StackName}' of the assembly has the output '${OutputName}'.`);
    return this.text(stack.name, stack.outputs[OutputName]);
  }

  private substituted(stack: string, argument: string | [string, Record<string, unknown>]): string {
    const [template, values] = typeof argument === 'string' ? [argument, {}] : argument;
    return template.replace(/\$\{([^}!]+)\}/g, (_, name: string) => {
      if (Object.hasOwn(values, name)) return this.text(stack, values[name]);
      const [logicalId = '', attribute] = name.split('.');
      return attribute === undefined ? this.ref(stack, logicalId) : this.attribute(stack, [logicalId, attribute]);
    });
  }

  private typeOf(stack: string, logicalId: string): string {
    return this.stacks.find(({ name }) => name === stack)?.resources.find((resource) => resource.logicalId === logicalId)?.type ?? '';
  }

  private arn(type: string, logicalId: string): string {
    return arnShapes[type]?.(logicalId) ?? `arn:aws:unknown:us-east-1:${account}:${logicalId}`;
  }
}
