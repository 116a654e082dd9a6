/**
 * A secret in n parts, any k of which give it back while fewer tell nothing about it, however much anybody computes:
 * Adi Shamir's way (1979). Each byte of the secret is what a polynomial of degree k − 1 with random coefficients is at 0;
 * part x holds what it is at x.
 */
import { randomBytes } from 'node:crypto';
import { divide, multiply } from './gf256.ts';

/** A part: where the polynomials were looked at, 1 to 255, and what they were. */
export interface Part {
  readonly x: number;
  readonly bytes: Uint8Array;
}

/** Random bytes; only tests give other ones. */
type Random = (sizeBytes: number) => Uint8Array;

/**
 * @param needed 1 to `count`.
 * @param count 1 to 255.
 */
export function splitSecret(secret: Uint8Array, needed: number, count: number, random: Random = randomBytes): Part[] {
  if (!Number.isInteger(needed) || !Number.isInteger(count) || needed < 1 || needed > count || count > 255) {
    throw new RangeError(`cannot make ${count} parts of which ${needed} are needed`);
  }
  const coefficients = Array.from({ length: needed - 1 }, () => random(secret.length));
  return Array.from({ length: count }, (_, i) => {
    const x = i + 1;
    // From the highest coefficient down, times x each time.
    const bytes = secret.map(
      (lowest, at) =>
        multiply(
          x,
          coefficients.reduceRight((sum, row) => multiply(sum, x) ^ (row[at] ?? 0), 0),
        ) ^ lowest,
    );
    return { x, bytes };
  });
}

/** The secret that these parts are of, when they are as many as are needed; any other bytes when they are fewer. */
export function joinParts(parts: readonly Part[]): Uint8Array {
  const sizeBytes = parts[0]?.bytes.length ?? 0;
  const secret = new Uint8Array(sizeBytes);
  for (const { x, bytes } of parts) {
    // What Lagrange's polynomial of this part is at 0.
    const factor = parts.reduce((product, { x: other }) => {
      return other === x ? product : multiply(product, divide(other, other ^ x));
    }, 1);
    for (let at = 0; at < sizeBytes; at++) secret[at] = (secret[at] ?? 0) ^ multiply(factor, bytes[at] ?? 0);
  }
  return secret;
}
