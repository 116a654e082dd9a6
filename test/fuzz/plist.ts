/**
 * Property lists against random values and random damage: what is written reads back the same, and damaged bytes are
 * read or refused with a FormatError, quickly. Deterministic by its seed.
 */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import {
  decodeKeyedArchive,
  decodePlist,
  encodeBinaryPlist,
  encodeKeyedArchive,
  encodeXmlPlist,
  PlistReal,
  PlistUid,
  type PlistValue,
} from '../../src/formats/index.ts';
import { FormatError } from '../../src/shared/errors.ts';

/** Far beyond what these small lists need, even on a busy machine: only a decoder that hangs takes longer. */
const HANG_MS = 5_000;
const MUTATIONS_PER_VALUE = 20;

/** Runs `count` cases; throws on the first that fails, naming the seed that shows it. */
export async function run(count: number, seed: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const random = generator(seed + i);
    try {
      oneCase(random);
    } catch (error) {
      throw new Error(`property list fuzz case failed with seed ${seed + i}`, { cause: error });
    }
  }
}

function oneCase(random: Random): void {
  const value = randomValue(random, 0);
  const binary = encodeBinaryPlist(value);
  assert.ok(isDeepStrictEqual(decodePlist(binary), value), 'a binary list reads back differently');
  const xml = encodeXmlPlist(value);
  assert.ok(isDeepStrictEqual(decodePlist(encodeXmlPlist(decodePlist(xml))), decodePlist(xml)), 'XML is not stable');
  const archive = encodeKeyedArchive(plain(value));
  for (let i = 0; i < MUTATIONS_PER_VALUE; i++) {
    readOrRefuse(mutated(random, binary), decodePlist);
    readOrRefuse(mutated(random, xml), decodePlist);
    readOrRefuse(mutated(random, archive), decodeKeyedArchive);
  }
}

function readOrRefuse(bytes: Buffer, decode: (bytes: Buffer) => unknown): void {
  const start = performance.now();
  try {
    decode(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  assert.ok(performance.now() - start < HANG_MS, 'decoding took too long');
}

type Random = (below: number) => number;

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): Random {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function randomValue(random: Random, depth: number): PlistValue {
  switch (random(depth > 5 ? 8 : 11)) {
    case 0:
      return random(2) === 0;
    case 1:
      return random(2 ** 32) * random(2 ** 20);
    case 2:
      return -(2n ** 63n) + BigInt(random(1000));
    case 3:
      return new PlistReal((random(2 ** 32) - 2 ** 31) / (1 + random(1000)));
    case 4:
      return new Date((random(2 ** 32) - 2 ** 31) * 1000 + random(1000));
    case 5:
      return Buffer.from(Array.from({ length: random(40) }, () => random(256)));
    case 6:
      return new PlistUid(random(2 ** 32));
    case 7:
      return randomText(random);
    case 8:
      return Array.from({ length: random(8) }, () => randomValue(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random(8) }, () => [randomText(random), randomValue(random, depth + 1)]),
      );
  }
}

function randomText(random: Random): string {
  const alphabet = [
    'a',
    'key',
    ' ',
    '\t',
    '\r\n',
    '&',
    '<',
    ']]>',
    '"',
    'é',
    '\u0301',
    '😀',
    '\u0000',
    '\ud800',
    '__proto__',
  ];
  return Array.from({ length: random(6) }, () => alphabet[random(alphabet.length)]).join('');
}

/** What a keyed archive can hold of a value. */
function plain(value: PlistValue): unknown {
  if (value instanceof PlistUid) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value as Record<string, PlistValue>).map(([key, each]) => [key, plain(each)]),
  );
}

/** A copy with bytes changed, a part repeated or removed, or the end cut off. */
function mutated(random: Random, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const edits = 1 + random(6);
  for (let i = 0; i < edits; i++) copy[random(copy.length)] = random(256);
  const from = random(copy.length);
  const to = from + random(copy.length - from);
  switch (random(5)) {
    case 0:
      return copy.subarray(0, from);
    case 1:
      return Buffer.concat([copy.subarray(0, from), copy.subarray(to)]);
    case 2:
      return Buffer.concat([copy.subarray(0, to), copy.subarray(from)]);
    default:
      return copy;
  }
}
