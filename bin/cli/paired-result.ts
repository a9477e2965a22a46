import type { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { Connection } from './connection.ts';
import type { ModelVersion } from './model-versions.ts';
import { readText, s3Client, statusOf } from './s3.ts';
import { parseS3Uri } from './s3-uri.ts';

const metric = z.object({ metric: z.string(), challenger: z.number(), champion: z.number(), difference: z.number(), low: z.number(), high: z.number(), confidence: z.number(), test: z.object({ name: z.string(), p: z.number().nullable() }).optional() });

const compared = z.object({
  champion: z.object({ state: z.literal('compared'), modelPackageArn: z.string(), rows: z.number(), metrics: z.array(metric), data: z.object({ note: z.string() }) }),
});

/** A metric of two versions on the same rows. */
export type PairedFigure = z.infer<typeof metric>;

/** What the run of one version stored of its comparison with another, which was served then. */
export interface PairedResult {
  /** The version whose run compared the two. */
  readonly challenger: number;
  readonly champion: number;
  readonly rows: number;
  readonly metrics: readonly PairedFigure[];
  /** Whether the champion may know the rows. */
  readonly note: string;
}

/** The comparison of two versions on the same rows, where the run of either made it: of that run's reports, `champion.json`. */
export async function findPaired(connection: Connection, a: ModelVersion, b: ModelVersion): Promise<PairedResult | undefined> {
  const client = s3Client(connection);
  try {
    return (await storedIn(client, b, a)) ?? (await storedIn(client, a, b));
  } finally {
    client.destroy();
  }
}

async function storedIn(client: S3Client, challenger: ModelVersion, champion: ModelVersion): Promise<PairedResult | undefined> {
  const { report } = challenger.properties;
  // A long address is cut short in the registry.
  if (report?.endsWith('/report.html') !== true) return undefined;
  const { bucket, key } = parseS3Uri(report);
  const content = await read(client, bucket, key.replace(/report\.html$/, 'champion.json'));
  const found = compared.safeParse(content).data?.champion;
  if (found?.modelPackageArn !== champion.arn) return undefined;
  return { challenger: challenger.version, champion: champion.version, rows: found.rows, metrics: found.metrics, note: found.data.note };
}

/** Undefined where there is none, or the caller may not read it: the registry alone is enough for the rest of the command. */
async function read(client: S3Client, bucket: string, key: string): Promise<unknown> {
  try {
    return JSON.parse(await readText(client, bucket, key));
  } catch (error) {
    const status = statusOf(error);
    if (status === 403 || status === 404) return undefined;
    throw error;
  }
}
