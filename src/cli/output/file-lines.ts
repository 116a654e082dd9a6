import type { ListedFile, ManifestProblem } from '../../snapshot/index.ts';
import { formatSize, formatTime } from './format.ts';
import type { Output } from './output.ts';

/** Sizes end flush: "1023 bytes" is the longest. */
const SIZE_WIDTH = 10;
const NO_TIME = '-'.padEnd('2026-11-22 10:43'.length);

/** "-rw-r--r--    1.2 MB  2026-11-22 10:43  ": what comes before a name in a listing. */
export function factsOfFile({ kind, mode, sizeBytes, modifiedAt }: ListedFile): string {
  const size = sizeBytes === undefined ? '-' : formatSize(sizeBytes);
  const time = modifiedAt === undefined ? NO_TIME : formatTime(modifiedAt);
  return `${modeWords(kind, mode)} ${size.padStart(SIZE_WIDTH)}  ${time}  `;
}

const KIND_LETTERS = { file: '-', directory: 'd', symlink: 'l' } as const;

/** "drwxr-xr-x", as `ls -l` has it. */
function modeWords(kind: ListedFile['kind'], mode: number | undefined): string {
  return KIND_LETTERS[kind] + (mode === undefined ? '?????????' : permissionWords(mode & 0o777));
}

/** There are few of them in a backup, and very many files. */
const wordsOfPermissions = new Map<number, string>();

function permissionWords(permissions: number): string {
  let words = wordsOfPermissions.get(permissions);
  if (words === undefined) {
    words = Array.from('rwxrwxrwx', (letter, index) => ((permissions >> (8 - index)) & 1 ? letter : '-')).join('');
    wordsOfPermissions.set(permissions, words);
  }
  return words;
}

/** What `ls` and `find` give to scripts; the names are a promise. */
export function recordOfFile({ domain, relativePath, kind, sizeBytes, mode, modifiedAt }: ListedFile): object {
  return {
    domain,
    path: relativePath,
    kind,
    ...(kind === 'file' && { bytes: sizeBytes ?? null }),
    mode: mode === undefined ? null : (mode & 0o7777).toString(8).padStart(4, '0'),
    modifiedAt: modifiedAt?.toISOString() ?? null,
  };
}

/** Says once, beside the list, that the list is not whole. */
export function noteCutOff(output: Output): (problem: ManifestProblem) => void {
  return ({ reason }) => {
    if (reason === 'cut-off')
      output.note('The list of this backup’s files is damaged and breaks off: there may be more.');
  };
}
