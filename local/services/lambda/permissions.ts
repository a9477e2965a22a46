import type { Output } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import type { ResourceProvider } from '../../core/resource.ts';
import type { Functions } from './functions.ts';
import { parseFunctionName } from './name.ts';

/** The properties of AWS::Lambda::Permission. */
interface PermissionProperties {
  readonly Action: string;
  readonly FunctionName: string;
  readonly Principal: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
}

type Statement = Record<string, unknown>;

/** The resource policies of functions, as statements that a policy engine reads. */
export class Permissions {
  readonly #functions: Functions;
  readonly #statements = new Map<string, Map<string, Statement>>();

  constructor(functions: Functions) {
    this.#functions = functions;
  }

  /** Adds a statement, or replaces the one of the same id. */
  add(functionName: string, id: string, { Action, Principal, SourceArn, SourceAccount }: PermissionProperties): void {
    const condition = {
      ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
      ...(SourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
    };
    const statements = this.#statements.get(functionName) ?? new Map<string, Statement>();
    this.#statements.set(functionName, statements);
    statements.set(id, {
      Sid: id,
      Effect: 'Allow',
      Principal: Principal.includes('.amazonaws.com') ? { Service: Principal } : Principal === '*' ? '*' : { AWS: Principal },
      Action,
      Resource: this.#functions.arn(functionName),
      ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
    });
  }

  /** Removes a statement. */
  remove(functionName: string, id: string): void {
    this.#statements.get(functionName)?.delete(id);
  }

  /** The answer of GetPolicy. @throws {AwsError} ResourceNotFoundException when the function has no policy */
  getPolicy(functionName: string): Output {
    const statements = [...(this.#statements.get(functionName)?.values() ?? [])];
    if (statements.length === 0) throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404, { Type: 'User' });
    return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements }) };
  }
}

/** AWS::Lambda::Permission. */
export function permissionProvider(permissions: Permissions): ResourceProvider {
  return {
    type: 'AWS::Lambda::Permission',
    apply(declaration) {
      const properties = declaration.properties as unknown as PermissionProperties;
      const id = `${declaration.stackName}-${declaration.logicalId}`;
      const { name } = parseFunctionName(properties.FunctionName);
      permissions.add(name, id, properties);
      return { physicalId: `${name}|${id}`, attributes: { Id: id } };
    },
    remove(previous) {
      const [name = '', id = ''] = previous.physicalId.split('|');
      permissions.remove(name, id);
    },
  };
}
