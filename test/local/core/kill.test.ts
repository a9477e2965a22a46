import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { startLaptop } from '../../../local/index.ts';
import { temporaryDirectory, writeAssembly } from '../support/assembly.ts';

test('what the laptop acknowledged is there, whole, after it was killed in the middle of writes', async () => {
  const directory = temporaryDirectory();
  const options = { assembly: writeAssembly(path.join(directory, 'cdk.out'), { App: { Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } } } } }), stateDirectory: path.join(directory, 'state') };
  const script = `const { startLaptop } = await import(${JSON.stringify(path.resolve('local/index.ts'))}); const { awsEndpoint, credentials } = await startLaptop(${JSON.stringify(options)}); console.log(JSON.stringify({ awsEndpoint, credentials }));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { awsEndpoint, credentials } = JSON.parse(line.toString());
  const config = { region: 'us-east-1', credentials, forcePathStyle: true, maxAttempts: 1 };

  const body = (key: string) => key.repeat(50_000);
  const acknowledged: string[] = [];
  const writer = async (name: string) => {
    const s3 = new S3Client({ ...config, endpoint: awsEndpoint });
    for (let index = 0; ; index += 1) {
      const Key = `${name}-${index}`;
      await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body: body(Key) }));
      if (acknowledged.push(Key) === 40) child.kill('SIGKILL');
    }
  };
  await Promise.allSettled(['a', 'b', 'c', 'd'].map(writer));
  expect(child.exitCode ?? child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL');

  const laptop = await startLaptop(options);
  const s3 = new S3Client({ ...config, endpoint: laptop.awsEndpoint });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'data' }));
  const there = Contents.map(({ Key }) => Key!);
  expect(there).toEqual(expect.arrayContaining(acknowledged));
  for (const Key of there) expect(await (await s3.send(new GetObjectCommand({ Bucket: 'data', Key }))).Body!.transformToString()).toBe(body(Key));
  await laptop.close();
});
