import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleRootContext, handlerBundle, packageRoot } from '../../../lib/private/handler-bundle.ts';
import { testApp, testStack, tinyBundles } from '../support.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'slipway-package-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the bundle of a handler', () => {
  it('is the one for the function\'s processor', () => {
    expect(handlerBundle(testStack(), 'notify', Architecture.ARM_64)).toBe(path.join(tinyBundles(), 'arm64', 'notify'));
    expect(handlerBundle(testStack(), 'notify', Architecture.X86_64)).toBe(path.join(tinyBundles(), 'x64', 'notify'));
  });

  it('says how to build it where it is missing', () => {
    expect(() => handlerBundle(testStack(), 'unknown', Architecture.ARM_64)).toThrow(/the bundle of the handler 'unknown' is missing.*npm run build:handlers/);
  });

  it('says how to build it for the other processor', () => {
    expect(() => handlerBundle(testStack(), 'unknown', Architecture.X86_64)).toThrow(/npm run build:handlers -- --arch x64`/);
  });

  it('is refused where Lambda would not take it', () => {
    const bundle = path.join(folder, 'arm64', 'large');
    mkdirSync(path.join(bundle, 'node_modules'), { recursive: true });
    writeFileSync(path.join(bundle, 'index.mjs'), '');
    writeFileSync(path.join(bundle, 'node_modules', 'native.so'), '');
    // As large as it says, and on the disk nothing.
    truncateSync(path.join(bundle, 'node_modules', 'native.so'), 250 * 1024 * 1024 + 52_429);
    const stack = testStack('Stack', testApp({ [bundleRootContext]: folder }));
    expect(() => handlerBundle(stack, 'large', Architecture.ARM_64)).toThrow(/the bundle of the handler 'large' has 250.1 MB unpacked in .*large, expected at most 250.0 MB, which is what Lambda takes/);
  });

  it('is looked for from the package, also from the built code, whose package.json has no name', () => {
    mkdirSync(path.join(folder, 'dist', 'lib', 'private'), { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{"name":"slipway"}');
    writeFileSync(path.join(folder, 'dist', 'package.json'), '{"type":"commonjs"}');
    expect(packageRoot(path.join(folder, 'dist', 'lib', 'private'))).toBe(folder);
  });
});
