import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { TrainingPipeline } from '../../lib/index.ts';
import { slipwayProgram } from '../../bin/cli/program.ts';
import { testApp } from '../lib/support.ts';

const root = path.resolve(import.meta.dirname, '../..');
const pages = ['README.md', ...readdirSync(path.join(root, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => `examples/${name}/README.md`), ...readdirSync(path.join(root, 'docs/guides')).map((file) => `docs/guides/${file}`)];

/** The fenced blocks of a page in one language. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(path.join(root, page), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].filter((match) => match[1] === language).map((match) => match[2] ?? '');
}

describe.each(pages)('%s', (page) => {
  const scripts = (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;
  const commands = slipwayProgram().commands;

  it('names scripts, commands and options that exist', () => {
    for (const line of blocks(page, 'sh').join('\n').replaceAll('\\\n', ' ').split('\n')) {
      const script = /^npm (?:run )?(\S+)/.exec(line)?.[1];
      if (script === undefined || script === 'ci') continue;
      expect(scripts, line).toHaveProperty([script]);
      const [, name, rest = ''] = /^npm run slipway -- (\w+)(.*)/.exec(line) ?? [];
      if (name === undefined) continue;
      const command = commands.find((candidate) => candidate.name() === name);
      expect(command, line).toBeDefined();
      for (const [option] of rest.replaceAll(/'[^']*'/g, '').matchAll(/(?<= )--\w[\w-]*/g)) {
        expect(command?.options.map((candidate) => candidate.long), line).toContain(option);
      }
    }
  });

  it('links to files that exist', () => {
    const text = readFileSync(path.join(root, page), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect(existsSync(path.join(root, path.dirname(page), target)), target).toBe(true);
    }
  });
});

describe('the TypeScript of the pages', () => {
  const folder = mkdtempSync(path.join(root, 'test/docs/.snippets-'));
  const snippets = pages.flatMap((page) => blocks(page, 'ts').map((code, index) => ({ page, index, file: writeSnippet(page, index, code) })));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A block as a module: its imports from the package become imports from the sources, others stay as they are, its `this` is a stack. */
  function writeSnippet(page: string, index: number, code: string): string {
    const file = path.join(folder, `${path.basename(page, '.md')}-${String(index)}.ts`);
    const foreign = [...code.matchAll(/^import .* from '(?!slipway')[^']+';$/gm)].map(([line]) => line);
    const taken = new Set(foreign.flatMap((line) => line.match(/\w+/g) ?? []));
    const names = [...new Set([...code.matchAll(/\b([A-Z]\w+)(?=[.(])/g)].map((match) => match[1]!))].filter((name) => !taken.has(name));
    const from = (target: string): string => path.relative(folder, path.join(root, target));
    writeFileSync(file, [
      `import type { Stack } from 'aws-cdk-lib';`,
      ...foreign,
      `import { ${names.join(', ')} } from '${from('lib/index.ts')}';`,
      `import { flights } from '${from('examples/flight-delays/flight-delays.ts')}';`,
      `export const known = { flights };`,
      `export function build(this: Stack): void {\n${code.replaceAll(/^import .*\n/gm, '')}\n}`,
    ].join('\n'));
    return file;
  }

  it.each(snippets)('$page, block $index makes what it says', async ({ file }) => {
    const { build } = (await import(pathToFileURL(file).href)) as { build: (this: Stack) => void };
    const stack = new Stack(testApp(), 'Docs');
    build.call(stack);
    const types = new Set(Object.values((Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> }).Resources).map(({ Type }) => Type));
    const made = stack.node.findAll().filter((construct) => construct instanceof TrainingPipeline);
    expect(types.size).toBeGreaterThanOrEqual(5);
    expect(made).toHaveLength(readFileSync(file, 'utf8').includes('new TrainingPipeline(') ? 1 : 0);
  });

  it('has no type errors', () => {
    const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as { config: { compilerOptions: unknown } };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    const program = ts.createProgram(snippets.map(({ file }) => file), options);
    const problems = snippets.flatMap(({ file }) => program.getSemanticDiagnostics(program.getSourceFile(file)));
    expect(problems.map(({ file, messageText }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)).toEqual([]);
  }, 120_000);
});
