const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** "0 bytes", "1 byte", "999 bytes", "1.2 kB", "34 MB", "1.5 GB": decimal units, three significant digits at most. */
export function formatSize(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  if (value === 1 && unit === 0) return '1 byte';
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${trimZeros(value.toFixed(digits))} ${UNITS[unit] ?? ''}`;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
