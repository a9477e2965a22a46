import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is gone when the test is over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'laptop-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes a cloud assembly of the stacks given, each depending on those before it. */
export function writeAssembly(directory: string, templates: Readonly<Record<string, object>>, environment = 'aws://unknown-account/unknown-region'): string {
  mkdirSync(directory, { recursive: true });
  const artifacts: Record<string, object> = {};
  for (const [stackName, template] of Object.entries(templates)) {
    const templateFile = `${stackName}.template.json`;
    writeFileSync(path.join(directory, templateFile), JSON.stringify(template));
    artifacts[stackName] = { type: 'aws:cloudformation:stack', environment, properties: { templateFile, stackName }, dependencies: Object.keys(artifacts) };
  }
  writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify({ version: '48.0.0', artifacts }));
  return directory;
}
