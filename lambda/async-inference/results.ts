import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { AsyncLayout } from '../../model/spec/layout.ts';
import { s3 } from '../shared/clients/s3.ts';
import { head, ifThere, putText, statusOf } from '../shared/objects.ts';
import { DataNotFound } from '../shared/errors.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import { InputTooLarge, type WorkerPorts } from './process.ts';

/** Inputs and answers in S3. */
export function resultsIn(bucket: string, targetName: string, maximumBytes: number): Pick<WorkerPorts, 'isAnswered' | 'readInput' | 'keepAnswer' | 'keepFailure'> {
  const layout = new AsyncLayout(targetName);
  return {
    isAnswered: async (inferenceId) => (await ifThere(head({ bucket, key: layout.outputKey(inferenceId) }))) !== undefined,

    async readInput(location) {
      try {
        const { Body, ContentLength: bytes = 0 } = await s3.send(new GetObjectCommand({ Bucket: location.bucket, Key: location.key }));
        if (bytes > maximumBytes) {
          await Body?.transformToWebStream().cancel();
          throw new InputTooLarge(`${formatS3Uri(location)} has ${String(bytes)} bytes, expected at most ${String(maximumBytes)}.`);
        }
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      } catch (error) {
        if (statusOf(error) === 404) throw new DataNotFound(`${formatS3Uri(location)} does not exist.`, { cause: error });
        throw error;
      }
    },

    async keepAnswer(inferenceId, { headers, body }) {
      try {
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: layout.outputKey(inferenceId), Body: body, ContentType: headers['content-type'], IfNoneMatch: '*' }));
      } catch (error) {
        // Another worker was handed the same message, and was first.
        if (statusOf(error) !== 412) throw error;
      }
    },

    async keepFailure(inferenceId, body) {
      await putText({ bucket, key: layout.failureKey(inferenceId) }, body, 'application/json');
    },
  };
}
