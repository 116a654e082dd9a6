import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Disk } from '../durability.ts';
import { systemErrorCode } from '../../shared/errors.ts';
import { objectHash, segmentNumber, segmentPath, type ObjectLayout } from './layout.ts';
import { OWN_FILE, PlaceTable } from './place-table.ts';
import {
  decodeSegmentIndex,
  FOOTER_BYTES,
  indexOffset,
  isSegmentHeader,
  SEGMENT_HEADER_BYTES,
  type SegmentIndex,
} from './segment-format.ts';
import { scanRecords } from './segment-scan.ts';

/** Stands for the text of a `generation` file that is not there, which is not what a torn one holds. */
const NO_GENERATION = 'none';

/**
 * Makes the catalogue and the disk agree again after a crash, a lost catalogue or files put back from a copy, and
 * sweeps temporary files. The caller holds the vault's lock. Costs one directory listing when all is well.
 *
 * @returns the highest number of a segment, 0 when there is none.
 */
export async function reconcile(layout: ObjectLayout, catalogue: Catalogue, disk: Disk): Promise<number> {
  for (const name of namesIn(layout.temporary)) disk.remove(`${layout.temporary}/${name}`);
  const onDisk = namesIn(layout.segments)
    .map(segmentNumber)
    .filter((segment) => segment !== undefined)
    .toSorted((a, b) => a - b);
  forgetMissingSegments(catalogue, new Set(onDisk));
  const sealed = new Set(
    catalogue
      .segments()
      .filter((row) => row.sealed)
      .map((row) => row.segment),
  );
  for (const segment of onDisk) {
    if (!sealed.has(segment)) await adoptSegment(layout, catalogue, disk, segment);
  }
  const generation = readGeneration(layout);
  if (generation !== catalogue.generation) {
    adoptOwnFiles(layout, catalogue);
    catalogue.generation = generation;
  }
  return onDisk.at(-1) ?? 0;
}

function forgetMissingSegments(catalogue: Catalogue, onDisk: ReadonlySet<number>): void {
  const missing = catalogue.segments().filter((row) => !onDisk.has(row.segment));
  if (missing.length === 0) return;
  catalogue.transaction(() => {
    for (const row of missing) catalogue.removeSegment(row.segment);
  });
}

/**
 * Takes a segment into the catalogue that it does not know as sealed: one that came from elsewhere, or one whose
 * writer died, which is cut behind its last whole record and sealed.
 */
async function adoptSegment(layout: ObjectLayout, catalogue: Catalogue, disk: Disk, segment: number): Promise<void> {
  const path = segmentPath(layout, segment);
  const found = readIndex(disk, path) ?? (await recoverSegment(disk, path, segment));
  const table = new PlaceTable();
  for (let entry = 0; entry < found.index.count; entry++) {
    table.set(found.index.hashAt(entry), segment, found.index.offsetAt(entry), found.index.sizeAt(entry));
  }
  catalogue.transaction(() => {
    catalogue.putAll(table);
    catalogue.putSegment({ segment, sizeBytes: found.sizeBytes, sealed: true });
  });
}

/** The index of a sealed segment, undefined when it has none that is valid. */
function readIndex(disk: Disk, path: string): { index: SegmentIndex; sizeBytes: number } | undefined {
  const sizeBytes = statSync(path).size;
  if (sizeBytes < SEGMENT_HEADER_BYTES + FOOTER_BYTES) return undefined;
  const fd = disk.openForReading(path);
  if (fd === undefined) return undefined;
  try {
    const footer = Buffer.alloc(FOOTER_BYTES);
    disk.read(fd, footer, sizeBytes - FOOTER_BYTES, path);
    const offset = indexOffset(footer, sizeBytes);
    if (offset === undefined) return undefined;
    const bytes = Buffer.alloc(sizeBytes - offset);
    disk.read(fd, bytes, offset, path);
    return { index: decodeSegmentIndex(bytes), sizeBytes };
  } catch {
    return undefined;
  } finally {
    disk.close(fd, path);
  }
}

async function recoverSegment(
  disk: Disk,
  path: string,
  segment: number,
): Promise<{ index: SegmentIndex; sizeBytes: number }> {
  const bytes = readFileSync(path);
  const index = scanRecords(bytes);
  const wasSealed = (statSync(path).mode & 0o222) === 0;
  if (wasSealed || !isSegmentHeader(bytes, segment)) return { index, sizeBytes: bytes.length };
  const fd = disk.openForWriting(path);
  try {
    const end = index.encode();
    disk.write(fd, end, index.recordsEnd, path);
    disk.truncate(fd, index.recordsEnd + end.length, path);
    await disk.sync(fd, path);
    disk.makeReadOnly(fd);
    return { index, sizeBytes: index.recordsEnd + end.length };
  } finally {
    disk.close(fd, path);
  }
}

/** Takes the large objects into the catalogue that it does not know. Their names were given when they were whole. */
function adoptOwnFiles(layout: ObjectLayout, catalogue: Catalogue): void {
  for (const folder of namesIn(layout.objects)) {
    const table = new PlaceTable();
    for (const name of namesIn(`${layout.objects}/${folder}`)) {
      const hash = objectHash(folder, name);
      if (hash === undefined || catalogue.find(hash) !== undefined) continue;
      table.set(hash, OWN_FILE, 0, statSync(`${layout.objects}/${folder}/${name}`).size);
    }
    if (table.size > 0) catalogue.transaction(() => catalogue.putAll(table));
  }
}

function readGeneration(layout: ObjectLayout): string {
  try {
    return readFileSync(layout.generation, 'utf8').trim();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return NO_GENERATION;
    throw error;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}
