import * as z from 'zod';

/** Where a service is: its name and its cluster's, or their ARNs. */
const placeSchema = z.object({ Cluster: z.string().min(1), ServiceName: z.string().min(1) });

/** Where a service is. */
export type ServicePlace = z.infer<typeof placeSchema>;

/** What of a custom resource's event is read. A resource that is deleted may never have been made, so nothing more is asked of it. */
export const customResourceSchema = z.discriminatedUnion('RequestType', [
  z.object({ RequestType: z.literal('Create'), ResourceProperties: placeSchema }),
  z.object({ RequestType: z.literal('Update'), ResourceProperties: placeSchema, OldResourceProperties: placeSchema }),
  z.object({ RequestType: z.literal('Delete') }),
]);

/** What CloudFormation asks. */
export type CustomResourceRequest = z.infer<typeof customResourceSchema>;

/** What every answer repeats, and where it goes. */
export const replySchema = z.object({
  ResponseURL: z.url(),
  StackId: z.string().min(1),
  RequestId: z.string().min(1),
  LogicalResourceId: z.string().min(1),
  PhysicalResourceId: z.string().min(1).optional(),
});

/** Where an answer goes. */
export type ReplyTo = z.infer<typeof replySchema>;
