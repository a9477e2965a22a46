/** Names as DuckDB can hold them side by side: a repeated or empty one is numbered (`delay`, `delay_2`, `column_3`). */
export function uniqueNames(header: readonly string[]): string[] {
  const seen = new Set<string>();
  return header.map((name, index) => {
    let unique = name === '' ? `column_${String(index + 1)}` : name;
    for (let repeat = 2; seen.has(unique.toLowerCase()); repeat += 1) unique = `${name}_${String(repeat)}`;
    seen.add(unique.toLowerCase());
    return unique;
  });
}
