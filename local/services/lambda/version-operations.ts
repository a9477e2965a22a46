import type { Operation, Output } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import type { AliasRecord } from './aliases.ts';
import { describeFunction } from './describe.ts';
import type { Functions } from './functions.ts';
import { parseFunctionName } from './name.ts';

interface OfFunction {
  readonly FunctionName: string;
}

interface AliasInput extends OfFunction {
  readonly Name: string;
  readonly FunctionVersion?: string;
  readonly Description?: string;
  readonly RoutingConfig?: { readonly AdditionalVersionWeights?: Readonly<Record<string, number>> };
  readonly RevisionId?: string;
}

/** The operations on versions and aliases. */
export function versionOperations(functions: Functions): Readonly<Record<string, Operation>> {
  const { aliases, versions } = functions;
  const nameOf = ({ FunctionName }: OfFunction): string => functions.get(parseFunctionName(FunctionName).name).name;
  const describe = (alias: AliasRecord): Output => describeAlias(alias, functions.arn(alias.functionName));

  return {
    PublishVersion(input: OfFunction & { Description?: string }): Output {
      const name = nameOf(input);
      const { properties, code } = functions.get(name);
      const last = versions.list(name).at(-1);
      // Lambda publishes nothing where nothing changed.
      const isSame = last !== undefined && JSON.stringify(last.properties) === JSON.stringify(properties) && versions.holds(last, code);
      const { version } = isSame ? last : functions.publish(name, input.Description ?? '');
      return describeFunction(functions.get(name, version));
    },
    ListVersionsByFunction(input: OfFunction): Output {
      const name = nameOf(input);
      return { Versions: [functions.get(name), ...versions.list(name).map(({ version }) => functions.get(name, version))].map(describeFunction) };
    },
    CreateAlias(input: AliasInput): Output {
      const name = nameOf(input);
      if (aliases.find(name, input.Name) !== undefined) throw new AwsError('ResourceConflictException', `Alias already exists: ${functions.arn(name)}:${input.Name}`, 409, { Type: 'User' });
      if (!/^(?!\d+$)[\w-]{1,128}$/.test(input.Name)) throw new AwsError('ValidationException', `Value '${input.Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)`);
      return describe(aliases.put(name, input.Name, { functionVersion: input.FunctionVersion ?? '', description: input.Description ?? '', weights: input.RoutingConfig?.AdditionalVersionWeights ?? {} }));
    },
    UpdateAlias(input: AliasInput): Output {
      const name = nameOf(input);
      const known = aliases.get(name, input.Name);
      if (input.RevisionId !== undefined && input.RevisionId !== revisionOf(known)) throw new AwsError('PreconditionFailedException', 'The RevisionId provided does not match the latest RevisionId. Call the GetAlias API to retrieve the latest RevisionId.', 412, { Type: 'User' });
      return describe(aliases.put(name, input.Name, {
        functionVersion: input.FunctionVersion ?? known.functionVersion,
        description: input.Description ?? known.description,
        weights: input.RoutingConfig === undefined ? known.weights : (input.RoutingConfig.AdditionalVersionWeights ?? {}),
      }));
    },
    GetAlias: (input: AliasInput) => describe(aliases.get(nameOf(input), input.Name)),
    ListAliases(input: OfFunction & { FunctionVersion?: string }): Output {
      const found = aliases.list(nameOf(input)).filter(({ functionVersion, weights }) => input.FunctionVersion === undefined || functionVersion === input.FunctionVersion || Object.hasOwn(weights, input.FunctionVersion));
      return { Aliases: found.map(describe) };
    },
    DeleteAlias(input: AliasInput): Output {
      aliases.remove(nameOf(input), input.Name);
      return {};
    },
  };
}

function describeAlias(alias: AliasRecord, functionArn: string): Output {
  const { name, functionVersion, description, weights } = alias;
  return {
    AliasArn: `${functionArn}:${name}`,
    Name: name,
    FunctionVersion: functionVersion,
    Description: description,
    ...(Object.keys(weights).length === 0 ? {} : { RoutingConfig: { AdditionalVersionWeights: weights } }),
    RevisionId: revisionOf(alias),
  };
}

/** In the form of AWS's own; another one after each change. */
function revisionOf({ revision }: AliasRecord): string {
  return `00000000-0000-0000-0000-${String(revision).padStart(12, '0')}`;
}
