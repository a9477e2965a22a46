import * as z from 'zod';

/** Who may call, as the construct says it in the function's environment. */
export const authorizationSchema = z.discriminatedUnion('kind', [
  /** What is in front of the function has checked it. */
  z.object({ kind: z.literal('frontDoor') }),
  z.object({ kind: z.literal('jwt'), issuer: z.url(), audience: z.array(z.string().min(1)).min(1), scopes: z.array(z.string().min(1)), jwksUri: z.url().optional() }),
  /** By client, the secret that holds the digests of its keys. */
  z.object({ kind: z.literal('apiKeys'), header: z.string().min(1), secrets: z.record(z.string(), z.string().min(1)) }),
]);

/** Who may call. */
export type Authorization = z.infer<typeof authorizationSchema>;
