import { expect, test } from 'vitest';
import { datasetOf, newestDataset } from '../../../lambda/start-pipeline/dataset-of.ts';

test('an object right under the prefix is a dataset; a folder below it is one once its marker is there', () => {
  expect(datasetOf('raw/x/a b+ü.csv', 'raw/x/')).toEqual({ key: 'raw/x/a b+ü.csv' });
  expect(datasetOf('raw/x/2026/_SUCCESS', 'raw/x/')).toEqual({ key: 'raw/x/2026/' });
  expect(datasetOf('raw/x/a/b c/_SUCCESS', 'raw/x/')).toEqual({ key: 'raw/x/a/b c/' });
});

test.each([
  ['raw/x/', /'raw\/x\/' is a folder, not a file/],
  ['raw/x/2026/', /is a folder/],
  ['raw/xy/a.csv', /not under 'raw\/x\/'/],
  ['raw/x/2026/part-0.csv', /lies in a folder, which starts a run when 'raw\/x\/2026\/_SUCCESS' is written/],
  ['raw/x/2026/_committed_1', /lies in a folder/],
  ['raw/x/2026/_temporary/_SUCCESS', /lies in a folder/],
  ['raw/x/.DS_Store', /is no data, since its name begins with '\.'\.$/],
  ['raw/x/_SUCCESS', /'raw\/x\/' is no dataset as a whole: write the files of one dataset, and its marker, into a folder below it/],
])('%s starts nothing, and says why', (key, reason) => {
  expect(datasetOf(key, 'raw/x/')).toEqual({ ignored: expect.stringMatching(reason) as string });
});

test('the newest dataset is found, whatever the order of the listing', () => {
  const at = (key: string, time: number) => ({ key: `raw/x/${key}`, lastModified: new Date(time) });
  const objects = [at('a', 1), at('b', 3), at('c', 3), at('folder/', 9), at('d', 2), at('parts/0.csv', 8)];
  expect(newestDataset(objects, 'raw/x/')).toBe('raw/x/c');
  expect(newestDataset(objects.toReversed(), 'raw/x/')).toBe('raw/x/c');
  expect(newestDataset([...objects, at('parts/_SUCCESS', 4)], 'raw/x/')).toBe('raw/x/parts/');
  expect(newestDataset([], 'raw/x/')).toBeUndefined();
});
