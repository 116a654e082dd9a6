import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { encodeKeyedArchive, KeyedObject, PlistReal } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { decodeMbFile, encodeMbFile } from './mb-file.ts';
import { outlineOf } from './mb-file-outline.ts';

const entries = fc.record(
  {
    relativePath: fc.string(),
    linkTarget: fc.string(),
    sizeBytes: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    mode: fc.nat(0xffff),
    userId: fc.nat(),
    groupId: fc.nat(),
    inode: fc.nat(),
    modifiedAt: fc.nat(2 ** 31).map((seconds) => new Date(seconds * 1000)),
    protectionClass: fc.nat(11),
    flags: fc.nat(255),
    encryptionKey: fc.uint8Array({ minLength: 44, maxLength: 44 }).map((bytes) => Buffer.from(bytes)),
    extendedAttributes: fc.uint8Array({ maxLength: 70_000 }).map((bytes) => Buffer.from(bytes)),
  },
  { requiredKeys: ['relativePath', 'mode', 'userId', 'groupId', 'inode', 'protectionClass', 'flags'] },
);

test('an outline says what the whole entry says', () => {
  fc.assert(fc.property(entries, (file) => assertSame(encodeMbFile(file))));
});

test('also of archives that are made otherwise', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`Field${index}`, index]));
  for (const fields of [
    {},
    { Size: 5 },
    { Size: 5, Mode: 0o100644, LastModified: new PlistReal(1_600_000_000.5) },
    { Size: 2n ** 60n, Mode: 1, LastModified: 2 },
    { Size: -1, Mode: 1, LastModified: -2 },
    { Size: 1, Mode: 1, LastModified: 2 ** 50 },
    { Size: 'none', Mode: 1, LastModified: 1 },
    { ...many, Size: 7, Mode: 8, LastModified: 9 },
    { Size: 7, Mode: 8, LastModified: 9, EncryptionKey: Buffer.alloc(44, 1) },
    { Size: 7, Mode: 8, LastModified: 9, EncryptionKey: Buffer.alloc(12, 1) },
  ]) {
    assertSame(encodeKeyedArchive(new KeyedObject('MBFile', fields)));
  }
});

test('bytes that are damaged anywhere are refused or give numbers, and nothing else', () => {
  const bytes = fc.tuple(entries, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(2000));
  fc.assert(
    fc.property(bytes, ([file, changes, length]) => {
      const archive = encodeMbFile(file).subarray(0, length);
      for (const [at, value] of changes) if (archive.length > 0) archive[at % archive.length] = value;
      try {
        const { sizeBytes, mode } = outlineOf(archive);
        assert.ok(Number.isSafeInteger(mode) && (sizeBytes === undefined || Number.isSafeInteger(sizeBytes)));
      } catch (error) {
        assert.ok(isAppError(error, 'FORMAT_INVALID'));
      }
    }),
  );
});

function assertSame(archive: Buffer): void {
  const { sizeBytes, mode, modifiedAt, encryptionKey } = decodeMbFile(archive);
  const outline = outlineOf(archive);
  assert.deepEqual(
    [outline.sizeBytes, outline.mode, outline.modifiedAt, outline.encryptionKey],
    [sizeBytes, mode, modifiedAt, encryptionKey],
  );
}
