import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { decodeKeyedArchive, decodePlist, encodeBinaryPlist, encodeXmlPlist } from './index.ts';

const REAL_DATA = join(import.meta.dirname, '../../../shared/data');

if (existsSync(REAL_DATA)) {
  describe('lists written by real devices', () => {
    for (const file of globSync('**/*.plist', { cwd: REAL_DATA })) {
      const bytes = readFileSync(join(REAL_DATA, file));
      test(`${file} comes back from both formats`, () => {
        const value = decodePlist(bytes);
        assert.deepEqual(decodePlist(encodeBinaryPlist(value)), value);
        assert.doesNotThrow(() => decodePlist(encodeXmlPlist(value)));
      });
      if (bytes.includes('$archiver')) {
        test(`${file} is a keyed archive that can be resolved`, () => {
          assert.notEqual(decodeKeyedArchive(bytes), undefined);
        });
      }
    }
  });
}
