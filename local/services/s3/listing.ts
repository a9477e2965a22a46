import type { Collection } from '../../core/store.ts';

/** What a listing asks for. */
export interface ListRequest {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  /** Documents of the bucket up to and including this id (without the bucket's name) are left out. */
  readonly after: string;
  readonly limit: number;
}

/** One page of a listing. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix of the page, when there is more behind it. */
  readonly next?: string;
}

/** Sorts behind every text that starts with the prefix it is appended to. */
const highestCharacter = '\u{10FFFF}';
const pageSize = 1000;

/**
 * Lists the keys of a bucket in their order, those below a delimiter as one common prefix, which is
 * then skipped as a whole instead of read.
 */
export function listKeys<T extends { readonly key: string }>(documents: Collection<T>, { bucket, prefix, delimiter, after, limit }: ListRequest, include: (item: T) => boolean): ListPage<T> {
  const items: T[] = [];
  const commonPrefixes: string[] = [];
  let position = `${bucket}/${skipPrefix(after, prefix, delimiter)}`;
  let last = '';
  for (;;) {
    const page = documents.page({ prefix: `${bucket}/${prefix}`, after: position, limit: Math.min(pageSize, limit + 1) });
    if (page.length === 0) return { items, commonPrefixes };
    for (const { id, value } of page) {
      position = id;
      if (!include(value)) continue;
      if (items.length + commonPrefixes.length === limit) return { items, commonPrefixes, next: last };
      const common = commonPrefix(value.key, prefix, delimiter);
      last = common ?? value.key;
      if (common === undefined) {
        items.push(value);
      } else {
        commonPrefixes.push(common);
        position = `${bucket}/${common}${highestCharacter}`;
        break;
      }
    }
  }
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/** A page that ended with a common prefix goes on behind all keys below it. */
function skipPrefix(after: string, prefix: string, delimiter: string): string {
  return delimiter !== '' && after.startsWith(prefix) && after.endsWith(delimiter) && after.length > prefix.length ? after + highestCharacter : after;
}
