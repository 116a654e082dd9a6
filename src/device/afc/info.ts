/** What the file service tells about files and storage: alternating keys and values, all of them text. */

export interface AfcFileInfo {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  readonly bornAt: Date;
  /** Where a symbolic link points. */
  readonly linkTarget?: string;
}

export interface AfcDeviceInfo {
  readonly model: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly blockSizeBytes: number;
}

export function parseFileInfo(strings: readonly string[]): AfcFileInfo {
  const facts = pairsOf(strings);
  const linkTarget = facts.get('LinkTarget');
  return {
    kind: KINDS[facts.get('st_ifmt') ?? ''] ?? 'other',
    sizeBytes: numberOf(facts.get('st_size')),
    modifiedAt: dateOf(facts.get('st_mtime')),
    bornAt: dateOf(facts.get('st_birthtime')),
    ...(linkTarget === undefined ? {} : { linkTarget }),
  };
}

export function parseDeviceInfo(strings: readonly string[]): AfcDeviceInfo {
  const facts = pairsOf(strings);
  return {
    model: facts.get('Model') ?? '',
    totalBytes: numberOf(facts.get('FSTotalBytes')),
    freeBytes: numberOf(facts.get('FSFreeBytes')),
    blockSizeBytes: numberOf(facts.get('FSBlockSize')),
  };
}

const KINDS: Readonly<Record<string, AfcFileInfo['kind']>> = {
  S_IFREG: 'file',
  S_IFDIR: 'directory',
  S_IFLNK: 'symlink',
};

function pairsOf(strings: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let i = 0; i + 1 < strings.length; i += 2) pairs.set(strings[i] ?? '', strings[i + 1] ?? '');
  return pairs;
}

function numberOf(text: string | undefined): number {
  const value = Number(text ?? 0);
  return Number.isFinite(value) && value >= 0 ? value : 0;
}

/** Times are nanoseconds since 1970. */
function dateOf(text: string | undefined): Date {
  const date = new Date(numberOf(text) / 1e6);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}
