import { spawnSync } from 'node:child_process';

/** Where continuous integration says which commit it builds: GitHub Actions, AWS CodeBuild, GitLab CI. */
const variables = ['GITHUB_SHA', 'CODEBUILD_RESOLVED_SOURCE_VERSION', 'CI_COMMIT_SHA'];

/**
 * The revision of the code that is synthesised, for the lineage of the models that it will train: what `-c revision=..` says, the CI's
 * variable, or the commit of the repository, with `-dirty` where files of it were changed since.
 * @returns undefined where nothing says: without git, outside of a repository, before its first commit; `-c revision=` says so on purpose
 */
export function sourceRevision(given: unknown, environment: Readonly<Record<string, string | undefined>>, directory: string): string | undefined {
  if (given !== undefined) return nonEmpty(String(given));
  for (const name of variables) {
    const value = nonEmpty(environment[name]);
    if (value !== undefined) return value;
  }
  const commit = nonEmpty(git(directory, 'rev-parse', 'HEAD'));
  if (commit === undefined) return undefined;
  const changes = git(directory, 'status', '--porcelain', '--untracked-files=no');
  return nonEmpty(changes) === undefined ? commit : `${commit}-dirty`;
}

function git(directory: string, ...args: string[]): string | undefined {
  const { status, stdout, error } = spawnSync('git', args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return error === undefined && status === 0 ? stdout.trim() : undefined;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
