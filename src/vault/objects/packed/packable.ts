import { isDatabase } from '../../../database/index.ts';
import { letGo } from '../../../shared/flow/let-go.ts';
import { packFrame } from './packed-format.ts';

/**
 * Below this a database lies in a segment as it is: each packed one is a file, which takes whole blocks of the disk and
 * has to be made durable by itself, for a few kilobytes that would be saved.
 */
const MIN_PACKED_BYTES = 64 * 1024;
/** A database whose beginning shrinks less than to this stays as it is: it is full of what is compressed. */
const WORTH_PACKING = 0.7;

/**
 * Whether an object may lie packed, by its first bytes and how many there are of it. Nothing else of a phone that is
 * large can be compressed: pictures and films are already.
 */
export function isPackable(bytes: Uint8Array): boolean {
  return bytes.length >= MIN_PACKED_BYTES && isDatabase(bytes);
}

/** The first frame of a packed object, its memory to be given back by `letGo`; undefined where it shrinks too little. */
export function packWhereItPays(bytes: Uint8Array): Buffer | undefined {
  const packed = packFrame(bytes);
  if (packed.length <= bytes.length * WORTH_PACKING) return packed;
  letGo(packed);
  return undefined;
}
