import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import type { PlacedEntry } from './list-file.ts';
import { FOOTER_BYTES } from './list-index.ts';
import { joinPath } from './list-path.ts';
import type { ListStore } from './list-store.ts';
import { overwrite, read, storeFor, textOf, versions, writeAll } from './packed-list.test-helper.ts';

describe('a packed list', () => {
  test('takes little, and reads as it did', async (t) => {
    const { store, dir } = storeFor(t);
    const trees = versions(3, 3, 12_000);
    const [base = '', second = '', third = ''] = await writeAll(store, trees);
    const before = read(store, third);
    assert.equal(await store.pack(second, base), true);
    assert.equal(await store.pack(third, base), true);
    assert.deepEqual(read(store, third), before);
    assert.equal(createHash('sha256').update(textOf(store, third)).digest('hex'), third);
    assert.equal(store.baseOf(third), base);
    assert.ok(statSync(join(dir, third)).size < statSync(join(dir, base)).size / 8);
    using list = store.open(third);
    const [one] = before;
    assert.deepEqual(one && list.find(joinPath(one.directory, one.entry.name)), one?.entry);
    assert.deepEqual(list.totals, totalsOf(before));
  });

  test('stays as it is where too little of it is in the other', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = ''] = await writeAll(store, versions(2, 300));
    const bytes = readFileSync(store.pathOf(second));
    assert.equal(await store.pack(second, base), false);
    assert.deepEqual(readFileSync(store.pathOf(second)), bytes);
    assert.deepEqual(store.bases.names(), []);
  });

  test('is none that others are packed against', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = '', third = ''] = await writeAll(store, versions(3, 2));
    await store.pack(second, base);
    assert.equal(await store.pack(base, third), false);
    assert.equal(await store.pack(third, second), false);
  });

  test('is never the base of another one, even where both are packed at the same time', async (t) => {
    const { store } = storeFor(t);
    const names = await writeAll(store, versions(3, 2));
    const [first = '', second = '', third = ''] = names;
    for (let turns = 0; turns < 4; turns++) {
      const later = async (): Promise<void> => {
        for (let turn = 0; turn < turns; turn++) await setImmediate();
        await store.pack(second, first);
      };
      await Promise.all([store.pack(third, second), later()]);
      assert.equal(store.baseOf(second), undefined);
      for (const name of names) await store.unpack(name);
      store.bases.release(names);
    }
  });

  test('stands by itself again, and no longer needs the other', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = ''] = await writeAll(store, versions(2, 2));
    const before = read(store, second);
    await store.pack(second, base);
    await store.unpack(second);
    await store.remove([base]);
    assert.deepEqual(read(store, second), before);
    assert.deepEqual(readdirSync(join(store.pathOf(second), '..')), [second]);
  });

  test('is read by whoever opened it before it was packed, and before it was packed anew', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = '', third = ''] = await writeAll(store, versions(3, 2));
    const before = read(store, second);
    using whole = store.open(second);
    await store.pack(second, base);
    using packed = store.open(second);
    await store.unpack(second);
    await store.pack(second, third);
    await store.remove([base]);
    assert.deepEqual([...whole.entries()], before);
    assert.deepEqual([...packed.entries()], before);
    assert.deepEqual(read(store, second), before);
  });

  test('can be copied to another store, where it stands by itself', async (t) => {
    const [{ store }, { store: other }] = [storeFor(t), storeFor(t)];
    const [base = '', second = ''] = await writeAll(store, versions(2, 2));
    await store.pack(second, base);
    await other.copyFrom(store, second);
    assert.deepEqual(read(other, second), read(store, second));
    assert.equal(other.baseOf(second), undefined);
  });

  test('is read from any base with the same text, however that is cut', async (t) => {
    const { store } = storeFor(t);
    const [first, next] = versions(2, 2);
    const [base = '', second = ''] = await writeAll(store, [first ?? new Map(), next ?? new Map()]);
    await store.pack(second, base);
    const before = read(store, second);
    // Made of pieces, as a list is after many small changes.
    const recut = await recutInto(storeFor(t).store, store, base);
    overwrite(store.pathOf(base), recut);
    assert.deepEqual(read(store, second), before);
  });

  test('reads as it did, whatever changed', async (t) => {
    const { store } = storeFor(t);
    const path = fc.stringMatching(/^[ab]\/[a-e]{1,3}$/);
    const changes = fc.array(fc.tuple(path, fc.option(fc.stringMatching(/^[x-z]{1,2}$/), { nil: undefined })));
    const [first = new Map<string, string>()] = versions(1, 0, 5000);
    await fc.assert(
      fc.asyncProperty(changes, async (each) => {
        const next = new Map(first);
        for (const [name, content] of each) {
          if (content === undefined) next.delete(name);
          else next.set(name, content);
        }
        const [base = '', second = ''] = await writeAll(store, [first, next]);
        const before = read(store, second);
        const isPacked = await store.pack(second, base);
        assert.equal(isPacked, second !== base);
        assert.deepEqual(read(store, second), before);
        using list = store.open(second);
        list.verify();
      }),
      { numRuns: 25 },
    );
  });

  test('that is damaged is reported, whatever byte is changed and wherever it is cut', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = ''] = await writeAll(store, versions(2, 1));
    await store.pack(second, base);
    const before = read(store, second);
    const good = readFileSync(store.pathOf(second));
    for (let at = 0; at < good.length; at++) {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ 0x41;
      overwrite(store.pathOf(second), bytes);
      assertCorruptOrSame(store, second, before);
      overwrite(store.pathOf(second), good.subarray(0, at));
      assert.throws(() => read(store, second), { code: 'SNAPSHOT_CORRUPT' });
    }
  });
});

