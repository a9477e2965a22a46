import type { ResourceProvider } from '../core/resource.ts';
import { assetLocator } from './assets.ts';
import { readJson } from './json.ts';
import type { Assembly, AssemblyStack } from './manifest.ts';
import type { StackOutput } from './records.ts';
import type { Environment } from './scope.ts';
import { AssemblyError, type Template } from './template.ts';

type Deploy = (stack: AssemblyStack, parameters: Readonly<Record<string, string>>, parentId?: string) => Promise<readonly StackOutput[]>;

/** Nested stacks: a template that is an asset, deployed as a stack of its own whose outputs are attributes. */
export function nestedStackProvider(assembly: Assembly, environment: Environment, deploy: Deploy): ResourceProvider {
  return {
    type: 'AWS::CloudFormation::Stack',
    async apply(declaration, context) {
      const { TemplateURL: url, Parameters: parameters = {} } = declaration.properties as { TemplateURL?: string; Parameters?: Record<string, unknown> };
      const stackName = context.physicalName(declaration, 128);
      const place: Environment = { partition: environment.partition, accountId: context.accountId, region: context.region };
      const template = readJson<Template>(locate(String(url), assetLocator(assembly.assets, place)));
      const stack: AssemblyStack = { id: stackName, stackName, template, tags: {}, constructPaths: {}, account: context.accountId, region: context.region };
      const values = Object.entries(parameters).map(([name, value]): [string, string] => [name, Array.isArray(value) ? value.join(',') : String(value)]);
      const outputs = await deploy(stack, Object.fromEntries(values), declaration.stackName);
      return {
        physicalId: `arn:${context.partition}:cloudformation:${context.region}:${context.accountId}:stack/${stackName}/nested`,
        attributes: { Outputs: Object.fromEntries(outputs.map(({ key, value }) => [key, value])) },
      };
    },
  };
}

function locate(url: string, assetPath: (bucket: string, key: string) => string | undefined): string {
  const [bucket = '', ...key] = new URL(url).pathname.slice(1).split('/');
  const file = assetPath(bucket, key.join('/'));
  if (file === undefined) throw new AssemblyError(`The nested template ${url} is no asset of the assembly.`);
  return file;
}
