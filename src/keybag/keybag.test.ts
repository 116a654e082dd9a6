import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { wrapKey } from './key-wrap.ts';
import { createKeybag, encodeKeybag, parseKeybag, rewrapKeybag, unlockKeybag, type Keybag } from './index.ts';

/** Few rounds, so that the tests cost nothing. */
const QUICK = { iterations: 10, doubleIterations: 20 };

const { keybag, bytes, classKeys } = await createKeybag('sésame', QUICK);
const fileKey = Buffer.alloc(32, 7);

describe('a keybag', () => {
  test('has the size and the classes that a device writes', async () => {
    assert.equal(bytes.length, 1388);
    assert.equal((await createKeybag('x', { ...QUICK, doubleIterations: 0 })).bytes.length, 1336);
    const parsed = parseKeybag(bytes);
    assert.deepEqual(
      parsed.classes.map((each) => [each.protectionClass, each.wrap]),
      [
        [11, 3],
        [10, 3],
        [9, 3],
        [8, 2],
        [7, 2],
        [6, 2],
        [5, 3],
        [4, 2],
        [3, 2],
        [2, 2],
        [1, 2],
      ],
    );
    assert.deepEqual(parsed, keybag);
  });

  test('keeps entries it does not know', () => {
    const entry = { tag: 'NEWX', value: Buffer.from('kept') };
    const parsed = parseKeybag(encodeKeybag({ ...keybag, otherEntries: [entry] }));
    assert.deepEqual(parsed.otherEntries, [entry]);
    assert.equal(parsed.classes.length, 11);
  });

  test('may lack classes, and keys in classes', async () => {
    const classes = keybag.classes
      .slice(-3)
      .map(({ wrappedKey, ...each }, i) => (i === 0 ? each : { ...each, ...(wrappedKey && { wrappedKey }) }));
    const keys = await unlockKeybag(parseKeybag(encodeKeybag({ ...keybag, classes })), 'sésame');
    assert.deepEqual(keys.usableClasses, [1, 2]);
  });

  test('cut off or changed anywhere is read or refused, never a crash', () => {
    const edit = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255), length: fc.nat(bytes.length) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        const copy = Buffer.from(bytes);
        for (const { at, to } of edits) copy[at] = to;
        readOrRefuse(copy.subarray(0, edits[0]?.length));
        readOrRefuse(copy);
      }),
      { numRuns: 500 },
    );
  });

  for (const { what, change } of [
    { what: 'a length past the end', change: (bag: Buffer) => bag.writeUInt32BE(0xffffffff, 4) },
    { what: 'no salt', change: (bag: Buffer) => bag.write('XALT', bag.indexOf('SALT')) },
    { what: 'no rounds', change: (bag: Buffer) => bag.write('XTER', bag.indexOf('ITER')) },
  ]) {
    test(`with ${what} is refused`, () => {
      const copy = Buffer.from(bytes);
      change(copy);
      assert.throws(() => parseKeybag(copy), { name: 'FormatError' });
    });
  }
});

