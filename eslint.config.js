import path from 'node:path';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The rooms of the house and what each may import (docs/decisions/0001-rooms-and-arrows.md).
 * A room always reaches itself; `test`, `bench` and `scripts` reach everything.
 * An entry is a room, a folder of a room, or one file of it (`*` stands for one path segment).
 */
const arrows = {
  bin: ['lib', 'local', 'model', 'examples'],
  lib: ['stepfunctions', 'model/spec', 'lambda/*/env.ts', 'containers/*/env.ts'],
  stepfunctions: ['model/spec'],
  lambda: ['model'],
  // The server of models reads S3 as the functions do.
  containers: ['model', 'lambda/shared'],
  examples: ['lib'],
  local: [],
  model: [],
};

const root = import.meta.dirname;

/** @param {string} file @param {string} entry */
function isUnder(file, entry) {
  const pattern = entry.split('/');
  return pattern.every((segment, index) => segment === '*' || segment === file.split('/')[index]);
}

/** @type {import('eslint').Rule.RuleModule} */
const arrowsRule = {
  meta: { type: 'problem', schema: [], messages: { forbidden: '{{from}} may not import {{to}}: the arrows are {{from}} → {{allowed}}.' } },
  create(context) {
    const from = path.relative(root, context.filename).split(path.sep)[0] ?? '';
    const allowed = arrows[from];
    if (allowed === undefined) return {};
    /** @param {any} node */
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string' || !source.startsWith('.')) return;
      const to = path.relative(root, path.resolve(path.dirname(context.filename), source)).split(path.sep).join('/');
      if ([from, ...allowed].some((entry) => isUnder(to, entry))) return;
      context.report({ node, messageId: 'forbidden', data: { from, to, allowed: allowed.join(', ') || 'nothing of ours' } });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check };
  },
};

export default tseslint.config(
  { ignores: ['dist/', 'cdk.out*/', '.slipway/', 'coverage/', '**/node_modules/', '.cache/', 'build/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
    plugins: { slipway: { rules: { arrows: arrowsRule } } },
    rules: {
      'slipway/arrows': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'eqeqeq': 'error',
    },
  },
);
