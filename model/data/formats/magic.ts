/* eslint-disable no-control-regex -- file formats begin with control characters */

const kilobyte = 1024;

/** Files that people take for tables by mistake, told by their first bytes. */
const foreignFormats: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^PK(\x03\x04|\x05\x06)/, 'a zip archive or an Excel workbook: unpack it, or save the sheet as CSV'],
  [/^\xD0\xCF\x11\xE0/, 'an old Excel workbook: save the sheet as CSV'],
  [/^BZh[1-9]/, 'bzip2: compress it with gzip or zstd'],
  [/^\xFD7zXZ/, 'xz: compress it with gzip or zstd'],
  [/^7z\xBC\xAF/, 'a 7z archive: unpack it'],
  [/^ARROW1/, 'an Arrow or Feather file: write it as Parquet'],
  [/^ORC/, 'an ORC file: write it as Parquet'],
  [/^Obj\x01/, 'an Avro file: write it as Parquet'],
  [/^SQLite format 3/, 'an SQLite database: export the table as CSV'],
  [/^\x89HDF/, 'an HDF5 file: write it as Parquet'],
  [/^%PDF-/, 'a PDF'],
  [/^(\x80[\x02-\x05])/, 'a Python pickle: write it as Parquet (DataFrame.to_parquet)'],
  [/^(\xFF\xFE|\xFE\xFF)/, 'UTF-16 text: save it as UTF-8'],
  [/^\s*<(!doctype|html|\?xml)/i, 'a web page or XML, such as an error page that was saved in place of the data'],
  [/^[\s\S]{257}ustar/, 'a tar archive: unpack it, one table a file'],
];

/** The name of a format that is no table, with what to do about it; `undefined` where the bytes may be text. */
export function foreignFormat(head: Buffer): string | undefined {
  const start = head.toString('latin1', 0, kilobyte);
  return foreignFormats.find(([pattern]) => pattern.test(start))?.[1];
}
