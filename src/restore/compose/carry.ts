/**
 * How the content of one file gets from the older backup into the composed one. Both encrypted: the stored bytes stay
 * as they are and the file's key is wrapped by the other keybag's class key. One encrypted: its bytes are encrypted or
 * decrypted on the way to the device, never on a disk.
 */
import { createHash, createHmac, type Hash } from 'node:crypto';
import { FileDecryptor, FileEncryptor, hasIntactPadding, type ClassKeys } from '../../keybag/index.ts';
import type { TargetFile } from '../../shared/target/backup-target.ts';
import { letGo } from '../../shared/flow/let-go.ts';
import { encodeMbFile, type Backup, type ManifestEntry, type MbFile } from '../../snapshot/index.ts';

/** How stored bytes change on the way: with the key they are encrypted or decrypted with. */
export type Passage =
  | { readonly kind: 'as-stored' }
  | { readonly kind: 'encrypt'; readonly key: Buffer }
  | { readonly kind: 'decrypt'; readonly key: Buffer };

/** What became of a file when it was read to its end. */
export type Proof =
  | { readonly isSound: true; readonly digest: Buffer | undefined; readonly sizeBytes: number }
  /** The stored bytes are not those the device sent: another digest, or an end that does not decrypt. */
  | { readonly isSound: false };

/** Where keys of files come from that were not encrypted: the same one for the same file, as long as this lives. */
export class FreshKeys {
  readonly #secret: Buffer;

  /** @param secret 32 random bytes that nothing else uses. */
  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  keyOf(fileId: string): Buffer {
    return createHmac('sha256', this.#secret).update(fileId).digest();
  }
}

/**
 * @param current whose keybag the composed backup has.
 * @throws {FormatError} when the file's key is damaged, or held by the older device alone.
 */
export function passageOf(older: Backup, current: Backup, entry: ManifestEntry, fresh: FreshKeys): Passage {
  const key = older.contentKey(entry.outline());
  if (current.classKeys === undefined) return key === undefined ? { kind: 'as-stored' } : { kind: 'decrypt', key };
  return key === undefined ? { kind: 'encrypt', key: fresh.keyOf(entry.fileId) } : { kind: 'as-stored' };
}

const TAIL_BYTES = 32;

/**
 * Reads the stored content of a file to its end, to know before anything is written to a device that it is whole and
 * what will be its digest there.
 *
 * @param details what the older backup's list says of it.
 * @param key what it is encrypted with in the older backup.
 * @throws {TargetError} not-found, io @throws {AppError} SNAPSHOT_CORRUPT
 */
export async function prove(
  stored: TargetFile,
  { digest }: MbFile,
  passage: Passage,
  key: Buffer | undefined,
): Promise<Proof> {
  const storedHash = digest && createHash('sha1');
  const passed = digest && passage.kind !== 'as-stored' ? createHash('sha1') : undefined;
  let tail: Buffer = Buffer.alloc(0);
  let storedBytes = 0;
  let passedBytes = 0;
  const wantsPassed = passage.kind === 'decrypt' || passed !== undefined;
  const taken = (async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of stored.chunks()) {
      storedHash?.update(chunk);
      storedBytes += chunk.length;
      if (key !== undefined) tail = lastBytes(tail, chunk);
      yield chunk;
    }
  })();
  for await (const chunk of wantsPassed ? passedChunks(taken, passage) : taken) {
    passed?.update(chunk);
    passedBytes += chunk.length;
  }
  if (digest && !digestIs(storedHash, digest)) return { isSound: false };
  if (key !== undefined && !hasIntactPadding(key, tail.subarray(-Math.min(TAIL_BYTES, storedBytes)))) {
    return { isSound: false };
  }
  const sizeBytes = passage.kind === 'decrypt' ? passedBytes : storedBytes;
  return { isSound: true, digest: passage.kind === 'as-stored' ? digest : passed?.digest(), sizeBytes };
}

