/** What a manifest says of one file, damaged: an MBFile archive, hidden as iOS 10.0 did it or not, and its attributes. */
import assert from 'node:assert/strict';
import { createCipheriv, createSecretKey } from 'node:crypto';
import { isAppError } from '../../src/shared/errors.ts';
import {
  decodeExtendedAttributes,
  decodeMbFile,
  encodeExtendedAttributes,
  encodeMbFile,
  type MbFile,
} from '../../src/snapshot/index.ts';
import { outlineOf } from '../../src/snapshot/mb-file/mb-file-outline.ts';
import { isScrambled, unscramble } from '../../src/snapshot/manifest/scrambled-entries.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound } from '../support/random.ts';

const KEY = Buffer.alloc(16, 7);
const IV = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');

const FILE: MbFile = {
  relativePath: 'Library/Größe/é.txt',
  linkTarget: '../x',
  sizeBytes: 123_456,
  mode: 0o100644,
  userId: 501,
  groupId: 501,
  inode: 99,
  modifiedAt: new Date(1.7e12),
  statusChangedAt: new Date(1.7e12),
  bornAt: new Date(1.6e12),
  protectionClass: 3,
  flags: 0,
  digest: Buffer.alloc(20, 1),
  encryptionKey: Buffer.alloc(44, 2),
  extendedAttributes: encodeExtendedAttributes({ 'com.example': Buffer.from('value') }),
};

/** Reads `count` damaged entries; throws on the first that is neither read nor refused, naming its seed. */
export async function run(count: number, seed: number): Promise<void> {
  const whole = encodeMbFile(FILE);
  const cipher = createCipheriv('aes-128-cbc', createSecretKey(KEY), IV);
  const hidden = Buffer.from(Buffer.concat([cipher.update(whole), cipher.final()]).toString('base64'));
  for (let i = 0; i < count; i++) {
    const random = randomFrom(seedOfRound(seed, i));
    try {
      readEntry(mutate(random, whole));
      const damaged = mutate(random, hidden);
      if (isScrambled(damaged)) expecting(() => readEntry(unscramble(damaged, KEY)));
    } catch (cause) {
      throw new Error(`entry fuzz case failed with seed ${seedOfRound(seed, i)}`, { cause });
    }
  }
}

function readEntry(archive: Buffer): void {
  const file = expecting(() => decodeMbFile(archive));
  expecting(() => outlineOf(archive));
  const { sizeBytes, modifiedAt, extendedAttributes } = file ?? {};
  assert.ok(sizeBytes === undefined || Number.isSafeInteger(sizeBytes));
  assert.ok(modifiedAt === undefined || !Number.isNaN(modifiedAt.getTime()));
  if (extendedAttributes) expecting(() => decodeExtendedAttributes(extendedAttributes));
}

function expecting<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return undefined;
  }
}
