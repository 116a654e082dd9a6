import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { assert as check, asyncProperty, nat } from 'fast-check';
import { encryptFileContent } from '../keybag/index.ts';
import type { Backup } from './backup.ts';
import type { ManifestEntry } from './manifest/manifest.ts';
import { randomAccess, type RandomAccess } from './random-access.ts';

const KEY = createHash('sha256').update('a file').digest();

describe('reading parts of a file', () => {
  let dir: string;
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'holdfast-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  /** As one of several in a file, as small objects of a vault lie. */
  function stored(content: Buffer, { encrypted = true, before = 0 } = {}): Promise<RandomAccess> {
    const bytes = encrypted ? encryptFileContent(KEY, content) : content;
    const path = join(dir, 'stored');
    writeFileSync(path, Buffer.concat([Buffer.alloc(before, 'x'), bytes, Buffer.alloc(before, 'y')]));
    return accessTo({ path, offset: before, sizeBytes: bytes.length }, encrypted);
  }

  for (const encrypted of [true, false]) {
    test(`of ${encrypted ? 'an encrypted' : 'a plain'} one gives the bytes that are there, wherever they begin and end`, async () => {
      const content = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * 31) % 251));
      for (const length of [0, 1, 15, 16, 17, 32, 1000]) {
        const access = await stored(content.subarray(0, length), { encrypted, before: 40 });
        assert.equal(access.sizeBytes, length);
        await check(
          asyncProperty(nat(length), nat(length + 20), async (start, end) => {
            assert.deepEqual(
              await read(access, start, end),
              content.subarray(start, Math.max(start, Math.min(end, length))),
            );
          }),
          { numRuns: 60 },
        );
      }
    });
  }

  test('goes on over the pieces in which it is read', async () => {
    const content = Buffer.alloc(700_001, 'abcdefg');
    const access = await stored(content);
    assert.ok((await read(access, 100_003, 699_999)).equals(content.subarray(100_003, 699_999)));
  });

  test('of a file that was cut off keeps every whole block', async () => {
    const content = Buffer.alloc(100, 'z');
    await stored(content);
    const path = join(dir, 'stored');
    truncateSync(path, 64);
    const access = await accessTo({ path, offset: 0, sizeBytes: 64 }, true);
    assert.deepEqual(await read(access, 0, 200), content.subarray(0, 64));
  });

  test('of what is not there says so', async () => {
    await assert.rejects(accessTo({ path: join(dir, 'nothing'), offset: 0, sizeBytes: 16 }, true), {
      reason: 'not-found',
    });
    writeFileSync(join(dir, 'short'), Buffer.alloc(8));
    const access = await accessTo({ path: join(dir, 'short'), offset: 0, sizeBytes: 16 }, false);
    await assert.rejects(read(access, 0, 16), { reason: 'io' });
  });

  test('works without a file, too', async () => {
    const access = await accessTo(undefined, false, Buffer.from('0123456789'));
    assert.equal(access.sizeBytes, 10);
    assert.equal((await read(access, 3, 6)).toString(), '345');
  });
});

function accessTo(
  place: { path: string; offset: number; sizeBytes: number } | undefined,
  encrypted: boolean,
  content = Buffer.alloc(0),
): Promise<RandomAccess> {
  const backup = {
    manifest: { contentPath: () => 'stored' },
    source: { locate: () => place },
    contentKey: () => (encrypted ? KEY : undefined),
    async *chunks() {
      yield content.subarray(0, 4);
      yield content.subarray(4);
    },
  } as unknown as Backup; // what is used of it
  return randomAccess(backup, { outline: () => ({}) } as ManifestEntry);
}

async function read(access: RandomAccess, start: number, end: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of access.read(start, end)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
