import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { createKeybag, decryptFileContent, encryptFileContent, type ClassKeys } from '../../keybag/index.ts';
import type { TargetFile } from '../../shared/target/backup-target.ts';
import { decodeMbFile, encodeMbFile, fileIdOf, type ManifestEntry, type MbFile } from '../../snapshot/index.ts';
import { carriedRecord, FreshKeys, passedChunks, prove, type Passage } from './carry.ts';

const QUICK = { iterations: 1, doubleIterations: 1 };
const PATH = 'Library/SMS/sms.db';

let theirs: ClassKeys;
let ours: ClassKeys;
before(async () => {
  theirs = (await createKeybag('one', QUICK)).classKeys;
  ours = (await createKeybag('two', QUICK)).classKeys;
});

describe('a file that both backups have encrypted', () => {
  test('keeps its stored bytes; its key is wrapped anew and nothing else of its record changes', () => {
    const key = randomBytes(32);
    const details = detailsWith({ encryptionKey: theirs.wrapFileKey(3, key), digest: randomBytes(20) });
    const record = carriedRecord(entryOf(details), details, ours, soundly({ kind: 'as-stored' }, details, key));
    const { encryptionKey, ...rest } = decodeMbFile(record);
    assert.ok(encryptionKey);
    assert.deepEqual(ours.unwrapFileKey(encryptionKey), key);
    const { encryptionKey: _, ...given } = details;
    assert.deepEqual(rest, given);
  });

  test('gets a class that the device has, where it has none of its own', () => {
    const key = randomBytes(32);
    const details = detailsWith({ protectionClass: 0, encryptionKey: theirs.wrapFileKey(4, key) });
    const record = carriedRecord(entryOf(details), details, ours, soundly({ kind: 'as-stored' }, details, key));
    const { encryptionKey, protectionClass } = decodeMbFile(record);
    assert.equal(protectionClass, 4);
    assert.equal(encryptionKey?.readUInt32LE(0), 4);
  });
});

describe('content on its way', () => {
  test('is encrypted so that it decrypts to what it was, wherever the chunks are cut', async () => {
    const key = randomBytes(32);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(300), async (content, cut) => {
        const stored = await bytesOf(passedChunks(chunks(content, cut), { kind: 'encrypt', key }));
        assert.deepEqual(decryptFileContent(key, stored), { content: Buffer.from(content), paddingIntact: true });
        const plain = await bytesOf(passedChunks(chunks(stored, cut), { kind: 'decrypt', key }));
        assert.deepEqual(plain, Buffer.from(content));
      }),
    );
  });

  test('has the digest and the size that it will have', async () => {
    const key = randomBytes(32);
    const content = randomBytes(5000);
    const encrypted = encryptFileContent(key, content);
    const plainly = await prove(
      fileOf(content),
      detailsWith({ digest: sha1(content) }),
      { kind: 'encrypt', key },
      undefined,
    );
    assert.deepEqual(plainly, { isSound: true, digest: sha1(encrypted), sizeBytes: content.length });
    const sealed = await prove(
      fileOf(encrypted),
      detailsWith({ digest: sha1(encrypted) }),
      { kind: 'decrypt', key },
      key,
    );
    assert.deepEqual(sealed, { isSound: true, digest: sha1(content), sizeBytes: content.length });
  });

  for (const { what, spoil } of [
    { what: 'another digest', spoil: (stored: Buffer) => Buffer.concat([stored.subarray(0, -1), Buffer.of(0)]) },
    { what: 'a cut end', spoil: (stored: Buffer) => stored.subarray(0, 32) },
    { what: 'half a block', spoil: (stored: Buffer) => stored.subarray(0, 40) },
    { what: 'nothing', spoil: () => Buffer.alloc(0) },
  ]) {
    test(`is not sound with ${what}`, async () => {
      const key = randomBytes(32);
      const stored = encryptFileContent(key, Buffer.alloc(100, 'x'));
      const digest = what === 'another digest' ? { digest: sha1(stored) } : {};
      const proof = await prove(fileOf(spoil(stored)), detailsWith(digest), { kind: 'as-stored' }, key);
      assert.deepEqual(proof, { isSound: false });
    });
  }
});

test('fresh keys are the same for the same file, and others for others', () => {
  const keys = new FreshKeys(Buffer.alloc(32, 1));
  assert.deepEqual(keys.keyOf('a'), keys.keyOf('a'));
  assert.notDeepEqual(keys.keyOf('a'), keys.keyOf('b'));
  assert.notDeepEqual(keys.keyOf('a'), new FreshKeys(Buffer.alloc(32, 2)).keyOf('a'));
});

function detailsWith(fields: Partial<MbFile>): MbFile {
  const at = new Date('2026-05-01T10:00:00Z');
  return {
    relativePath: PATH,
    sizeBytes: 10,
    mode: 0o100644,
    userId: 501,
    groupId: 501,
    inode: 7,
    modifiedAt: at,
    statusChangedAt: at,
    bornAt: at,
    protectionClass: 3,
    flags: 0,
    ...fields,
  };
}

function entryOf(details: MbFile): ManifestEntry {
  const archive = encodeMbFile(details);
  return {
    fileId: fileIdOf('HomeDomain', PATH),
    domain: 'HomeDomain',
    relativePath: PATH,
    kind: 'file',
    details: () => details,
    outline: () => details,
    archive: () => archive,
  };
}

function soundly(passage: Passage, { digest, sizeBytes = 0 }: MbFile, key: Buffer) {
  return { passage, key, proof: { isSound: true, digest, sizeBytes } as const };
}

async function* chunks(bytes: Uint8Array, cut: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, cut);
  yield bytes.subarray(cut);
}

function fileOf(bytes: Uint8Array): TargetFile {
  return { sizeBytes: bytes.length, chunks: () => chunks(bytes, 33) };
}

async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const part of parts) copies.push(Buffer.from(part));
  return Buffer.concat(copies);
}

const sha1 = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest();
