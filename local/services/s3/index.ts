import type { Operation } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { bucketOperations } from './buckets.ts';
import { listOperations } from './lists.ts';
import { multipartOperations } from './multipart.ts';
import { objectOperations } from './objects.ts';
import { bucketProvider, notificationsProvider } from './provider.ts';
import { S3 } from './s3.ts';

/** Amazon S3: buckets, objects in versions, multipart uploads, events to EventBridge. */
export function createS3(context: LaptopContext): ServiceModule {
  const s3 = new S3(context);
  const operations: Record<string, Operation> = { ...bucketOperations(s3), ...objectOperations(s3), ...listOperations(s3), ...multipartOperations(s3) };
  return {
    services: [{ name: 's3', operations, ready: () => s3.delivery.wake(), close: () => s3.delivery.close() }],
    providers: [bucketProvider(s3), notificationsProvider(s3)],
  };
}
