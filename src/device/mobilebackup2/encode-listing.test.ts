import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { decodeBinaryPlist } from '../../formats/index.ts';
import type { TargetEntry } from '../../shared/target/backup-target.ts';
import { encodeListing } from './encode-listing.ts';

const YESTERDAY = new Date('2026-11-21T08:30:00.500Z');

describe('encodeListing', () => {
  test('is a status response that maps every name to what is there', () => {
    const folder: TargetEntry = { name: 'ab', kind: 'directory', sizeBytes: 0, modifiedAt: YESTERDAY };
    const file: TargetEntry = { name: 'Über.plist', kind: 'file', sizeBytes: 2 ** 40, modifiedAt: YESTERDAY };
    assert.deepEqual(decodeAnswer([folder, file]), [
      'DLMessageStatusResponse',
      0,
      '___EmptyParameterString___',
      {
        ab: { DLFileType: 'DLFileTypeDirectory', DLFileSize: 0, DLFileModificationDate: YESTERDAY },
        'Über.plist': { DLFileType: 'DLFileTypeRegular', DLFileSize: 2 ** 40, DLFileModificationDate: YESTERDAY },
      },
    ]);
  });

  test('holds whatever a directory may hold', () => {
    const entry = fc.record({
      name: fc.string({ minLength: 1, maxLength: 255, unit: 'grapheme' }).filter((name) => name !== '__proto__'),
      kind: fc.constantFrom('file', 'directory'),
      sizeBytes: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      modifiedAt: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
    });
    const entries = fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 80 });
    fc.assert(fc.property(entries, (listed) => assert.deepEqual(decodeAnswer(listed)[3], expected(listed))));
  });

  for (const count of [0, 61, 62, 16_381, 16_382]) {
    test(`can hold ${count} entries, however many bytes their numbers take`, () => {
      const listed = Array.from({ length: count }, (_, i): TargetEntry => {
        return { name: i.toString(16).padStart(40, '0'), kind: 'file', sizeBytes: i, modifiedAt: new Date(i * 1000) };
      });
      assert.deepEqual(decodeAnswer(listed)[3], expected(listed));
    });
  }
});

function decodeAnswer(entries: readonly TargetEntry[]): unknown[] {
  const frame = encodeListing(entries);
  assert.equal(frame.readUInt32BE(0), frame.length - 4);
  const answer = decodeBinaryPlist(frame.subarray(4));
  assert.ok(Array.isArray(answer));
  return answer;
}

function expected(entries: readonly TargetEntry[]): Record<string, unknown> {
  return Object.fromEntries(
    entries.map(({ name, kind, sizeBytes, modifiedAt }) => [
      name,
      {
        DLFileType: kind === 'directory' ? 'DLFileTypeDirectory' : 'DLFileTypeRegular',
        DLFileSize: sizeBytes,
        DLFileModificationDate: modifiedAt,
      },
    ]),
  );
}
