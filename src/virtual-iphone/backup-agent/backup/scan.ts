import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileIdOf } from '../../../snapshot/index.ts';
import type { PhoneFile } from '../../disk/index.ts';
import { HeldCursor } from '../ledger/held-cursor.ts';
import type { HeldEntry, Ledger } from '../ledger/ledger.ts';
import { comparePlaces, metaOf } from './files-to-send.ts';
import { correctedEntry, flagsOf, manifestEntry } from './manifest-entry.ts';

/** A file whose content the folder does not hold yet. */
export interface Upload {
  readonly file: PhoneFile;
  readonly id: string;
  /** The manifest's entry is already right: only the content has to be sent. */
  readonly isListed: boolean;
}

/** After this many files the phone looks after its other connections. */
const FILES_PER_TURN = 4096;

/**
 * Compares the disk with what the folder holds, and brings the manifest up to date but for the files that have to be
 * sent: directories and links are entered, changed attributes corrected, what is gone is taken out and noted for
 * removal.
 *
 * @returns what has to be sent, in order.
 */
export async function scan(ledger: Ledger, files: Iterable<PhoneFile>): Promise<Upload[]> {
  const uploads: Upload[] = [];
  const cursor = new HeldCursor(ledger);
  const { isFull } = ledger.facts;
  // In an incremental run every file that the manifest lists lies in the folder: that was checked.
  const isSent = (id: string): boolean => !isFull || ledger.hasPayload(id);
  const iterator = files[Symbol.iterator]();
  /** Looks at some files. Returns whether there are more. */
  const scanSome = (): boolean => {
    for (let count = 0; count < FILES_PER_TURN; count++) {
      const next = iterator.next();
      forgetBefore(ledger, cursor, next.done === true ? undefined : next.value);
      if (next.done === true) return false;
      visit(ledger, cursor, next.value, { uploads, isFull, isSent });
    }
    return true;
  };
  while (ledger.transaction(scanSome)) await nextTurn();
  return uploads;
}

/** Takes out what the folder holds and the disk, which is at `file` or its end, no longer has. */
function forgetBefore(ledger: Ledger, cursor: HeldCursor, file: PhoneFile | undefined): void {
  const place = file && { domain: file.domain, path: file.relativePath };
  for (let held = cursor.current; held !== undefined; held = cursor.current) {
    if (place !== undefined && comparePlaces(held, place) >= 0) return;
    ledger.delete(held, fileIdOf(held.domain, held.path));
    cursor.advance();
  }
}

interface Findings {
  readonly uploads: Upload[];
  readonly isFull: boolean;
  readonly isSent: (id: string) => boolean;
}

function visit(ledger: Ledger, cursor: HeldCursor, file: PhoneFile, { uploads, isFull, isSent }: Findings): void {
  const held = heldOf(cursor.current, file);
  if (held !== undefined) cursor.advance();
  const meta = metaOf(file);
  const hasSameContent = held?.version === file.contentVersion;
  const isListed = hasSameContent && held?.meta === meta;
  if (isListed && (!isFull || file.kind !== 'file')) return;
  const { domain, relativePath: path, contentVersion: version } = file;
  const id = fileIdOf(domain, path);
  if (file.kind !== 'file') {
    if (held !== undefined) ledger.dropPayload(id);
    ledger.put({ id, domain, path, version, meta, flags: flagsOf(file), file: manifestEntry(file) });
    return;
  }
  if (isListed) {
    if (!isSent(id)) uploads.push({ file, id, isListed });
    return;
  }
  const known = hasSameContent && isSent(id) ? ledger.fileOf(id) : undefined;
  const corrected = known && correctedEntry(known, file);
  if (corrected === undefined) uploads.push({ file, id, isListed: false });
  else ledger.put({ id, domain, path, version, meta, flags: flagsOf(file), file: corrected });
}

function heldOf(held: HeldEntry | undefined, file: PhoneFile): HeldEntry | undefined {
  return held !== undefined && held.path === file.relativePath && held.domain === file.domain ? held : undefined;
}
