import { completionMarker, isDataFile } from '../shared/listing.ts';

/** The dataset that a new object completes, or why it completes none. */
export type CompletedDataset = { readonly key: string } | { readonly ignored: string };

/**
 * What a new object means. One right under the prefix is a dataset of its own. A folder below the prefix is one dataset, with all that lies in it, and is complete
 * when the marker is written into it, as Spark and Glue do: the objects before it start nothing, or each part would be learned from alone.
 */
export function datasetOf(key: string, prefix: string): CompletedDataset {
  if (!key.startsWith(prefix)) return { ignored: `'${key}' is not under '${prefix}'.` };
  if (key.endsWith('/')) return { ignored: `'${key}' is a folder, not a file.` };
  const slash = key.lastIndexOf('/') + 1;
  const folder = key.slice(0, slash);
  const name = key.slice(slash);
  if (folder === prefix) {
    if (isDataFile(key, prefix)) return { key };
    const hint = name === completionMarker ? `, and '${prefix}' is no dataset as a whole: write the files of one dataset, and its marker, into a folder below it` : '';
    return { ignored: `'${key}' is no data, since its name begins with '${name.slice(0, 1)}'${hint}.` };
  }
  if (name === completionMarker && isDataFile(`${folder}x`, prefix)) return { key: folder };
  return { ignored: `'${key}' lies in a folder, which starts a run when '${folder}${completionMarker}' is written.` };
}

/** Where the marker of a folder lies. */
export function markerOf(folder: string): string {
  return `${folder}${completionMarker}`;
}

/** A listed object. */
export interface Written {
  readonly key: string;
  readonly lastModified: Date;
}

/** The dataset under a prefix that was completed last; of two that are equally new the one whose key sorts last. */
export function newestDataset(objects: Iterable<Written>, prefix: string): string | undefined {
  let best: Written | undefined;
  for (const { key, lastModified } of objects) {
    const dataset = datasetOf(key, prefix);
    if ('ignored' in dataset) continue;
    const newer = best === undefined ? 1 : lastModified.getTime() - best.lastModified.getTime();
    if (newer > 0 || (newer === 0 && best !== undefined && dataset.key > best.key)) best = { key: dataset.key, lastModified };
  }
  return best?.key;
}
