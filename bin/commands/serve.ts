import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { CommandError } from '../cli/errors.ts';
import { startModelServer } from '../cli/model-server.ts';
import { options } from '../cli/options.ts';
import { lastRegisteredModel } from '../cli/registered-model.ts';
import { trainSampleModel } from '../cli/sample-model.ts';
import { duration, printJson, Terminal } from '../cli/terminal.ts';

interface ServeOptions {
  readonly model?: string;
  readonly port: number;
  readonly state: string;
  readonly json?: boolean;
}

/** What is served, and the server's environment that says so. */
interface Choice {
  /** In words, after the model's name. */
  readonly what: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** `slipway serve`. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve a model on this machine, by the program that the container image holds')
    .option('--model <path>', 'a folder with model.onnx and model.json, or a model.tar.gz (default: the model that was registered last, else a small one that is trained on the spot)')
    .addOption(options.port().default(8080, '8080; 0 takes any free one'))
    .addOption(options.state())
    .addOption(options.json())
    .addHelpText('after', serveExamples)
    .action(async (given: ServeOptions) => {
      const terminal = new Terminal({ json: given.json === true });
      const started = performance.now();
      const folder = await mkdtemp(path.join(tmpdir(), 'slipway-serve-'));
      try {
        const { what, environment } = await chooseModel(given, folder, terminal);
        const server = await startModelServer({ PORT: String(given.port), ...environment }, (line) => { if (given.json !== true) terminal.line(terminal.style('dim', line)); });
        const model = await nameOf(server.url);
        if (given.json === true) printJson({ url: server.url, model });
        terminal.line(`${terminal.style('green', '✓')} ${terminal.style('bold', model)}, ${what}, is served ${terminal.style('dim', `after ${duration((performance.now() - started) / 1000)}`)}`);
        terminal.line(`  Try it in a browser   ${terminal.style('bold', `${server.url}/docs`)}`);
        terminal.line(`  Its routes            ${server.url}/openapi.json`);
        terminal.line('Ctrl-C stops.');
        const code = await untilStopped(server);
        if (code !== undefined) throw new CommandError(`The model server ended by itself, with exit code ${String(code)}.`);
      } finally {
        terminal.stop();
        await rm(folder, { recursive: true, force: true });
      }
    });
}

/** Waits for Ctrl-C and stops the server. @returns the exit code where it ended by itself */
async function untilStopped(server: Awaited<ReturnType<typeof startModelServer>>): Promise<number | undefined> {
  const interrupted = new Promise<undefined>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { resolve(undefined); });
  });
  const code = await Promise.race([interrupted, server.ended]);
  await server.stop();
  return code;
}

async function chooseModel({ model, state }: ServeOptions, folder: string, terminal: Terminal): Promise<Choice> {
  if (model !== undefined) return { what: `of ${model}`, environment: await environmentOf(model) };
  terminal.spin(() => 'looking for the model that was registered last');
  const registered = await lastRegisteredModel(state, folder);
  if (registered !== undefined) {
    const { archive, sha256, version } = registered;
    return { what: `version ${version}, the one that was registered last in ${state}`, environment: { MODEL_ARCHIVE: archive, MODEL_SHA256: sha256, MODEL_VERSION: version } };
  }
  terminal.spin(() => 'training a small model');
  await trainSampleModel(folder);
  terminal.stop();
  return { what: `a small model that was trained on the spot since none is registered in ${state} yet`, environment: { MODEL_FOLDER: folder } };
}

/** What the server calls its model. */
async function nameOf(url: string): Promise<string> {
  const answer = await fetch(`${url}/model/info`);
  const { modelName } = (await answer.json()) as { modelName?: string };
  if (modelName === undefined) throw new CommandError(`${url}/model/info answered ${String(answer.status)} without a modelName.`);
  return modelName;
}

async function environmentOf(model: string): Promise<Record<string, string>> {
  const found = await stat(model).catch((error: unknown) => {
    throw new CommandError(`--model ${model} cannot be read: ${(error as Error).message}`);
  });
  return found.isDirectory() ? { MODEL_FOLDER: path.resolve(model) } : { MODEL_ARCHIVE: path.resolve(model) };
}

const serveExamples = `
Examples:
  slipway serve                            the model that \`slipway demo\` registered, else a small one
  slipway serve --model my-model --port 0  a folder with model.onnx and model.json, on any free port
  slipway serve --json                     one line {"url", "model"} when it is up
`;
