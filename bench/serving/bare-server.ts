import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** What one would write by hand: node:http and onnxruntime-node, one prediction a request, nothing checked. Argument: the ONNX file. */
const session = await InferenceSession.create(process.argv[2]!, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const [input, output] = [session.inputNames[0]!, session.outputNames[0]!];

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => void (async () => {
    const { input: row } = JSON.parse(Buffer.concat(chunks).toString()) as { input: number[] };
    const results = await session.run({ [input]: new Tensor('float32', Float32Array.from(row), [1, row.length]) });
    const probability = Number(results[output]!.data[1]);
    const body = JSON.stringify({ prediction: probability > 0.5 ? 1 : 0, probabilities: { 0: 1 - probability, 1: probability } });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
  })());
});
server.listen(0, '127.0.0.1', () => { console.log(JSON.stringify({ message: 'Listening', port: (server.address() as AddressInfo).port })); });
