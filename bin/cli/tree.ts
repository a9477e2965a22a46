/** A line of a tree, with what hangs under it. */
export interface Branch {
  readonly label: string;
  readonly value?: string;
  readonly branches?: readonly Branch[];
}

/** A tree as lines: `├─ label  value`; the values of neighbours stand under each other. */
export function treeLines(branches: readonly Branch[], indent = ''): string[] {
  const width = Math.max(0, ...branches.map(({ label, value }) => (value === undefined ? 0 : label.length)));
  return branches.flatMap(({ label, value, branches: children = [] }, index) => {
    const last = index === branches.length - 1;
    const line = `${indent}${last ? '└─' : '├─'} ${value === undefined ? label : `${label.padEnd(width)}  ${value}`}`;
    return [line, ...treeLines(children, `${indent}${last ? '   ' : '│  '}`)];
  });
}
