import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as api from '../../lib/index.ts';

const lib = path.join(import.meta.dirname, '..', '..', 'lib');
const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.includes('private') && file !== 'index.ts');

describe('the public API', () => {
  it('is what index.ts exports', () => {
    expect(Object.keys(api).sort()).toEqual([
      'Algorithm', 'Column', 'ConfigurationError', 'Dataset', 'DeclarationError', 'Feature', 'Gate', 'GateMetric', 'InferenceApi', 'Label', 'ModelPlatform', 'ModelRegistry',
      'PipelineStack', 'PlatformStack', 'ServingStack', 'Split', 'TrainingPipeline',
    ]);
  });

  it('exports from private folders nothing', () => {
    expect(readFileSync(path.join(lib, 'index.ts'), 'utf8')).not.toMatch(/private/);
  });

  it.each(files)('%s says the default of each optional prop', (file) => {
    const source = readFileSync(path.join(lib, file), 'utf8');
    const interfaces = source.match(/^export interface \w+(Props|Options)\b[^]*?^\}/gm) ?? [];
    for (const [, comment, name] of interfaces.join('\n').matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s+readonly (\w+)\?:/g)) {
      expect(comment, `${file}: ${name!}`).toContain('@default');
    }
  });

  it.each(files)('%s can be carried to other languages by jsii', (file) => {
    const source = readFileSync(path.join(lib, file), 'utf8');
    const exported = source.match(/^export (interface|class) [^]*?^\}/gm) ?? [];
    for (const declaration of exported) {
      expect(declaration, 'no generic declarations').not.toMatch(/^export (interface|class) \w+</);
      for (const [line] of declaration.matchAll(/^ {2}(static |readonly )*[a-z]\w*\??(: |\().*$/gm)) {
        if (/^ {2}(private|if|for|return|const)/.test(line)) continue;
        expect(line, 'no unions of literals').not.toMatch(/: '[^']*' \|/);
      }
    }
  });
});
