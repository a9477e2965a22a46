import { randomInt } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';

/** What GetRandomPassword and GenerateSecretString take. */
export interface PasswordOptions {
  readonly PasswordLength?: number | string;
  readonly ExcludeCharacters?: string;
  readonly ExcludeNumbers?: boolean | string;
  readonly ExcludePunctuation?: boolean | string;
  readonly ExcludeUppercase?: boolean | string;
  readonly ExcludeLowercase?: boolean | string;
  readonly IncludeSpace?: boolean | string;
  readonly RequireEachIncludedType?: boolean | string;
}

const defaultLength = 32;
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** Makes a password at random. @throws {AwsError} InvalidParameterException where no character is left */
export function randomPassword(options: PasswordOptions): string {
  const isOn = (value: boolean | string | undefined, byDefault = false): boolean => String(value ?? byDefault) === 'true';
  const kinds = [
    isOn(options.ExcludeLowercase) ? '' : 'abcdefghijklmnopqrstuvwxyz',
    isOn(options.ExcludeUppercase) ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    isOn(options.ExcludeNumbers) ? '' : '0123456789',
    isOn(options.ExcludePunctuation) ? '' : punctuation,
    isOn(options.IncludeSpace) ? ' ' : '',
  ]
    .map((kind) => [...kind].filter((character) => !(options.ExcludeCharacters ?? '').includes(character)).join(''))
    .filter((kind) => kind !== '');
  const length = Number(options.PasswordLength ?? defaultLength);
  if (kinds.length === 0 || !(length >= kinds.length)) throw new AwsError('InvalidParameterException', 'The password cannot be generated from the characters that are left.');
  const all = kinds.join('');
  const pick = (characters: string): string => characters.charAt(randomInt(characters.length));
  const required = isOn(options.RequireEachIncludedType, true) ? kinds.map(pick) : [];
  const characters = [...required, ...Array.from({ length: length - required.length }, () => pick(all))];
  for (let index = characters.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [characters[index], characters[other]] = [characters[other]!, characters[index]!];
  }
  return characters.join('');
}
