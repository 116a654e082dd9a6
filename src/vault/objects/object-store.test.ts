import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { openCatalogue } from '../catalogue/catalogue.ts';
import { openObjectStore } from './object-store.ts';

let vault: string;

beforeEach(() => {
  vault = mkdtempSync(join(tmpdir(), 'holdfast-'));
});
afterEach(() => rmSync(vault, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

test('what is put can be read at once, after a flush, and by a later session', async () => {
  const small = randomBytes(5000);
  const large = randomBytes(3_500_000);
  let refs;
  {
    using catalogue = openCatalogue(vault);
    await using store = await openObjectStore(vault, catalogue);
    const a = store.putSmall(small);
    const writer = store.createLarge();
    for (let at = 0; at < large.length; at += 700_001) await writer.write(large.subarray(at, at + 700_001));
    const b = await writer.finish();
    refs = { a, b };
    assert.deepEqual(a, { hash: sha256(small), sizeBytes: 5000, isNew: true });
    assert.deepEqual(b, { hash: sha256(large), sizeBytes: large.length, isNew: true });
    assert.deepEqual(store.readSmall(a.hash), small);
    assert.deepEqual(store.readSmall(b.hash), large);
    await store.flush();
    assert.deepEqual(store.readSmall(a.hash), small);
    assert.deepEqual(Buffer.concat(await Array.fromAsync(store.read(b.hash), (c) => Buffer.from(c))), large);
  }
  using catalogue = openCatalogue(vault);
  await using store = await openObjectStore(vault, catalogue);
  assert.deepEqual(store.readSmall(refs.a.hash), small);
  assert.deepEqual(store.readSmall(refs.b.hash), large);
  assert.deepEqual(readdirSync(join(vault, 'tmp')), []);
  assert.equal(statSync(store.locate(refs.b.hash)?.path ?? '').size, large.length);
});
