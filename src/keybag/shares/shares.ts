import { createHash, randomBytes } from 'node:crypto';
import { AppError, FormatError } from '../../shared/errors.ts';
import { bytesOfLines, findLines, linesOf, type CodeLine } from './share-code.ts';
import { joinParts, splitSecret } from './split.ts';

/** One share of a password, for one person. */
export interface Share {
  /** 1 to 255. */
  readonly number: number;
  /** How many of the set give the password. */
  readonly needed: number;
  /** Eight letters that shares of one set have in common, and others do not. */
  readonly set: string;
  /** A multiple of 16 bytes. */
  readonly bytes: Uint8Array;
}

const VERSION = 1;
const HEADER_BYTES = 8;
const CHECK_BYTES = 4;
const BLOCK_BYTES = 16;
const LENGTH_BYTES = 1;
/** Of a password in UTF-8; the longest that makes a page a person can type. */
const MAX_SECRET_BYTES = 200;

/**
 * Splits a password into `count` shares, of which any `needed` give it back.
 *
 * @param random random bytes; only tests give other ones.
 * @throws {AppError} USAGE when the password is too long to be typed by anybody.
 */
export function makeShares(
  password: string,
  {
    needed,
    count,
    random = randomBytes,
  }: { needed: number; count: number; random?: (sizeBytes: number) => Uint8Array },
): Share[] {
  const secret = Buffer.from(password, 'utf8');
  if (secret.length === 0 || secret.length > MAX_SECRET_BYTES) {
    throw new AppError('USAGE', `a password of ${secret.length} bytes cannot be split into shares`, {
      hint: `It may have 1 to ${MAX_SECRET_BYTES}.`,
    });
  }
  const set = Buffer.from(random(4)).toString('hex').toUpperCase();
  return splitSecret(packed(secret), needed, count, random).map(({ x, bytes }) => ({ number: x, needed, set, bytes }));
}

/**
 * Joins shares into the password.
 *
 * @throws {AppError} USAGE when there are too few, or they are of different sets.
 * @throws {FormatError} when what they give is no password.
 */
export function joinShares(shares: readonly Share[]): string {
  const [first] = shares;
  if (first === undefined) throw new AppError('USAGE', 'there are no shares to join');
  const { set, needed, bytes } = first;
  const stranger = shares.find(
    (each) => each.set !== set || each.needed !== needed || each.bytes.length !== bytes.length,
  );
  if (stranger !== undefined) {
    throw new AppError(
      'USAGE',
      `share ${stranger.number} of the set ${stranger.set} does not belong to the set ${set}`,
      {
        hint: 'Every time a password is split there is a new set. Its name is on each share.',
      },
    );
  }
  const distinct = [...new Map(shares.map((share) => [share.number, share])).values()];
  if (distinct.length < needed) {
    throw new AppError('USAGE', `${needed} shares are needed, and these are ${distinct.length}`, {
      hint: `Any other share of the set ${set} helps.`,
      details: { needed, given: distinct.length },
    });
  }
  return unpacked(joinParts(distinct.slice(0, needed).map((share) => ({ x: share.number, bytes: share.bytes }))));
}

/** The lines a share is printed in. */
export function shareLines(share: Share): CodeLine[] {
  const { number, needed, set, bytes } = share;
  const header = Buffer.from([VERSION, needed, number, bytes.length / BLOCK_BYTES]);
  const content = Buffer.concat([header, Buffer.from(set, 'hex'), bytes]);
  return linesOf(Buffer.concat([content, digestOf(content)]));
}

/** How many lines a share has, told by its first. */
export function lineCount(firstLine: string): number {
  const blocks = bytesOfLines([firstLine])[3] ?? 0;
  return Math.ceil(((HEADER_BYTES + blocks * BLOCK_BYTES + CHECK_BYTES) * 8) / 5 / firstLine.length);
}

/**
 * The share in a text that somebody typed, or the page it was printed from.
 *
 * @throws {FormatError} when there is none, or a line of it is missing or mistyped, which it names.
 */
export function shareInText(text: string): Share {
  const { lines, mistyped } = findLines(text);
  const first = lines.get(1);
  if (lines.size === 0 && mistyped.size === 0) throw new FormatError('there is no share in this text');
  const count = first === undefined ? 1 : lineCount(first);
  const whole = Array.from({ length: count }, (_, i) => {
    const line = lines.get(i + 1);
    if (line !== undefined) return line;
    throw new FormatError(`line ${i + 1} of the share ${mistyped.has(i + 1) ? 'was not typed right' : 'is missing'}`);
  });
  return shareOfLines(whole);
}

/**
 * The share that lines are of, as `readLine` gives them.
 *
 * @throws {FormatError} when it is not whole, or of a version that is not known here.
 */
export function shareOfLines(lines: readonly string[]): Share {
  const bytes = bytesOfLines(lines);
  const [version, needed = 0, number = 0, blocks = 0] = bytes;
  if (version !== VERSION) throw new FormatError('this share is of a kind that this version does not know');
  const end = HEADER_BYTES + blocks * BLOCK_BYTES;
  const content = bytes.subarray(0, end);
  const isWhole = bytes.length >= end + CHECK_BYTES && digestOf(content).equals(bytes.subarray(end, end + CHECK_BYTES));
  if (!isWhole || needed === 0 || number === 0 || blocks === 0) {
    throw new FormatError('the share is not complete, or a letter of it is wrong');
  }
  const set = content.subarray(4, HEADER_BYTES).toString('hex').toUpperCase();
  return { number, needed, set, bytes: content.subarray(HEADER_BYTES) };
}

/** Length, secret, zeros, and a digest that tells whether the shares were the right ones. Of whole blocks. */
function packed(secret: Buffer): Buffer {
  const sizeBytes = Math.ceil((LENGTH_BYTES + secret.length + CHECK_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
  const bytes = Buffer.alloc(sizeBytes);
  bytes[0] = secret.length;
  secret.copy(bytes, LENGTH_BYTES);
  digestOf(bytes.subarray(0, -CHECK_BYTES)).copy(bytes, sizeBytes - CHECK_BYTES);
  return bytes;
}

function unpacked(joined: Uint8Array): string {
  const bytes = Buffer.from(joined);
  const content = bytes.subarray(0, -CHECK_BYTES);
  const length = content[0] ?? 0;
  if (!digestOf(content).equals(bytes.subarray(-CHECK_BYTES)) || length === 0 || length >= content.length) {
    throw new FormatError('these shares do not make a password', {
      hint: 'They may be of two sets whose names are alike by chance: try others.',
    });
  }
  return content.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + length);
}

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest().subarray(0, CHECK_BYTES);
