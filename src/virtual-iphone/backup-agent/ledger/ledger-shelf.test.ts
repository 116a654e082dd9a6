import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { LedgerShelf } from './ledger-shelf.ts';
import type { LedgerFacts } from './ledger.ts';

const FACTS: LedgerFacts = { state: 'uploading', isFull: true, isAnnounced: true, keybagUuid: 'aa' };

describe('a LedgerShelf', () => {
  test('finds a ledger by the UUID of its folder, and none for another', async () => {
    await using dir = await temporaryDirectory();
    const shelf = new LedgerShelf(dir.path);
    shelf.create('one', FACTS).close();
    using found = shelf.open('one');
    assert.deepEqual(found?.facts, FACTS);
    assert.equal(shelf.open('two'), undefined);
    assert.equal(shelf.open('../one'), undefined);
  });

  test('begins a ledger with what others with the same keys know, but without their payloads', async () => {
    await using dir = await temporaryDirectory();
    const shelf = new LedgerShelf(dir.path);
    const row = { id: 'ab', domain: 'D', path: 'p', version: 1, meta: '', flags: 1, file: Buffer.from('entry') };
    const first = shelf.create('one', FACTS);
    first.enter([{ id: 'ab', row }]);
    first.close();
    using same = shelf.create('two', FACTS);
    assert.ok(same.fileOf('ab'));
    assert.equal(same.hasPayload('ab'), false);
    using other = shelf.create('three', { ...FACTS, keybagUuid: 'bb' });
    assert.equal(other.fileOf('ab'), undefined);
  });

  test('remembers the last five', async () => {
    await using dir = await temporaryDirectory();
    const shelf = new LedgerShelf(dir.path);
    const root = join(dir.path, 'backups');
    const known = new Set<string>();
    for (let i = 0; i < 7; i++) {
      shelf.create(`${i}`, FACTS).close();
      const [added = ''] = (await readdir(root)).filter((name) => !known.has(name));
      known.add(added);
      await utimes(join(root, added, 'ledger.db'), 1000 + i, 1000 + i);
    }
    shelf.prune();
    assert.equal((await readdir(root)).length, 5);
    assert.equal(shelf.open('1'), undefined);
    using kept = shelf.open('2');
    assert.ok(kept);
  });

  test('forgets a ledger that no folder can refer to', async () => {
    await using dir = await temporaryDirectory();
    const shelf = new LedgerShelf(dir.path);
    shelf.putBack(shelf.create('announced', FACTS));
    shelf.putBack(shelf.create('not yet', { ...FACTS, isAnnounced: false }));
    assert.equal(shelf.open('not yet'), undefined);
    using kept = shelf.open('announced');
    assert.ok(kept);
  });
});

async function temporaryDirectory(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'holdfast-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
