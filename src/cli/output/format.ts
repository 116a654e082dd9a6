/** Words for numbers, as people say them. Locale-independent, so that a script's log reads the same everywhere. */

export { formatSize } from '../../shared/text/size.ts';

/** "40,320". */
export function formatCount(count: number): string {
  if (count < 1000 && Number.isInteger(count) && count >= 0) return count.toString();
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

const PLAIN = /^[ -~]*$/;
/** Control characters (escape sequences, line breaks), and those that turn the direction of what follows. */
const CONTROLS = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

/** Whether every character is one that any terminal shows in one cell. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/**
 * Text that came from a phone or a backup, safe to print on a terminal: control characters are shown as symbols
 * instead of being obeyed.
 */
export function printable(text: string): string {
  // Nearly every text is letters and digits.
  return isPlain(text) ? text : text.replace(CONTROLS, '\ufffd');
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
