import { fstatSync } from 'node:fs';
import type { Disk } from '../../durability.ts';
import { isAppError } from '../../../shared/errors.ts';
import {
  decodeSegmentIndex,
  FOOTER_BYTES,
  indexOffset,
  isSegmentHeader,
  SEGMENT_HEADER_BYTES,
  type SegmentIndex,
} from './segment-format.ts';
import { scanRecords } from './segment-scan.ts';

export interface LoadedIndex {
  readonly index: SegmentIndex;
  readonly fileBytes: number;
  /**
   * - `sealed`: the index is the one in the file, and matches its hash.
   * - `unsealed`: there is none, because the segment is being written or its writer died; the records were searched.
   * - `damaged`: the segment was sealed and has lost its header or index since; the records were searched.
   */
  readonly state: 'sealed' | 'unsealed' | 'damaged';
}

/**
 * What a segment holds: by its index where that is whole, else by reading all of it.
 *
 * @returns undefined when there is no such file.
 * @throws {AppError} STORAGE_FAILED
 */
export function loadSegmentIndex(disk: Disk, path: string, segment: number): LoadedIndex | undefined {
  const fd = disk.openForReading(path);
  if (fd === undefined) return undefined;
  try {
    const { size: fileBytes, mode } = fstatSync(fd);
    const header = readAt(disk, fd, path, 0, Math.min(fileBytes, SEGMENT_HEADER_BYTES));
    const index = readIndex(disk, fd, path, fileBytes);
    if (index !== undefined && isSegmentHeader(header, segment)) return { index, fileBytes, state: 'sealed' };
    const wasSealed = index !== undefined || (mode & 0o222) === 0;
    const found = index ?? scanRecords(readAt(disk, fd, path, 0, fileBytes));
    return { index: found, fileBytes, state: wasSealed ? 'damaged' : 'unsealed' };
  } finally {
    disk.close(fd, path);
  }
}

function readIndex(disk: Disk, fd: number, path: string, fileBytes: number): SegmentIndex | undefined {
  if (fileBytes < SEGMENT_HEADER_BYTES + FOOTER_BYTES) return undefined;
  const footer = readAt(disk, fd, path, fileBytes - FOOTER_BYTES, FOOTER_BYTES);
  const offset = indexOffset(footer, fileBytes);
  if (offset === undefined) return undefined;
  try {
    return decodeSegmentIndex(readAt(disk, fd, path, offset, fileBytes - offset));
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

function readAt(disk: Disk, fd: number, path: string, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, disk.read(fd, bytes, offset, path));
}