test('a packed list is the same for all who read it: with another sum and its own text it is whole', async (t) => {
  const { store } = storeFor(t);
  const [base = '', second = ''] = await writeAll(store, versions(2, 1));
  await store.pack(second, base);
  const before = read(store, second);
  const bytes = readFileSync(store.pathOf(second));
  const atSum = bytes.length - FOOTER_BYTES - 1;
  bytes[atSum] = (bytes[atSum] ?? 0) ^ 1;
  overwrite(store.pathOf(second), bytes);
  assert.deepEqual(read(store, second), before);
  assert.equal(createHash('sha256').update(textOf(store, second)).digest('hex'), second);
});

test('a packed list that lies under the name of another one is damaged for all who read it', async (t) => {
  const { store } = storeFor(t);
  const [base = '', second = '', third = ''] = await writeAll(store, versions(3, 1));
  for (const name of [second, third]) assert.equal(await store.pack(name, base), true);
  overwrite(store.pathOf(second), readFileSync(store.pathOf(third)));
  assert.throws(() => textOf(store, second), { code: 'SNAPSHOT_CORRUPT' });
  assert.throws(() => read(store, second), { code: 'SNAPSHOT_CORRUPT' });
  assert.equal(createHash('sha256').update(textOf(store, third)).digest('hex'), third);
});

/** The bytes of the same list with each of its directories in two frames. */
async function recutInto(other: ListStore, store: ListStore, sha256: string): Promise<Buffer> {
  await other.write((writer) => {
    using list = store.open(sha256);
    for (const frame of list.frames) {
      const { text } = list.readFrame(frame);
      const middle = text.indexOf('\n', text.length / 2) + 1;
      for (const part of [text.subarray(0, middle), text.subarray(middle)]) {
        const names = part.toString().match(/(?<=\/)[^\t]+(?=\t)/g) ?? [];
        const lines = names.length;
        const [firstKey = '', lastKey = ''] = [names[0], names.at(-1)];
        const { directory } = frame;
        const fileBytes = 0;
        writer.addLines({
          directory,
          firstKey,
          lastKey,
          text: part,
          textBytes: part.length,
          lines,
          files: lines,
          fileBytes,
        });
      }
    }
  });
  return readFileSync(other.pathOf(sha256));
}

function totalsOf(entries: readonly PlacedEntry[]): { files: number; bytes: number } {
  const sizes = entries.flatMap(({ entry }) => (entry.kind === 'file' ? [entry.sizeBytes] : []));
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** By its entries, and by its text where the base is kept for several lists. */
function assertCorruptOrSame(store: ListStore, sha256: string, before: readonly PlacedEntry[]): void {
  for (const isSame of [
    () => assert.deepEqual(read(store, sha256), before),
    () => assert.equal(createHash('sha256').update(textOf(store, sha256)).digest('hex'), sha256),
  ]) {
    try {
      isSame();
    } catch (error) {
      assert.ok(error instanceof Error && 'code' in error && error.code === 'SNAPSHOT_CORRUPT', String(error));
    }
  }
}
