/**
 * Items of the keychain, and the DER inside them, against random values and random damage: what was sealed opens as it
 * was, whatever was damaged is answered with a reason and never with wrong attributes. Deterministic by its seed.
 */
import assert from 'node:assert/strict';
import { createCipheriv, hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { openStoredItem } from '../../src/content/keychain/stored-item.ts';
import { keychainItemOf } from '../../src/content/keychain/item.ts';
import { asDictionary, decodeDerPlist, encodeBinaryPlist, type PlistDictionary } from '../../src/formats/index.ts';
import { ClassKeys } from '../../src/keybag/index.ts';
import { FormatError } from '../../src/shared/errors.ts';
import { encodeKeychainItem } from '../../src/virtual-iphone/library/keychain/keychain.ts';
import { sealWithoutIv } from '../../src/virtual-iphone/library/keychain/keychain-backup.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound, type Random } from '../support/random.ts';

/** Far beyond what such small items need, even on a busy machine: only a reader that hangs takes longer. */
const HANG_MS = 5_000;
const CLASSES = [6, 7, 8];
const KEYS = new ClassKeys(new Map(CLASSES.map((each) => [each, hash('sha256', `class ${each}`, 'buffer')])));

/** Runs `count` cases; throws on the first that fails, naming the seed that shows it. */
export async function run(count: number, seed: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const roundSeed = seedOfRound(seed, i);
    try {
      oneCase(randomFrom(roundSeed));
    } catch (error) {
      throw new Error(`keychain fuzz case failed with seed ${roundSeed}`, { cause: error });
    }
  }
}

function oneCase(random: Random): void {
  const startedMs = performance.now();
  const attributes = randomAttributes(random);
  const der = encodeKeychainItem({ kind: 'genp', protectionClass: 6, attributes });
  assert.ok(isDeepStrictEqual(decodeDerPlist(der), attributes), 'DER reads back differently');
  readOrRefuse(mutate(random, der));
  const version = random.pick([2, 3]);
  const stored = storedItem(random, version, version === 3 ? der : encodeBinaryPlist(attributes));
  const opened = openStoredItem(stored, {}, KEYS);
  assert.ok(isDeepStrictEqual(opened.attributes, attributes), 'an item opens differently');
  keychainItemOf('genp', opened, undefined);
  const damaged = mutate(random, stored);
  const answer = openStoredItem(damaged, {}, KEYS);
  // Flags above the class mean nothing, so changing them changes nothing.
  if (answer.attributes) assert.ok(isDeepStrictEqual(answer.attributes, attributes), 'damage was not noticed');
  keychainItemOf('inet', answer, undefined);
  assert.ok(performance.now() - startedMs < HANG_MS, 'reading took too long');
}

function readOrRefuse(bytes: Buffer): void {
  try {
    const value = asDictionary(decodeDerPlist(bytes));
    if (value) keychainItemOf('keys', { protectionClass: 6, attributes: value }, undefined);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
}

const NAMES = ['acct', 'svce', 'srvr', 'agrp', 'labl', 'ptcl', 'atyp', 'port', 'sync', 'cdat', 'v_Data', 'gena', '__x'];

function randomAttributes(random: Random): Record<string, string | number | Date | Buffer> & PlistDictionary {
  const attributes: Record<string, string | number | Date | Buffer> = {};
  for (let left = random.below(8); left > 0; left--) attributes[random.pick(NAMES)] = randomValue(random);
  return attributes;
}

function randomValue(random: Random): string | number | Date | Buffer {
  switch (random.below(4)) {
    case 0:
      return random.pick(['AirPort', 'form', 'htps', 'example.org', '', 'Zoé 🔑', 'x'.repeat(random.below(300))]);
    case 1:
      return random.below(128);
    case 2:
      return new Date(random.below(2 ** 31) * 1000);
    default:
      return Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)));
  }
}

function storedItem(random: Random, version: number, text: Buffer): Buffer {
  const protectionClass = random.pick(CLASSES);
  const key = createCipheriv('aes-256-ecb', Buffer.alloc(32, random.below(256)), null).update(Buffer.alloc(32));
  const head = Buffer.alloc(12);
  head.writeUInt32LE(version, 0);
  head.writeUInt32LE(protectionClass + (random.onceIn(4) ? 0x1000 : 0), 4);
  head.writeUInt32LE(40, 8);
  return Buffer.concat([head, KEYS.wrapFileKey(protectionClass, key).subarray(4), sealWithoutIv(key, text)]);
}
