import { isAppError } from '../../shared/errors.ts';
import type { Manifest, ManifestEntry } from '../manifest/manifest.ts';
import type { Amount } from './events.ts';

/** What a manifest names, counted before anything of it is read. */
export interface Survey {
  readonly total: Amount;
  readonly byDomain: ReadonlyMap<string, Amount>;
  /** Rows that name nothing, and whether the list breaks off. */
  readonly oddRows: number;
  readonly isCutOff: boolean;
  /** Places (`placeOf`) of the files whose `-wal` or hot `-journal` is in the backup as well. */
  readonly withLog: ReadonlySet<string>;
  readonly withJournal: ReadonlySet<string>;
}

/** One file by its domain and path, as a key. No domain has a zero in it. */
export function placeOf(domain: string, relativePath: string): string {
  return `${domain}\0${relativePath}`;
}

export function survey(manifest: Manifest, signal?: AbortSignal): Survey {
  const byDomain = new Map<string, { files: number; bytes: number }>();
  const total = { files: 0, bytes: 0 };
  const withLog = new Set<string>();
  const withJournal = new Set<string>();
  let oddRows = 0;
  let isCutOff = false;
  const onProblem = ({ reason }: { reason: string }): void => {
    if (reason === 'cut-off') isCutOff = true;
    else oddRows++;
  };
  for (const entry of manifest.entries({ onProblem })) {
    signal?.throwIfAborted();
    if (entry.kind !== 'file') continue;
    const bytes = sizeOf(entry);
    let amount = byDomain.get(entry.domain);
    if (amount === undefined) byDomain.set(entry.domain, (amount = { files: 0, bytes: 0 }));
    for (const each of [amount, total]) {
      each.files++;
      each.bytes += bytes;
    }
    if (bytes === 0) continue;
    const { domain, relativePath } = entry;
    if (relativePath.endsWith('-wal')) withLog.add(placeOf(domain, relativePath.slice(0, -'-wal'.length)));
    if (relativePath.endsWith('-journal')) withJournal.add(placeOf(domain, relativePath.slice(0, -'-journal'.length)));
  }
  return { total, byDomain, oddRows, isCutOff, withLog, withJournal };
}

/** What the entry says, 0 where it says nothing that can be read. */
function sizeOf(entry: ManifestEntry): number {
  try {
    return Math.max(0, entry.outline().sizeBytes ?? 0);
  } catch (error) {
    if (isAppError(error)) return 0;
    throw error;
  }
}
