/** Words for numbers, as people say them. Locale-independent, so that a script's log reads the same everywhere. */

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

/** "40,320". */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** "1 file", "3,201 files". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** "under a second", "42 s", "3 min 5 s", "2 h 10 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return 'under a second';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const two = (value: number): string => value.toString().padStart(2, '0');

/** "2026-11-22 10:43", in local time. */
export function formatTime(date: Date): string {
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Control characters (escape sequences, line breaks), and those that turn the direction of what follows. */
const CONTROLS = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text that came from a phone or a backup, safe to print on a terminal: control characters are shown as symbols
 * instead of being obeyed.
 */
export function printable(text: string): string {
  return text.replace(CONTROLS, '\ufffd');
}

/**
 * A value as JSON on exactly one line, whoever splits the lines. JSON leaves some control characters as they are, which
 * terminals obey and which some languages take for the end of a line; escaped, they mean the same to every parser.
 */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value).replace(CONTROLS, escaped)}\n`;
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