describe('unlocking', () => {
  test('gives keys that unwrap what the device wrapped', async () => {
    const keys = await unlockKeybag(parseKeybag(bytes), 'sésame');
    const wrapped = classKeys.wrapFileKey(3, fileKey);
    assert.equal(wrapped.length, 44);
    assert.equal(wrapped.readUInt32LE(0), 3);
    assert.deepEqual(keys.unwrapFileKey(wrapped), fileKey);
    assert.deepEqual(keys.usableClasses, [1, 2, 3, 4, 6, 7, 8]);
  });

  test('says that a password is wrong, and which password is meant', async () => {
    await assert.rejects(unlockKeybag(keybag, 'sesame'), { code: 'WRONG_PASSWORD', hint: /passcode/ });
  });

  test('reports classes that only the device can open', async () => {
    const keys = await unlockKeybag(keybag, 'sésame');
    assert.deepEqual(keys.deviceBoundClasses, [5, 9, 10, 11]);
    const wrapped = Buffer.alloc(44);
    wrapped.writeUInt32LE(9);
    assert.throws(() => keys.unwrapFileKey(wrapped), { name: 'FormatError', message: /only the device/ });
  });

  test('takes a password whose letters were composed otherwise', async () => {
    const decomposed = 'sésame'.normalize('NFD');
    assert.notEqual(decomposed, 'sésame'.normalize('NFC'));
    assert.deepEqual((await unlockKeybag(keybag, decomposed)).usableClasses, [1, 2, 3, 4, 6, 7, 8]);
    const { keybag: other } = await createKeybag(decomposed, QUICK);
    assert.deepEqual((await unlockKeybag(other, 'sésame')).usableClasses, [1, 2, 3, 4, 6, 7, 8]);
  });

  test('names the class whose key is damaged, and opens the others', async () => {
    const classes = keybag.classes.map((each) =>
      each.protectionClass === 3 ? { ...each, wrappedKey: Buffer.alloc(40, 1) } : each,
    );
    const keys = await unlockKeybag({ ...keybag, classes }, 'sésame');
    assert.deepEqual([keys.usableClasses, keys.damagedClasses], [[1, 2, 4, 6, 7, 8], [3]]);
    assert.throws(() => keys.unwrapFileKey(classKeys.wrapFileKey(3, fileKey)), { message: /in the keybag is damaged/ });
  });

  test('finds the header of the bag by its tags, whatever else has the same ones', async () => {
    // A class has UUID and WRAP as well, and the bag of iOS 9 has no second step.
    const { bytes: old } = await createKeybag('old', { iterations: 10, doubleIterations: 0 });
    const parsed = parseKeybag(old);
    assert.deepEqual([parsed.wrap, parsed.doubleProtection, parsed.classes.length], [0, undefined, 11]);
    assert.deepEqual((await unlockKeybag(parsed, 'old')).deviceBoundClasses, [5, 9, 10, 11]);
  });

  test('refuses rounds that would take hours', async () => {
    await assert.rejects(unlockKeybag({ ...keybag, iterations: 100_000_001 }, 'x'), { name: 'FormatError' });
    const doubleProtection = { type: 1, iterations: 0xffffffff, salt: Buffer.alloc(20) };
    await assert.rejects(unlockKeybag({ ...keybag, doubleProtection }, 'x'), { name: 'FormatError' });
    await assert.rejects(unlockKeybag({ ...keybag, iterations: 0 }, 'x'), { name: 'FormatError' });
  });

  test('can be given up', async () => {
    const stop = new AbortController();
    const slow = { ...keybag, iterations: 200_000 };
    const waiting = unlockKeybag(slow, 'x', stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(waiting, { message: 'enough' });
  });

  test('works after the password was changed, with the new one only', async () => {
    const changed = await rewrapKeybag(keybag, classKeys, 'new', QUICK);
    const keys = await unlockKeybag(parseKeybag(changed.bytes), 'new');
    assert.deepEqual(keys.unwrapFileKey(classKeys.wrapFileKey(4, fileKey)), fileKey);
    assert.deepEqual(keys.deviceBoundClasses, [5, 9, 10, 11]);
    await assert.rejects(unlockKeybag(changed.keybag, 'sésame'), { code: 'WRONG_PASSWORD' });
    assert.notDeepEqual(changed.keybag.salt, keybag.salt);
  });
});

describe('class keys', () => {
  test('refuse a damaged file key, one of another size and one of an unknown class', () => {
    const damaged = classKeys.wrapFileKey(3, fileKey);
    damaged[20] = (damaged[20] ?? 0) ^ 1;
    for (const wrapped of [damaged, damaged.subarray(1), Buffer.alloc(44, 0xee)]) {
      assert.throws(() => classKeys.unwrapFileKey(wrapped), { name: 'FormatError' });
    }
  });

  test('do not show in a log', () => {
    assert.doesNotMatch(inspect(classKeys, { depth: 5 }), /<Buffer|Uint8Array/);
  });
});

interface Vector {
  source: string;
  password: string;
  wpky: string;
  iter: number;
  salt: string;
  dpic: number | null;
  dpsl: string | null;
}

/** What a test vector says, as a keybag with one class. */
function keybagOf({ wpky, iter, salt, dpic, dpsl }: Vector): Keybag {
  const { doubleProtection: _, ...single } = keybag;
  const wrappedKey = Buffer.from(wpky, 'hex');
  return {
    ...single,
    iterations: iter,
    salt: Buffer.from(salt, 'hex'),
    ...(dpsl !== null && { doubleProtection: { type: 1, iterations: dpic ?? 0, salt: Buffer.from(dpsl, 'hex') } }),
    classes: [{ uuid: Buffer.alloc(16), protectionClass: 3, wrap: 2, keyType: 0, wrappedKey }],
  };
}

const VECTORS = join(import.meta.dirname, '../../../shared/data/keybag-vectors.json');

if (existsSync(VECTORS)) {
  describe('keybags of real devices', () => {
    const vectors = JSON.parse(readFileSync(VECTORS, 'utf8')) as (Vector & { class_key: string })[];
    for (const vector of vectors) {
      test(`open with their password: ${vector.source}`, async () => {
        const keys = await unlockKeybag(parseKeybag(encodeKeybag(keybagOf(vector))), vector.password);
        const wrapped = wrapKey(Buffer.from(vector.class_key, 'hex'), fileKey);
        assert.deepEqual(keys.unwrap(3, wrapped), fileKey);
      });
    }
  });
}

function readOrRefuse(bag: Buffer): void {
  try {
    parseKeybag(bag);
  } catch (error) {
    assert.equal((error as Error).name, 'FormatError');
  }
}
