import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { FormatError } from '../../shared/errors.ts';
import { SearchIndex } from './search-index.ts';

/**
 * A search index that may lie on a disk: it holds what people wrote, and is readable only with the secret it was sealed
 * with. Layout: magic, nonce (12 bytes), the zstd-compressed database under AES-256-GCM, tag (16 bytes).
 */
const MAGIC = Buffer.from('holdfast-index-2');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A million messages make 300 MB. */
const MAX_INDEX_BYTES = 3 * 1024 ** 3;

/** In Node's thread pool: a million messages take seconds. */
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** @param secret 32 bytes. */
export async function sealIndex(index: SearchIndex, secret: Uint8Array): Promise<Buffer> {
  const compressed = await compress(index.serialize());
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  cipher.setAAD(MAGIC);
  const sealed = cipher.update(compressed);
  return Buffer.concat([MAGIC, nonce, sealed, cipher.final(), cipher.getAuthTag()]);
}

/** @throws {FormatError} when it was sealed with another secret, changed since, or is none. */
export async function openSealedIndex(sealed: Buffer, secret: Uint8Array): Promise<SearchIndex> {
  const start = MAGIC.length + NONCE_BYTES;
  if (sealed.length < start + TAG_BYTES || !sealed.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new FormatError('this is no search index');
  }
  const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(MAGIC.length, start));
  decipher.setAAD(MAGIC);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  let compressed: Buffer;
  try {
    compressed = Buffer.concat([decipher.update(sealed.subarray(start, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new FormatError('the search index was sealed with another secret, or changed', { cause });
  }
  return SearchIndex.open(await decompress(compressed, { maxOutputLength: MAX_INDEX_BYTES }));
}
