/**
 * Manifest.mbdb, the manifest of iOS 5 to 9. All integers are big-endian.
 *
 *   "mbdb" 05 00, then records until the end:
 *     strings: domain, path, link target, digest, encryption key. u16 length (FFFF = none), bytes
 *     u16 mode, u64 inode, u32 user, u32 group, u32 mtime, u32 atime, u32 ctime, u64 size, u8 class
 *     u8 number of properties, each: name string, value string. Values are binary
 *
 * Times are Unix seconds. Which of the three times changes when is as in POSIX.
 */
import { FormatError } from '../../shared/errors.ts';

export interface MbdbRecord {
  readonly domain: string;
  readonly relativePath: string;
  readonly linkTarget?: string;
  /** SHA-1 of the stored bytes. */
  readonly digest?: Buffer;
  /** u32 little-endian class and wrapped key, 44 bytes. */
  readonly encryptionKey?: Buffer;
  readonly mode: number;
  readonly inode: number;
  readonly userId: number;
  readonly groupId: number;
  readonly modifiedAt: Date;
  readonly accessedAt: Date;
  readonly statusChangedAt: Date;
  readonly sizeBytes: number;
  readonly protectionClass: number;
  readonly properties: readonly MbdbProperty[];
}

interface MbdbProperty {
  readonly name: string;
  readonly value: Buffer;
}

const MAGIC = Buffer.from('mbdb\x05\x00', 'latin1');
const ABSENT = 0xffff;
const FIXED_BYTES = 40;

/**
 * Reads the records one after another; buffers in them are views of `bytes`.
 *
 * @throws {FormatError} when the bytes do not begin as a manifest, or end in the middle of a record.
 */
export function* decodeMbdb(bytes: Buffer): Generator<MbdbRecord, undefined> {
  for (const { record } of walkMbdb(bytes)) yield record;
}

/** As `decodeMbdb`, with where each record begins. */
export function* walkMbdb(bytes: Buffer): Generator<{ record: MbdbRecord; offset: number }, undefined> {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new FormatError('Manifest.mbdb is not a manifest');
  const reader = new RecordReader(bytes, MAGIC.length);
  while (!reader.atEnd) {
    const { offset } = reader;
    yield { record: reader.record(), offset };
  }
}

/** Reads one record. @throws {FormatError} */
export function decodeMbdbRecord(bytes: Buffer, offset: number): MbdbRecord {
  return new RecordReader(bytes, offset).record();
}

class RecordReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get offset(): number {
    return this.#at;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  record(): MbdbRecord {
    const domain = this.#string() ?? '';
    const relativePath = this.#string() ?? '';
    const linkTarget = this.#string();
    const digest = this.#value();
    const encryptionKey = this.#value();
    const at = this.#take(FIXED_BYTES);
    const bytes = this.#bytes;
    return {
      domain,
      relativePath,
      ...(linkTarget !== undefined && linkTarget !== '' && { linkTarget }),
      ...(digest && digest.length > 0 && { digest }),
      ...(encryptionKey && encryptionKey.length > 0 && { encryptionKey }),
      mode: bytes.readUInt16BE(at),
      inode: Number(bytes.readBigUInt64BE(at + 2)),
      userId: bytes.readUInt32BE(at + 10),
      groupId: bytes.readUInt32BE(at + 14),
      modifiedAt: new Date(bytes.readUInt32BE(at + 18) * 1000),
      accessedAt: new Date(bytes.readUInt32BE(at + 22) * 1000),
      statusChangedAt: new Date(bytes.readUInt32BE(at + 26) * 1000),
      sizeBytes: Number(bytes.readBigUInt64BE(at + 30)),
      protectionClass: bytes.readUInt8(at + 38),
      properties: this.#properties(bytes.readUInt8(at + 39)),
    };
  }

  #properties(count: number): MbdbProperty[] {
    const properties: MbdbProperty[] = [];
    for (let i = 0; i < count; i++) {
      properties.push({ name: this.#string() ?? '', value: this.#value() ?? Buffer.alloc(0) });
    }
    return properties;
  }

  #string(): string | undefined {
    return this.#value()?.toString('utf8');
  }

  #value(): Buffer | undefined {
    const length = this.#bytes.readUInt16BE(this.#take(2));
    if (length === ABSENT) return undefined;
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Moves past `length` bytes that must be there, and returns where they begin. */
  #take(length: number): number {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) {
      throw new FormatError('Manifest.mbdb ends in the middle of a record', { details: { offset: start } });
    }
    return start;
  }
}

/** Writes a Manifest.mbdb. Times are cut to seconds. */
export function encodeMbdb(records: Iterable<MbdbRecord>): Buffer {
  const parts: Buffer[] = [MAGIC];
  for (const record of records) {
    const { domain, relativePath, linkTarget, digest, encryptionKey, properties } = record;
    parts.push(...[domain, relativePath, linkTarget, digest, encryptionKey].flatMap(encodeValue), fixedPart(record));
    for (const { name, value } of properties) parts.push(...encodeValue(name), ...encodeValue(value));
  }
  return Buffer.concat(parts);
}

function fixedPart(record: MbdbRecord): Buffer {
  const bytes = Buffer.alloc(FIXED_BYTES);
  bytes.writeUInt16BE(record.mode, 0);
  bytes.writeBigUInt64BE(BigInt(record.inode), 2);
  bytes.writeUInt32BE(record.userId, 10);
  bytes.writeUInt32BE(record.groupId, 14);
  bytes.writeUInt32BE(unixSeconds(record.modifiedAt), 18);
  bytes.writeUInt32BE(unixSeconds(record.accessedAt), 22);
  bytes.writeUInt32BE(unixSeconds(record.statusChangedAt), 26);
  bytes.writeBigUInt64BE(BigInt(record.sizeBytes), 30);
  bytes.writeUInt8(record.protectionClass, 38);
  bytes.writeUInt8(record.properties.length, 39);
  return bytes;
}

function encodeValue(value: string | Buffer | undefined): Buffer[] {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes?.length ?? ABSENT);
  return bytes ? [length, bytes] : [length];
}

function unixSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
