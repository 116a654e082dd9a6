import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  decryptFileContent,
  decryptFileStart,
  decryptInPlace,
  encryptedSize,
  encryptFileContent,
  FileDecryptor,
  FileEncryptor,
  hasIntactPadding,
} from './index.ts';

const key = Buffer.alloc(32, 9);

describe('file content', () => {
  test('comes back as it was, whatever its size and however it is cut', () => {
    const contents = fc.uint8Array({ maxLength: 200 });
    const cuts = fc.array(fc.nat(220));
    fc.assert(
      fc.property(contents, cuts, (content, at) => {
        const stored = encryptFileContent(key, content);
        assert.equal(stored.length, encryptedSize(content.length));
        const decryptor = new FileDecryptor(key);
        const pieces = cutAt(stored, at).map((piece) => Buffer.from(decryptor.update(piece)));
        const end = decryptor.finish();
        assert.deepEqual(Buffer.concat([...pieces, end.content]), Buffer.from(content));
        assert.equal(end.paddingIntact, true);
      }),
    );
  });

  test('is encrypted alike in pieces and at once', () => {
    const encryptor = new FileEncryptor(key);
    const pieces = [encryptor.update(Buffer.from('one ')), encryptor.update(Buffer.from('two')), encryptor.finish()];
    assert.deepEqual(Buffer.concat(pieces), encryptFileContent(key, Buffer.from('one two')));
  });

  test('of nothing is one block, and of a whole block is two', () => {
    assert.equal(encryptFileContent(key, Buffer.alloc(0)).length, 16);
    assert.equal(encryptFileContent(key, Buffer.alloc(16)).length, 32);
  });

  test('without valid padding is kept whole and flagged', () => {
    const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16)).setAutoPadding(false);
    const stored = cipher.update(Buffer.alloc(48, 0x41));
    assert.deepEqual(decryptFileContent(key, stored), { content: Buffer.alloc(48, 0x41), paddingIntact: false });
  });

  test('cut off in the middle of a block loses that block only', () => {
    const stored = encryptFileContent(key, Buffer.alloc(100, 0x41)).subarray(0, 90);
    assert.deepEqual(decryptFileContent(key, stored), { content: Buffer.alloc(80, 0x41), paddingIntact: false });
  });

  test('is decrypted over itself as it is into another place', () => {
    for (const cut of [0, 1, 16, 40]) {
      const stored = encryptFileContent(key, Buffer.alloc(600_000, 'some'));
      const whole = stored.subarray(0, stored.length - cut);
      const { content, paddingIntact } = decryptFileContent(key, whole);
      const plain = decryptInPlace(key, Buffer.from(whole));
      assert.deepEqual(plain, content);
      assert.equal(plain.length < whole.length - (whole.length % 16), paddingIntact);
    }
    assert.equal(decryptInPlace(key, Buffer.alloc(0)).length, 0);
  });

  test('shows its start and the state of its end without being read whole', () => {
    for (const sizeBytes of [0, 1, 15, 16, 17, 31, 32, 1000]) {
      const content = Buffer.alloc(sizeBytes, 'abcdefg');
      const stored = encryptFileContent(key, content);
      assert.equal(decryptFileStart(key, stored.subarray(0, 16)).indexOf(content.subarray(0, 16)), 0);
      assert.equal(hasIntactPadding(key, stored.subarray(-32)), true);
      const other = encryptFileContent(Buffer.alloc(32, 1), content);
      assert.equal(hasIntactPadding(key, other.subarray(-32)), decryptFileContent(key, other).paddingIntact);
    }
    assert.equal(hasIntactPadding(key, Buffer.alloc(0)), false);
    assert.equal(hasIntactPadding(key, Buffer.alloc(17)), false);
  });

  test('that is not there at all is empty and flagged', () => {
    assert.deepEqual(decryptFileContent(key, Buffer.alloc(0)), { content: Buffer.alloc(0), paddingIntact: false });
  });
});

function cutAt(bytes: Buffer, cuts: number[]): Buffer[] {
  const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
}
