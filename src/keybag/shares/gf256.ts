/** The field of 256 elements that AES uses, with x⁸ + x⁴ + x³ + x + 1: adding is XOR. */

const REDUCED_BY = 0x1b;
/** Its powers are all elements but zero. */
const GENERATOR = 3;
const ORDER = 255;

const EXPONENTS = new Uint8Array(2 * ORDER);
const LOGARITHMS = new Uint8Array(ORDER + 1);

for (let i = 0, power = 1; i < ORDER; i++) {
  EXPONENTS[i] = power;
  EXPONENTS[i + ORDER] = power;
  LOGARITHMS[power] = i;
  // Times three: itself, and itself times two.
  power ^= (power << 1) ^ (power >= 128 ? 0x100 | REDUCED_BY : 0);
}

export function multiply(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return EXPONENTS[logarithm(a) + logarithm(b)] ?? 0;
}

/** @param b not zero. */
export function divide(a: number, b: number): number {
  if (b === 0) throw new RangeError('nothing is divided by zero');
  return a === 0 ? 0 : (EXPONENTS[logarithm(a) + ORDER - logarithm(b)] ?? 0);
}

const logarithm = (a: number): number => LOGARITHMS[a] ?? 0;

/** The generator the tables are made of, for a test that computes them another way. */
export const FIELD = { generator: GENERATOR, reducedBy: REDUCED_BY } as const;
