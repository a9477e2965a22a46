import { readFileSync } from 'node:fs';
import type { ProvisionContext, ResourceProvider } from '../../core/resource.ts';
import type { Machines } from './machines.ts';

/** State machine names have at most 80 characters. */
const longestName = 80;

interface MachineProperties {
  readonly StateMachineName?: string;
  readonly StateMachineType?: 'STANDARD' | 'EXPRESS';
  readonly RoleArn: string;
  readonly DefinitionString?: string;
  readonly Definition?: object;
  readonly DefinitionS3Location?: { readonly Bucket: string; readonly Key: string };
  readonly DefinitionSubstitutions?: Readonly<Record<string, unknown>>;
}

/** AWS::StepFunctions::StateMachine. */
export function machineProvider(machines: Machines): ResourceProvider {
  return {
    type: 'AWS::StepFunctions::StateMachine',
    apply(declaration, provision, previous) {
      const properties = declaration.properties as unknown as MachineProperties;
      const known = previous?.attributes['Name'];
      const name = typeof known === 'string' ? known : (properties.StateMachineName ?? provision.physicalName(declaration, longestName));
      const machine = machines.deploy(name, {
        roleArn: properties.RoleArn,
        type: properties.StateMachineType ?? 'STANDARD',
        definition: substitute(definitionOf(properties, provision), properties.DefinitionSubstitutions ?? {}),
      });
      return { physicalId: machine.arn, attributes: { Arn: machine.arn, Name: name, StateMachineRevisionId: machine.revision } };
    },
    remove: (previous) => machines.remove(previous.physicalId),
  };
}

function definitionOf({ DefinitionString, Definition, DefinitionS3Location: location }: MachineProperties, provision: ProvisionContext): string {
  if (DefinitionString !== undefined) return DefinitionString;
  if (Definition !== undefined) return JSON.stringify(Definition);
  const file = location === undefined ? undefined : provision.assetPath(location.Bucket, location.Key);
  if (file === undefined) throw new Error('The state machine has neither DefinitionString nor Definition, nor a DefinitionS3Location that is an asset of this assembly.');
  return readFileSync(file, 'utf8');
}

function substitute(definition: string, substitutions: Readonly<Record<string, unknown>>): string {
  return definition.replace(/\$\{([A-Za-z0-9_]+)\}/g, (text, name: string) => (Object.hasOwn(substitutions, name) ? String(substitutions[name]) : text));
}
