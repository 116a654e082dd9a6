import type { FileFinding, NamedFile } from './events.ts';

/** What SQLite and programs keep beside a file while they work on it, and places that hold nothing but such. */
const TEMPORARY = /(?:-wal|-shm|-journal|\.tmp|\.lock)$|(?:^|\/)(?:Caches|tmp)\//;

/**
 * Whether a file may be named by a manifest without being in the backup: one with nothing in it, and one that was
 * gone from the phone between listing and sending, which happens to temporary files. The phone does not send those at all.
 */
export function mayBeLeftOut({ relativePath }: NamedFile, sizeBytes: number | undefined): boolean {
  return sizeBytes === 0 || TEMPORARY.test(relativePath);
}

export function missing(file: NamedFile): FileFinding {
  return { kind: 'missing', file, detail: 'the manifest names it, and its content is not there', asSent: false };
}
