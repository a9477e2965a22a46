import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { secretOperations } from './operations.ts';
import { secretProviders } from './providers.ts';
import { Rotations } from './rotation.ts';
import { Secrets } from './secrets.ts';

/** AWS Secrets Manager: secrets with their versions and labels, rotated by functions. */
export function createSecretsManager(context: LaptopContext): ServiceModule {
  const secrets = new Secrets(context);
  const rotations = new Rotations(context, secrets);
  return {
    services: [{ name: 'secretsmanager', operations: secretOperations(context, secrets, rotations), ready: () => rotations.ready(), close: () => rotations.close() }],
    providers: secretProviders(context, secrets, rotations),
  };
}
