import { InvalidRunName } from '../shared/errors.ts';

/**
 * Checks the name of a run, which becomes a part of S3 keys and of the model package's SourceUri. Step Functions takes more for an
 * execution that is started by hand, such as `+`, `=` and letters of any alphabet; SageMaker would refuse it after the training.
 * @throws InvalidRunName
 */
export function checkRunName(name: string): void {
  if (/^[A-Za-z0-9_.-]+$/.test(name) && !/^\.+$/.test(name)) return;
  const wrong = [...new Set(name.match(/[^A-Za-z0-9_.-]/gu) ?? [])].map((character) => `'${character}'`).join(', ');
  throw new InvalidRunName(
    `The run is named '${name}'${wrong === '' ? '' : `, with ${wrong}`}, expected letters (A-Z, a-z), digits, '_', '.' and '-': the name is a part of the URI under which the model is registered. ` +
      'Start a new execution under such a name, or without one.',
  );
}
