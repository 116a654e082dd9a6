/** Prints rows as a Markdown table, ready for bench/README.md. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  process.stdout.write(`${lines.join('\n')}\n\n`);
}

export const seconds = (value: number): string => `${value.toFixed(2)} s`;
export const megabytes = (value: number): string => `${Math.round(value)} MB`;
export const ratio = (theirs: number, ours: number): string => `${(theirs / ours).toFixed(2)}×`;
