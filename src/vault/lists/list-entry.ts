import { compareUtf8, escapePath, unescapePath } from './list-path.ts';

/** One line of a file list, seen from the directory it lies in. */
export type ListEntry = ListedFile | ListedEmptyDirectory;

export interface ListedFile {
  readonly kind: 'file';
  readonly name: string;
  readonly sizeBytes: number;
  /** SHA-256 of the file's bytes, 64 lower-case hexadecimal digits: the name of its object. */
  readonly sha256: string;
}

/** Directories are implied by what lies in them; only one that holds nothing has a line. */
export interface ListedEmptyDirectory {
  readonly kind: 'directory';
  readonly name: string;
}

/** `path\tsize\tsha256\n`, or `path/\t-\t-\n` for an empty directory. */
export function encodeLine(directory: string, entry: ListEntry): string {
  const path = escapePath(directory === '' ? entry.name : `${directory}/${entry.name}`);
  return entry.kind === 'directory' ? `${path}/\t-\t-\n` : `${path}\t${entry.sizeBytes}\t${entry.sha256}\n`;
}

/** What an entry sorts by within its directory: a directory's name ends with `/`, as its line does. */
export function sortKey(entry: ListEntry): string {
  return entry.kind === 'directory' ? `${entry.name}/` : entry.name;
}

/**
 * Reads the lines of one directory from `text`, in order.
 *
 * @returns undefined when any line is malformed, belongs to another directory, or is out of order.
 */
export function decodeLines(text: string, directory: string): ListEntry[] | undefined {
  const prefix = directory === '' ? '' : `${escapePath(directory)}/`;
  const entries: ListEntry[] = [];
  let previous = '';
  for (let start = 0; start < text.length;) {
    if (!text.startsWith(prefix, start)) return undefined;
    const line = usualLine(text, start + prefix.length) ?? anyLine(text, start + prefix.length);
    if (line === undefined) return undefined;
    const key = sortKey(line.entry);
    if (compareUtf8(previous, key) >= 0) return undefined;
    entries.push(line.entry);
    previous = key;
    start = line.end;
  }
  return entries;
}

interface Line {
  readonly entry: ListEntry;
  /** Where the next line begins. */
  readonly end: number;
}

/** The rest of a line as nearly all are: a file whose name is letters and digits. */
const USUAL_LINE = /([0-9A-Za-z_-][0-9A-Za-z_.-]*)\t(0|[1-9][0-9]{0,14})\t([0-9a-f]{64})\n/y;

function usualLine(text: string, at: number): Line | undefined {
  USUAL_LINE.lastIndex = at;
  const match = USUAL_LINE.exec(text);
  if (match === null) return undefined;
  const [, name = '', size = '', sha256 = ''] = match;
  return { entry: { kind: 'file', name, sizeBytes: Number(size), sha256 }, end: USUAL_LINE.lastIndex };
}

function anyLine(text: string, at: number): Line | undefined {
  const end = text.indexOf('\n', at);
  const afterPath = text.indexOf('\t', at);
  const afterSize = text.indexOf('\t', afterPath + 1);
  if (end < 0 || afterPath < 0 || afterSize < 0 || afterSize > end) return undefined;
  const key = unescapePath(text.slice(at, afterPath));
  const entry = readEntry(key, text.slice(afterPath + 1, afterSize), text.slice(afterSize + 1, end));
  return entry === undefined ? undefined : { entry, end: end + 1 };
}

/** Whether `name` is one name that can only mean something inside its directory. */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}

const SHA256 = /^[0-9a-f]{64}$/;
const SIZE = /^(?:0|[1-9][0-9]{0,15})$/;

function readEntry(key: string | undefined, size: string, sha256: string): ListEntry | undefined {
  if (key === undefined) return undefined;
  const isDirectory = key.endsWith('/');
  const name = isDirectory ? key.slice(0, -1) : key;
  if (!isPlainName(name)) return undefined;
  if (isDirectory) return size === '-' && sha256 === '-' ? { kind: 'directory', name } : undefined;
  const sizeBytes = Number(size);
  if (!SIZE.test(size) || !Number.isSafeInteger(sizeBytes) || !SHA256.test(sha256)) return undefined;
  return { kind: 'file', name, sizeBytes, sha256 };
}
