import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { FormatError } from '../../shared/errors.ts';
import { openSealedIndex, sealIndex } from './sealed-index.ts';
import { SearchIndex } from './search-index.ts';

const SECRET = randomBytes(32);

async function sealed(): Promise<Buffer> {
  using index = await SearchIndex.build([
    { kind: 'notes', items: [{ kind: 'notes', key: 'n', at: undefined, title: 'Tür', text: 'geheimer Code 4711' }] },
  ]);
  return sealIndex(index, SECRET);
}

describe('a sealed search index', () => {
  it('opens with its secret and shows nothing without', async () => {
    const bytes = await sealed();
    assert.ok(!bytes.includes('4711'));
    using index = await openSealedIndex(bytes, SECRET);
    assert.equal(index.search('geheimer')[0]?.key, 'n');
    await assert.rejects(openSealedIndex(bytes, randomBytes(32)), FormatError);
  });

  it('refuses what was changed or cut', async () => {
    const bytes = await sealed();
    for (const at of [0, 20, 60, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      await assert.rejects(openSealedIndex(changed, SECRET), FormatError);
    }
    await assert.rejects(openSealedIndex(bytes.subarray(0, 30), SECRET), FormatError);
  });
});
