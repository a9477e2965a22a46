import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { sourceRevision } from '../../bin/cli/source-revision.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'revision-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder, encoding: 'utf8' }).trim();

it('is what the context says, then what the CI says', () => {
  const ci = { GITHUB_SHA: 'github', CODEBUILD_RESOLVED_SOURCE_VERSION: 'codebuild', CI_COMMIT_SHA: 'gitlab' };
  expect(sourceRevision('mine', ci, folder)).toBe('mine');
  expect(sourceRevision('', ci, folder)).toBeUndefined();
  expect(sourceRevision(undefined, ci, folder)).toBe('github');
  expect(sourceRevision(undefined, { ...ci, GITHUB_SHA: '' }, folder)).toBe('codebuild');
  expect(sourceRevision(undefined, { CI_COMMIT_SHA: 'gitlab' }, folder)).toBe('gitlab');
});

it('is the commit of the repository, and says where files were changed since; without a commit there is none', () => {
  expect(sourceRevision(undefined, {}, folder)).toBeUndefined();
  git('init', '-q');
  expect(sourceRevision(undefined, {}, folder)).toBeUndefined();
  writeFileSync(path.join(folder, 'a'), '1');
  git('add', 'a');
  git('commit', '-qm', 'first');
  const commit = git('rev-parse', 'HEAD');
  expect(sourceRevision(undefined, {}, folder)).toBe(commit);
  writeFileSync(path.join(folder, 'new'), '1');
  expect(sourceRevision(undefined, {}, folder)).toBe(commit);
  writeFileSync(path.join(folder, 'a'), '2');
  expect(sourceRevision(undefined, {}, folder)).toBe(`${commit}-dirty`);
  expect(sourceRevision(undefined, {}, path.join(folder, 'no such folder'))).toBeUndefined();
});
