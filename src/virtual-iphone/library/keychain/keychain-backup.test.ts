import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import { arrayAt, asDictionary, bytesAt, decodePlist } from '../../../formats/index.ts';
import { createKeybag } from '../../../keybag/index.ts';
import { encodeKeychainItem, keychainItems } from './keychain.ts';
import { encodeKeychainBackup, sealWithoutIv } from './keychain-backup.ts';

const NOW = new Date('2026-11-20T12:00:00Z');

test('sealing without an IV is GCM whose counter begins at zero', () => {
  // Test case 13 of the GCM specification has a zero key, a zero IV of 96 bits and no text; with an empty IV only the
  // mask differs: block 0 instead of block 1.
  const key = Buffer.alloc(32);
  const sealed = sealWithoutIv(key, Buffer.alloc(0));
  const block0 = createCipheriv('aes-256-ecb', key, null).update(Buffer.alloc(16));
  assert.deepEqual(sealed, block0);
});

test('the tag of a text is the one GCM computes over the same cipher text', () => {
  const key = Buffer.alloc(32, 7);
  const text = Buffer.from('a text of more than one block, but not of whole ones');
  const sealed = sealWithoutIv(key, text);
  const cipherText = sealed.subarray(0, -16);
  // Ordinary GCM over a text chosen so that its cipher text is ours; the hash is the same, the masks are known.
  const iv = Buffer.alloc(12, 1);
  const first = Buffer.concat([iv, Buffer.from([0, 0, 0, 2])]);
  const chosen = createCipheriv('aes-256-ctr', key, first).update(cipherText);
  const ordinary = createCipheriv('aes-256-gcm', key, iv);
  assert.deepEqual(ordinary.update(chosen), cipherText);
  ordinary.final();
  const maskOf = (counter: Buffer): Buffer => createCipheriv('aes-256-ecb', key, null).update(counter);
  const ordinaryMask = maskOf(Buffer.concat([iv, Buffer.from([0, 0, 0, 1])]));
  const expected = xor(xor(ordinary.getAuthTag(), ordinaryMask), maskOf(Buffer.alloc(16)));
  assert.deepEqual(sealed.subarray(-16), expected);
});

test('items open with the keys of the backup, those bound to the device do not', async () => {
  const { classKeys } = await createKeybag('pw', { iterations: 1, doubleIterations: 0 });
  const items = keychainItems(1, NOW);
  const lists = asDictionary(decodePlist(encodeKeychainBackup(items, 1, classKeys)));
  for (const kind of ['genp', 'inet', 'cert', 'keys'] as const) {
    const stored = arrayAt(lists, kind) ?? [];
    const expected = items.filter((item) => item.kind === kind);
    assert.equal(stored.length, expected.length);
    stored.forEach((entry, i) => {
      const secret = bytesAt(asDictionary(entry), 'v_Data') ?? Buffer.alloc(0);
      const protectionClass = secret.readUInt32LE(4);
      const open = (): Buffer => classKeys.unwrap(protectionClass, secret.subarray(12, 52));
      if (protectionClass >= 9) {
        assert.throws(open);
        return;
      }
      const item = expected[i];
      assert.deepEqual(secret.subarray(52), item && sealWithoutIv(open(), encodeKeychainItem(item)));
    });
  }
});

test('without a password, the same keychain has the same bytes', () => {
  const items = keychainItems(1, NOW);
  assert.deepEqual(encodeKeychainBackup(items, 1), encodeKeychainBackup(items, 1));
});

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}