/** The bytes as the composed backup has them. A chunk is good until the next. */
export async function* passedChunks(
  chunks: AsyncIterable<Uint8Array>,
  passage: Passage,
): AsyncGenerator<Uint8Array, undefined> {
  if (passage.kind === 'as-stored') {
    yield* chunks;
    return;
  }
  const crypt = passage.kind === 'encrypt' ? new FileEncryptor(passage.key) : new FileDecryptor(passage.key);
  for await (const chunk of chunks) {
    const out = crypt.update(chunk);
    if (out.length === 0) continue;
    yield out;
    letGo(out);
  }
  const rest = crypt.finish();
  const end = 'content' in rest ? rest.content : rest;
  if (end.length > 0) yield end;
}

/** Of the classes every keybag has, the one that is open whenever the device is on: of a file that names none. */
const CLASS_ALWAYS = 4;
/** Set-user and set-group: no file of a person's data needs them. */
const SPECIAL_BITS = 0o6000;

/**
 * The row of the composed list for something of the older one.
 *
 * @param proof undefined for a folder or a link.
 * @throws {FormatError} when the current keybag has no key for its class.
 */
export function carriedRecord(
  entry: ManifestEntry,
  details: MbFile,
  keys: ClassKeys | undefined,
  carried?: { passage: Passage; key: Buffer | undefined; proof: Extract<Proof, { isSound: true }> },
): Uint8Array {
  const mode = details.mode & ~SPECIAL_BITS;
  const { encryptionKey: _key, digest: _digest, ...rest } = details;
  if (carried === undefined) return mode === details.mode ? asItIs(entry, details) : encodeMbFile({ ...details, mode });
  const { passage, key, proof } = carried;
  const contentKey = passage.kind === 'encrypt' ? passage.key : passage.kind === 'decrypt' ? undefined : key;
  if (keys === undefined || contentKey === undefined) {
    const isSame = passage.kind === 'as-stored' && mode === details.mode;
    if (isSame) return asItIs(entry, details);
    return encodeMbFile({ ...rest, mode, sizeBytes: proof.sizeBytes, ...(proof.digest && { digest: proof.digest }) });
  }
  const protectionClass = keys.usableClasses.includes(details.protectionClass) ? details.protectionClass : CLASS_ALWAYS;
  const encryptionKey = keys.wrapFileKey(protectionClass, contentKey);
  const isInPlace =
    passage.kind === 'as-stored' && mode === details.mode && protectionClass === details.protectionClass;
  const replaced = isInPlace ? replacedIn(asItIs(entry, details), details.encryptionKey, encryptionKey) : undefined;
  if (replaced !== undefined) return replaced;
  return encodeMbFile({
    ...rest,
    ...(passage.kind === 'encrypt' && { sizeBytes: proof.sizeBytes }),
    mode,
    protectionClass,
    encryptionKey,
    ...(proof.digest && { digest: proof.digest }),
  });
}

/** With whatever fields later versions of iOS give it. */
function asItIs(entry: ManifestEntry, details: MbFile): Uint8Array {
  return entry.archive?.() ?? encodeMbFile(details);
}

/** The same archive with another key of the same size; undefined where the old one cannot be told from other bytes. */
function replacedIn(archive: Uint8Array, from: Buffer | undefined, to: Buffer): Buffer | undefined {
  if (from?.length !== to.length) return undefined;
  const copy = Buffer.from(archive);
  const at = copy.indexOf(from);
  if (at === -1 || copy.indexOf(from, at + 1) !== -1) return undefined;
  to.copy(copy, at);
  return copy;
}

function lastBytes(tail: Buffer, chunk: Uint8Array): Buffer {
  if (chunk.length >= TAIL_BYTES) return Buffer.from(chunk.subarray(-TAIL_BYTES));
  return Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
}

function digestIs(hash: Hash | undefined, digest: Buffer): boolean {
  return hash?.digest().equals(digest) === true;
}
