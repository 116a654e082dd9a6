/**
 * The keybag of a backup: the key of every protection class, wrapped by the backup password.
 *
 * Tag, length, value; tags are four ASCII letters, lengths and four-byte values big-endian. The header comes first; the
 * second UUID begins the first class, and every further UUID the next one:
 *
 *   VERS TYPE UUID HMCK WRAP SALT ITER [DPWT DPIC DPSL, since iOS 10.2] { UUID CLAS WRAP KTYP WPKY [PBKY] } …
 */
import { FormatError } from '../shared/errors.ts';

export interface Keybag {
  /** VERS: 3 on iOS 9, 5 since. */
  readonly version: number;
  /** TYPE: 1 for a backup; 0 system, 2 escrow, 3 over-the-air. */
  readonly type: number;
  readonly uuid: Buffer;
  /** HMCK, 40 bytes: a wrapped key to authenticate the bag, which only the device can check. */
  readonly hmacKey: Buffer;
  /** The header's own WRAP, not that of a class. */
  readonly wrap: number;
  readonly salt: Buffer;
  /** Rounds of the PBKDF2-HMAC-SHA1 step. */
  readonly iterations: number;
  /** The PBKDF2-HMAC-SHA256 step before it, which iOS 10.2 added. */
  readonly doubleProtection?: DoubleProtection;
  /** In the order of the bag: 11 down to 1 when Apple wrote it. Not every class need be there. */
  readonly classes: readonly KeybagClass[];
  /** Header entries with unknown tags, kept for writing. */
  readonly otherEntries: readonly TagValue[];
}

interface DoubleProtection {
  /** DPWT: which kind of step; 1 is the only one seen. */
  readonly type: number;
  readonly iterations: number;
  readonly salt: Buffer;
}

/** One class key. Which classes there are: docs/formats/keybag.md. */
export interface KeybagClass {
  readonly uuid: Buffer;
  readonly protectionClass: number;
  /** Bit 0: encrypted with a key that never leaves the device. Bit 1: wrapped by the password. */
  readonly wrap: number;
  readonly keyType: number;
  /** RFC 3394 wrapped key, 40 bytes; absent in a damaged bag. */
  readonly wrappedKey?: Buffer;
  readonly publicKey?: Buffer;
}

interface TagValue {
  readonly tag: string;
  readonly value: Buffer;
}

/** Real bags have 11 classes of 6 entries at most; this bounds what a hostile one can make us do. */
const MAX_ENTRIES = 1_000;

/**
 * What follows an entry that runs past the end is lost; the classes before it can still be opened.
 *
 * @throws {FormatError} when what every keybag has is missing.
 */
export function parseKeybag(bytes: Uint8Array): Keybag {
  const entries = parseEntries(Buffer.from(bytes));
  const starts = entries.flatMap(({ tag }, index) => (tag === 'UUID' ? [index] : []));
  const [, ...classStarts] = starts;
  const header = entries.slice(0, classStarts[0]);
  const value = (tag: string): Buffer | undefined => header.find((entry) => entry.tag === tag)?.value;
  const salt = value('SALT');
  if (salt === undefined || value('ITER') === undefined)
    throw new FormatError('the keybag is damaged: it has no salt or no rounds');
  const doubleSalt = value('DPSL');
  return {
    version: numberOf(value('VERS')),
    type: numberOf(value('TYPE')),
    uuid: value('UUID') ?? Buffer.alloc(16),
    hmacKey: value('HMCK') ?? Buffer.alloc(0),
    wrap: numberOf(value('WRAP')),
    salt,
    iterations: numberOf(value('ITER')),
    ...(doubleSalt && {
      doubleProtection: { type: numberOf(value('DPWT')), iterations: numberOf(value('DPIC')), salt: doubleSalt },
    }),
    classes: classStarts.map((start, index) => parseClass(entries.slice(start, classStarts[index + 1]))),
    otherEntries: header.filter((entry) => !HEADER_TAGS.has(entry.tag)),
  };
}

const HEADER_TAGS = new Set(['VERS', 'TYPE', 'UUID', 'HMCK', 'WRAP', 'SALT', 'ITER', 'DPWT', 'DPIC', 'DPSL']);

/** The bytes of a keybag, entries in Apple's order. */
export function encodeKeybag(keybag: Keybag): Buffer {
  const { doubleProtection } = keybag;
  const entries: TagValue[] = [
    { tag: 'VERS', value: uint32(keybag.version) },
    { tag: 'TYPE', value: uint32(keybag.type) },
    { tag: 'UUID', value: keybag.uuid },
    { tag: 'HMCK', value: keybag.hmacKey },
    { tag: 'WRAP', value: uint32(keybag.wrap) },
    { tag: 'SALT', value: keybag.salt },
    { tag: 'ITER', value: uint32(keybag.iterations) },
  ];
  if (doubleProtection) {
    entries.push(
      { tag: 'DPWT', value: uint32(doubleProtection.type) },
      { tag: 'DPIC', value: uint32(doubleProtection.iterations) },
      { tag: 'DPSL', value: doubleProtection.salt },
    );
  }
  entries.push(...keybag.otherEntries, ...keybag.classes.flatMap(classEntries));
  return Buffer.concat(entries.flatMap(({ tag, value }) => [Buffer.from(tag, 'latin1'), uint32(value.length), value]));
}

function parseEntries(bytes: Buffer): TagValue[] {
  const entries: TagValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 8 > bytes.length ? Infinity : at + 8 + bytes.readUInt32BE(at + 4);
    if (end > bytes.length) break;
    if (entries.length >= MAX_ENTRIES) {
      throw new FormatError('the keybag is damaged', { details: { offset: at, sizeBytes: bytes.length } });
    }
    entries.push({ tag: bytes.toString('latin1', at, at + 4), value: bytes.subarray(at + 8, end) });
    at = end;
  }
  return entries;
}

function parseClass(entries: TagValue[]): KeybagClass {
  const value = (tag: string): Buffer | undefined => entries.find((entry) => entry.tag === tag)?.value;
  const wrappedKey = value('WPKY');
  const publicKey = value('PBKY');
  return {
    uuid: value('UUID') ?? Buffer.alloc(16),
    protectionClass: numberOf(value('CLAS')),
    wrap: numberOf(value('WRAP')),
    keyType: numberOf(value('KTYP')),
    ...(wrappedKey && { wrappedKey }),
    ...(publicKey && { publicKey }),
  };
}

function classEntries(each: KeybagClass): TagValue[] {
  return [
    { tag: 'UUID', value: each.uuid },
    { tag: 'CLAS', value: uint32(each.protectionClass) },
    { tag: 'WRAP', value: uint32(each.wrap) },
    { tag: 'KTYP', value: uint32(each.keyType) },
    ...(each.wrappedKey ? [{ tag: 'WPKY', value: each.wrappedKey }] : []),
    ...(each.publicKey ? [{ tag: 'PBKY', value: each.publicKey }] : []),
  ];
}

/** Zero for an absent entry or one of another size: no number of a keybag means something at zero. */
function numberOf(value: Buffer | undefined): number {
  return value?.length === 4 ? value.readUInt32BE(0) : 0;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
