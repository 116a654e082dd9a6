/**
 * Keybags and the small property lists of a backup that are damaged: read or refused with an expected error, and what
 * is read can be unlocked or refused. Rounds that would take long are left alone: how many are refused is tested
 * beside the code.
 */
import assert from 'node:assert/strict';
import { encodeBinaryPlist, encodeXmlPlist } from '../../src/formats/index.ts';
import { createKeybag, parseKeybag, unlockKeybag, type Keybag } from '../../src/keybag/index.ts';
import type { TargetFile } from '../../src/shared/target/backup-target.ts';
import { isAppError } from '../../src/shared/errors.ts';
import { readInfo, readManifestPlist, readStatus, type BackupSource } from '../../src/snapshot/index.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound } from '../support/random.ts';

const QUICK = { iterations: 3, doubleIterations: 3 };
const MAX_ROUNDS = 1000;

/** Reads `count` damaged keybags and lists; throws on the first that is neither read nor refused, naming its seed. */
export async function run(count: number, seed: number): Promise<void> {
  const { bytes, classKeys } = await createKeybag('secret', QUICK);
  const wrapped = classKeys.wrapFileKey(3, Buffer.alloc(32, 1));
  const lists = [
    encodeBinaryPlist({
      IsEncrypted: true,
      BackupKeyBag: bytes,
      ManifestKey: wrapped,
      Applications: { a: { b: 'c' } },
    }),
    encodeXmlPlist({
      'Device Name': 'x',
      SnapshotState: 'finished',
      'Installed Applications': ['a', 'b'],
      Date: new Date(),
    }),
  ];
  for (let i = 0; i < count; i++) {
    const random = randomFrom(seedOfRound(seed, i));
    try {
      await tryKeybag(mutate(random, bytes), wrapped);
      await tryLists(mutate(random, random.pick(lists)));
    } catch (cause) {
      throw new Error(`keybag fuzz case failed with seed ${seedOfRound(seed, i)}`, { cause });
    }
  }
}

async function tryKeybag(bytes: Buffer, wrapped: Buffer): Promise<void> {
  const keybag = expecting(() => parseKeybag(bytes));
  if (keybag === undefined || roundsOf(keybag) > MAX_ROUNDS) return;
  try {
    const keys = await unlockKeybag(keybag, 'secret');
    assert.ok(keys.usableClasses.length + keys.deviceBoundClasses.length > 0);
    expecting(() => keys.unwrapFileKey(wrapped));
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID', 'WRONG_PASSWORD')) throw error;
  }
}

function roundsOf({ iterations, doubleProtection }: Keybag): number {
  return Math.max(iterations, doubleProtection?.iterations ?? 0);
}

async function tryLists(bytes: Buffer): Promise<void> {
  const source = sourceOf(bytes);
  for (const read of [readInfo, readStatus, readManifestPlist]) {
    try {
      await read(source);
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    }
  }
}

/** Every file of it has these bytes. */
function sourceOf(bytes: Buffer): BackupSource {
  const file: TargetFile = {
    sizeBytes: bytes.length,
    async *chunks() {
      yield bytes;
    },
  };
  return { read: () => file };
}

function expecting<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return undefined;
  }
}
