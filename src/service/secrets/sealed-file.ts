/**
 * The bytes of a sealed file: names and secrets that only who has the key can read, or change unnoticed.
 *
 *   offset 0   8 bytes  "HFSEAL1\n"
 *   offset 8   8 bytes  which key it is sealed with: the start of a hash that tells nothing about the key
 *   offset 16  16 bytes salt; every writing has a key of its own, made of the key and this
 *   offset 32  12 bytes nonce
 *   offset 44  …        JSON, encrypted with AES-256-GCM; everything before is authenticated with it
 *   at the end 16 bytes tag
 *
 * The JSON is `{"secrets": [{"name", "secret", "setAt"}]}`, filled up with spaces to a multiple of 512 bytes, so that the
 * size of the file does not tell the length of a password.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { isText, isTime, listOf, schemaOf, shaped } from '../../shared/json-shape.ts';

const MAGIC = Buffer.from('HFSEAL1\n', 'latin1');
const KEY_NAME_BYTES = 8;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = MAGIC.length + KEY_NAME_BYTES + SALT_BYTES + NONCE_BYTES;
const PADDED_TO_BYTES = 512;

const CONTENT = schemaOf(shaped({ secrets: listOf(shaped({ name: isText, secret: isText, setAt: isTime })) }));

export interface KeptSecret {
  readonly secret: string;
  readonly setAt: Date;
}

/** A Map, because names come from phones too. */
export type Secrets = ReadonlyMap<string, KeptSecret>;

/** Why a file cannot be opened: it is not whole, or it was sealed with another key. */
export type Unopened = 'damaged' | 'foreign';

/** @param key secret bytes of any length; at least 16 of them random. */
export function sealSecrets(secrets: Secrets, key: Uint8Array): Buffer {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const header = Buffer.concat([MAGIC, nameOfKey(key), salt, nonce]);
  const cipher = createCipheriv('aes-256-gcm', fileKey(key, salt), nonce).setAAD(header);
  return Buffer.concat([header, cipher.update(encode(secrets)), cipher.final(), cipher.getAuthTag()]);
}

/** @returns the secrets, or why there are none to be had. */
export function unsealSecrets(bytes: Uint8Array, key: Uint8Array): Secrets | Unopened {
  const sealed = Buffer.from(bytes);
  if (sealed.length < HEADER_BYTES + TAG_BYTES || !sealed.subarray(0, MAGIC.length).equals(MAGIC)) return 'damaged';
  const header = sealed.subarray(0, HEADER_BYTES);
  if (!header.subarray(MAGIC.length, MAGIC.length + KEY_NAME_BYTES).equals(nameOfKey(key))) return 'foreign';
  const salt = header.subarray(HEADER_BYTES - NONCE_BYTES - SALT_BYTES, HEADER_BYTES - NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', fileKey(key, salt), header.subarray(HEADER_BYTES - NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(header).setAuthTag(sealed.subarray(-TAG_BYTES));
  const text = decipher.update(sealed.subarray(HEADER_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return 'damaged';
  }
  return decode(text);
}

function encode(secrets: Secrets): string {
  const listed = [...secrets].map(([name, { secret, setAt }]) => ({ name, secret, setAt: setAt.toISOString() }));
  const text = JSON.stringify({ secrets: listed });
  const sizeBytes = Buffer.byteLength(text);
  return text + ' '.repeat((PADDED_TO_BYTES - (sizeBytes % PADDED_TO_BYTES)) % PADDED_TO_BYTES);
}

/** Authentic, so it is what this product wrote: anything else is a bug. */
function decode(text: Buffer): Secrets {
  const { secrets } = CONTENT.parse(JSON.parse(text.toString('utf8')));
  return new Map(secrets.map(({ name, secret, setAt }) => [name, { secret, setAt: new Date(setAt) }]));
}

const fileKey = (key: Uint8Array, salt: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, 'holdfast sealed secrets 1: key', 32));

const nameOfKey = (key: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', 'holdfast sealed secrets 1: name of the key', KEY_NAME_BYTES));
