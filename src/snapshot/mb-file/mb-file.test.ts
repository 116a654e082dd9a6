import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { encodeBinaryPlist, encodeKeyedArchive, KeyedObject, PlistReal, PlistUid } from '../../formats/index.ts';
import {
  decodeExtendedAttributes,
  decodeMbFile,
  encodeExtendedAttributes,
  encodeMbFile,
  type MbFile,
} from '../index.ts';

const PHOTO: MbFile = {
  relativePath: 'Media/DCIM/100APPLE/IMG_0001.HEIC',
  sizeBytes: 2_345_678,
  mode: 0o100644,
  userId: 501,
  groupId: 501,
  inode: 12_345_678,
  modifiedAt: new Date('2026-11-01T10:00:00Z'),
  statusChangedAt: new Date('2026-11-01T10:00:01Z'),
  bornAt: new Date('2026-11-01T09:59:59Z'),
  protectionClass: 3,
  flags: 0,
  digest: Buffer.alloc(20, 2),
  encryptionKey: Buffer.alloc(44, 3),
};

describe('an MBFile', () => {
  test('comes back as it was written', () => {
    assert.deepEqual(decodeMbFile(encodeMbFile(PHOTO)), PHOTO);
    const link: MbFile = { ...PHOTO, mode: 0o120777, linkTarget: '../é', extendedAttributes: Buffer.from('x') };
    assert.deepEqual(decodeMbFile(encodeMbFile(link)), link);
  });

  test('may hold its digest as NSData, its size as a real and its path in place', () => {
    const data = new KeyedObject('NSData', { 'NS.data': Buffer.alloc(20, 7) });
    const archive = encodeKeyedArchive(
      new KeyedObject('MBFile', { Digest: data, LastModified: new PlistReal(1_600_000_000.5), 'NS.x': 1 }),
    );
    const file = decodeMbFile(archive);
    assert.deepEqual(file.digest, Buffer.alloc(20, 7));
    assert.deepEqual(file.modifiedAt, new Date(1_600_000_000_500));
  });

  test('may hold its key and the target of a link as objects that refer to others', () => {
    const data = new PlistUid(4);
    const archive = encodeBinaryPlist({
      $archiver: 'NSKeyedArchiver',
      $version: 100_000,
      $top: { root: new PlistUid(1) },
      $objects: [
        '$null',
        {
          EncryptionKey: new PlistUid(2),
          Target: new PlistUid(3),
          Digest: new PlistUid(0),
          RelativePath: new PlistUid(9),
        },
        { 'NS.data': data },
        { 'NS.string': '../there' },
        Buffer.alloc(44, 9),
      ],
    });
    const { encryptionKey, linkTarget, digest, relativePath } = decodeMbFile(archive);
    assert.deepEqual(encryptionKey, Buffer.alloc(44, 9));
    assert.deepEqual([linkTarget, digest, relativePath], ['../there', undefined, '']);
  });

  test('may lack everything', () => {
    const { relativePath, sizeBytes, modifiedAt, mode } = decodeMbFile(
      encodeKeyedArchive(new KeyedObject('MBFile', {})),
    );
    assert.deepEqual(
      { relativePath, sizeBytes, modifiedAt, mode },
      { relativePath: '', sizeBytes: undefined, modifiedAt: undefined, mode: 0 },
    );
  });

  test('with times beyond all dates has none', () => {
    const archive = encodeKeyedArchive(new KeyedObject('MBFile', { LastModified: 2n ** 60n, Birth: 1e15 }));
    assert.equal(decodeMbFile(archive).modifiedAt, undefined);
    assert.equal(decodeMbFile(archive).bornAt, undefined);
  });

  for (const { what, bytes } of [
    { what: 'nothing', bytes: Buffer.alloc(0) },
    { what: 'another property list', bytes: encodeBinaryPlist({ a: 1 }) },
    {
      what: 'an archive without its root',
      bytes: encodeBinaryPlist({ $top: { root: new PlistUid(7) }, $objects: ['$null'] }),
    },
  ]) {
    test(`is not ${what}`, () => {
      assert.throws(() => decodeMbFile(bytes), { name: 'FormatError' });
    });
  }

  test('damaged anywhere is read or refused, never a crash', () => {
    const bytes = encodeMbFile(PHOTO);
    const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(edits, (changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, to] of changes) copy[at] = to;
        try {
          decodeMbFile(copy);
        } catch (error) {
          assert.equal((error as Error).name, 'FormatError');
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

test('extended attributes keep binary values', () => {
  const value = Buffer.from([0, 255, 128]);
  const attributes = decodeExtendedAttributes(encodeExtendedAttributes({ 'com.apple.x': value }));
  assert.deepEqual(attributes, new Map([['com.apple.x', value]]));
});
