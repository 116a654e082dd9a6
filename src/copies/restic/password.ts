import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const RANDOM_BYTES = 20;
const CHECK_BYTES = 2;
const GROUP_LETTERS = 4;

/**
 * Makes a password that nobody has to invent and everybody can copy from paper: 160 random bits and 16 by which a slip
 * of the pen shows, in groups of four letters and digits (base 32, without the ones that look alike).
 */
export function makePassword(random: (bytes: number) => Buffer = randomBytes): string {
  const bytes = random(RANDOM_BYTES);
  const letters = base32(Buffer.concat([bytes, checkOf(bytes)]));
  return letters.match(new RegExp(`.{1,${GROUP_LETTERS}}`, 'g'))?.join('-') ?? letters;
}

/** Whether a password that looks like one of ours was copied without a slip; true for any other. */
export function isCopiedRight(password: string): boolean {
  const letters = password.replaceAll('-', '');
  if (!/^[A-Z2-7]{36}$/.test(letters) || !/^(.{4}-){8}.{4}$/.test(password)) return true;
  const bytes = fromBase32(letters);
  return checkOf(bytes.subarray(0, RANDOM_BYTES)).equals(bytes.subarray(RANDOM_BYTES, RANDOM_BYTES + CHECK_BYTES));
}

/** @throws {AppError} WRONG_PASSWORD for one of ours that a slip of the pen has changed */
export function assertCopiedRight(password: string): void {
  if (isCopiedRight(password)) return;
  throw new AppError('WRONG_PASSWORD', 'the password was not copied right: its last letters do not fit the others', {
    hint: 'Compare it with the recovery sheet letter by letter.',
  });
}

function checkOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, CHECK_BYTES);
}

function base32(bytes: Buffer): string {
  let letters = '';
  for (let bit = 0; bit < bytes.length * 8; bit += 5) {
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    letters += ALPHABET[(pair >> (11 - (bit & 7))) & 31];
  }
  return letters;
}

function fromBase32(letters: string): Buffer {
  const bytes = Buffer.alloc(Math.floor((letters.length * 5) / 8));
  for (let at = 0; at < letters.length; at++) {
    const bit = at * 5;
    const shifted = ALPHABET.indexOf(letters.charAt(at)) << (11 - (bit & 7));
    const byte = bit >> 3;
    if (byte < bytes.length) bytes[byte] = (bytes[byte] ?? 0) | (shifted >> 8);
    if (byte + 1 < bytes.length) bytes[byte + 1] = (bytes[byte + 1] ?? 0) | (shifted & 0xff);
  }
  return bytes;
}
