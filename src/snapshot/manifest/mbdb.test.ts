import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { decodeMbdb, encodeMbdb, type MbdbRecord } from '../index.ts';

const RECORD: MbdbRecord = {
  domain: 'HomeDomain',
  relativePath: 'Library/SMS/sms.db',
  digest: Buffer.alloc(20, 1),
  encryptionKey: Buffer.alloc(44, 2),
  mode: 0o100644,
  inode: 123_456,
  userId: 501,
  groupId: 501,
  modifiedAt: new Date('2015-01-02T03:04:05Z'),
  accessedAt: new Date('2015-01-02T03:04:06Z'),
  statusChangedAt: new Date('2015-01-02T03:04:07Z'),
  sizeBytes: 118_784,
  protectionClass: 3,
  properties: [{ name: 'com.apple.binary', value: Buffer.from([0xff, 0, 0x80]) }],
};
const { digest: _, encryptionKey: __, ...plain } = RECORD;
const LINK: MbdbRecord = { ...plain, mode: 0o120777, linkTarget: '../é', properties: [] };

describe('Manifest.mbdb', () => {
  test('comes back as it was written, binary properties and all', () => {
    assert.deepEqual([...decodeMbdb(encodeMbdb([RECORD, LINK]))], [RECORD, LINK]);
  });

  test('has the layout of iOS 5 to 9', () => {
    const bytes = encodeMbdb([{ ...plain, domain: 'D', relativePath: 'p', properties: [] }]);
    assert.equal(
      bytes.subarray(0, 21).toString('hex'),
      ['6d6264620500', '000144', '000170', 'ffffffffffff', '81a4', '00'].join(''),
    );
    assert.equal(bytes.length, 6 + 3 + 3 + 6 + 40);
  });

  test('that ends in the middle of a record is refused after what came before it', () => {
    const bytes = encodeMbdb([LINK, RECORD]);
    const seen: string[] = [];
    const read = () => {
      for (const record of decodeMbdb(bytes.subarray(0, -1))) seen.push(record.relativePath);
    };
    assert.throws(read, { name: 'FormatError' });
    assert.equal(seen.length, 1);
  });

  test('is not anything else', () => {
    assert.throws(() => [...decodeMbdb(Buffer.from('SQLite format 3\0'))], { name: 'FormatError' });
    assert.throws(() => [...decodeMbdb(Buffer.alloc(0))], { name: 'FormatError' });
  });

  test('damaged anywhere is read or refused, never a crash', () => {
    const bytes = encodeMbdb([RECORD, LINK, RECORD]);
    const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(edits, (changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, to] of changes) copy[at] = to;
        try {
          Array.from(decodeMbdb(copy));
        } catch (error) {
          assert.equal((error as Error).name, 'FormatError');
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
