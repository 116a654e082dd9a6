import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { openSealed } from './sealed.ts';

/** Test case 16 of the GCM specification (McGrew and Viega): AES-256, an IV of 96 bits, additional data. */
const CASE_16 = {
  key: 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308',
  iv: 'cafebabefacedbaddecaf888',
  additional: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
  cipherText:
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
  tag: '76fc6ece0f4e1768cddf8853bb2d551b',
};

describe('a text sealed without an IV', () => {
  test('opens with its key, whatever its length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 200 }), (key, text) => {
        assert.deepEqual(openSealed(key, seal(Buffer.from(key), Buffer.from(text))), Buffer.from(text));
      }),
      { numRuns: 60 },
    );
  });

  test('does not open when a single bit is another', () => {
    const key = Buffer.alloc(32, 7);
    const sealed = seal(key, Buffer.from('a secret of more than one block'));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const damaged = Buffer.from(sealed);
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.equal(openSealed(key, damaged), undefined);
    }
    assert.equal(openSealed(Buffer.alloc(32, 8), sealed), undefined);
    for (const length of [0, 15, 16, sealed.length - 1]) {
      assert.equal(openSealed(key, sealed.subarray(0, length)), undefined);
    }
  });

  test('is checked by the hash that the published vectors have', () => {
    const key = Buffer.from(CASE_16.key, 'hex');
    const iv = Buffer.from(CASE_16.iv, 'hex');
    const hash = ghash(
      encryptBlock(key, Buffer.alloc(16)),
      Buffer.from(CASE_16.cipherText, 'hex'),
      Buffer.from(CASE_16.additional, 'hex'),
    );
    const mask = encryptBlock(key, Buffer.concat([iv, Buffer.from([0, 0, 0, 1])]));
    assert.equal(xor(hash, mask).toString('hex'), CASE_16.tag);
  });

  test('has the hash that Node computes for an ordinary IV', () => {
    const [key, iv, text] = [Buffer.alloc(32, 3), Buffer.alloc(12, 9), Buffer.from('more than sixteen bytes of text')];
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const cipherText = Buffer.concat([cipher.update(text), cipher.final()]);
    const mask = encryptBlock(key, Buffer.concat([iv, Buffer.from([0, 0, 0, 1])]));
    assert.deepEqual(
      xor(ghash(encryptBlock(key, Buffer.alloc(16)), cipherText, Buffer.alloc(0)), mask),
      cipher.getAuthTag(),
    );
  });
});

/** Sealing by the letter of NIST SP 800-38D, with a hash of our own: nothing here is shared with what it checks. */
function seal(key: Buffer, text: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  const mask = cipher.update(Buffer.alloc(16));
  const cipherText = cipher.update(text);
  return Buffer.concat([
    cipherText,
    xor(ghash(encryptBlock(key, Buffer.alloc(16)), cipherText, Buffer.alloc(0)), mask),
  ]);
}

const encryptBlock = (key: Buffer, block: Buffer): Buffer =>
  createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block);

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)]);

function ghash(subkey: Buffer, cipherText: Buffer, additional: Buffer): Buffer {
  const lengths = Buffer.alloc(16);
  lengths.writeBigUInt64BE(BigInt(additional.length * 8), 0);
  lengths.writeBigUInt64BE(BigInt(cipherText.length * 8), 8);
  const input = Buffer.concat([padded(additional), padded(cipherText), lengths]);
  const h = BigInt(`0x${subkey.toString('hex')}`);
  let sum = 0n;
  for (let at = 0; at < input.length; at += 16)
    sum = multiply(sum ^ BigInt(`0x${input.toString('hex', at, at + 16)}`), h);
  return Buffer.from(sum.toString(16).padStart(32, '0'), 'hex');
}

/** In GF(2^128), the bits of a block counted from its first byte's highest. */
function multiply(x: bigint, y: bigint): bigint {
  let product = 0n;
  let shifted = y;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ (0xe1n << 120n) : shifted >> 1n;
  }
  return product;
}

const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
