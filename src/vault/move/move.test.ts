import assert from 'node:assert/strict';
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { placeAfterMoves } from '../../shared/files/moved-vaults.ts';
import { Disk } from '../durability.ts';
import { openKnownVault } from '../known-vaults.ts';
import { TRIAL } from '../mark/mark.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { contentOf, damageObject, putFiles, takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';
import { moveKnownVault, planKnownMove } from './move-known-vault.ts';
import { moveVault, type MoveEvent } from './move-vault.ts';

const LARGE = Buffer.alloc(1_300_000, 'large ');

describe('moving a vault', () => {
  let place: TemporaryVault;
  let to = '';
  let stateDir = '';
  let records: SnapshotRecord[] = [];
  let contents: Map<string, string | null>[] = [];

  beforeEach(async () => {
    place = new TemporaryVault();
    to = join(place.root, 'bigger disk', 'backups', 'vault');
    stateDir = join(place.root, 'state');
    await using vault = await open();
    records = [
      await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/large': LARGE }),
      await takeSnapshot(vault, { 'Manifest.plist': 'two', 'cd/small': 'small' }),
    ];
    contents = await Promise.all(records.map((record) => contentOf(vault, record)));
  });
  afterEach(() => place[Symbol.dispose]());

  const open = (dir = place.dir): Promise<Vault> =>
    openKnownVault({ dir, stateDir, purpose: 'a test', create: true, lock: 'write' });
  const move = (options: { keep?: boolean } = {}): Promise<MoveEvent[]> =>
    Array.fromAsync(moveKnownVault({ from: place.dir, to, stateDir, ...options }));

  async function stopWhenVerifying(): Promise<void> {
    for await (const event of moveKnownVault({ from: place.dir, to, stateDir })) {
      if (event.kind === 'progress' && event.phase === 'verifying') return;
    }
    assert.fail('nothing was verified');
  }

  async function assertThere(dir: string): Promise<void> {
    await using vault = await open(dir);
    const there = vault.snapshots();
    assert.deepEqual(new Set(there.map(({ id }) => id)), new Set(records.map(({ id }) => id)));
    for (const [at, record] of records.entries()) assert.deepEqual(await contentOf(vault, record), contents[at]);
    for await (const event of vault.verify()) assert.notEqual(event.kind, 'problem');
  }

  test('brings everything to the new place, with its id, and leaves a note in the old one', async () => {
    const id = await idOf(open());
    const events = await move();
    assert.deepEqual([...new Set(events.map(({ kind }) => kind))], ['planned', 'progress', 'switched', 'done']);
    assert.equal(await idOf(open(to)), id);
    await assertThere(to);
    assert.deepEqual(readdirSync(place.dir), ['holdfast.json']);
    await assert.rejects(open(), { code: 'VAULT_MOVED', message: /was moved to .*bigger disk/, hint: /--vault/ });
    assert.equal(placeAfterMoves(place.dir, stateDir), to);
  });

  test('takes labels along with what was proven', async () => {
    const labels = { pinned: true as const, name: 'first', deepVerifiedAt: new Date('2026-11-01T00:00Z') };
    {
      await using vault = await open();
      await vault.labels.set(records[0] ?? { udid: '', id: '' }, labels);
    }
    await move();
    await using vault = await open(to);
    assert.deepEqual(vault.labels.get(records[0] ?? { udid: '', id: '' }), labels);
  });

  test('takes an unfinished backup along, which goes on there', async () => {
    {
      await using vault = await open();
      await using draft = vault.openDraft(UDID);
      await putFiles(draft, { 'ef/received': Buffer.alloc(1_200_000, 'received ') });
    }
    await move();
    await using vault = await open(to);
    await using draft = vault.openDraft(UDID);
    assert.ok(draft.resumed);
    const record = await draft.commit({ device: records[0]?.device ?? deviceOf(), kind: 'full', encrypted: false });
    assert.ok((await contentOf(vault, record)).has('ef/received'));
  });

  test('goes on after it was stopped while it copied, and takes what was backed up or forgotten meanwhile', async () => {
    await stopWhenVerifying();
    await assert.rejects(open(to), { code: 'VAULT_MOVED', message: /has not arrived yet/ });
    {
      await using vault = await open();
      records.push(await takeSnapshot(vault, { 'Manifest.plist': 'three' }));
      contents.push(await contentOf(vault, records[2] ?? vault.findSnapshot('latest')));
      await vault.forget(records.splice(0, 1));
      contents.splice(0, 1);
    }
    await move();
    await assertThere(to);
    assert.deepEqual(readdirSync(place.dir), ['holdfast.json']);
  });

  test('is finished where it was cut off after the switch', async () => {
    for await (const event of moveKnownVault({ from: place.dir, to, stateDir })) if (event.kind === 'switched') break;
    assert.ok(existsSync(join(place.dir, 'objects')));
    await assertThere(to);
    const known = placeAfterMoves(place.dir, stateDir);
    assert.ok('leftovers' in (await planKnownMove({ from: known, to, stateDir })));
    assert.equal((await Array.fromAsync(moveKnownVault({ from: known, to, stateDir }))).at(-1)?.kind, 'done');
    assert.deepEqual(readdirSync(place.dir), ['holdfast.json']);
    await assertThere(to);
  });

  test('says where the vault went also where the note of it was lost, and notes it', async () => {
    await move();
    writeFileSync(join(stateDir, 'known-vaults.json'), '{}');
    await assert.rejects(open(), { code: 'VAULT_MOVED' });
    assert.equal(placeAfterMoves(place.dir, stateDir), to);
    rmSync(place.dir, { recursive: true });
    await assert.rejects(open(), { code: 'VAULT_MOVED', message: /was moved to/ });
  });

  test('may be moved back', async () => {
    await move();
    await Array.fromAsync(moveKnownVault({ from: to, to: place.dir, stateDir }));
    await assertThere(place.dir);
    assert.equal(placeAfterMoves(place.dir, stateDir), place.dir);
    assert.equal(placeAfterMoves(to, stateDir), place.dir);
  });

  test('keeps the old one where that is wished, but not as a vault', async () => {
    const mark = readFileSync(join(place.dir, 'holdfast.json'));
    await move({ keep: true });
    await assertThere(to);
    await assert.rejects(open(), { code: 'VAULT_MOVED' });
    await assert.rejects(move(), { code: 'VAULT_MOVED' });
    writeFileSync(join(place.dir, 'holdfast.json'), mark);
    await assertThere(place.dir);
  });

  test('leaves what is not ours in the old place', async () => {
    writeFileSync(join(place.dir, 'notes.txt'), 'mine');
    await move();
    assert.deepEqual(readdirSync(place.dir), ['holdfast.json', 'notes.txt']);
  });

  test('is refused into itself, above itself, and where something lies', async () => {
    const inside = join(place.root, 'link');
    symlinkSync(place.dir, inside);
    const other = new TemporaryVault();
    await (await other.open()).close();
    const copy = new TemporaryVault();
    await (await copy.open({}, { copyOf: await idOf(open()) })).close();
    writeFileSync(join(place.root, 'file'), '');
    for (const [wanted, code] of [
      [place.dir, 'USAGE'],
      [join(place.dir, 'new'), 'USAGE'],
      [join(inside, 'new'), 'USAGE'],
      [place.root, 'USAGE'],
      [join(place.root, 'file'), 'FOLDER_NOT_EMPTY'],
      [other.dir, 'FOLDER_NOT_EMPTY'],
      [copy.dir, 'FOLDER_NOT_EMPTY'],
    ] as const) {
      const request = { from: place.dir, to: wanted, stateDir };
      await assert.rejects(planKnownMove(request), { code }, wanted);
      await assert.rejects(Array.fromAsync(moveKnownVault(request)), { code }, wanted);
    }
    await assertThere(place.dir);
    other[Symbol.dispose]();
    copy[Symbol.dispose]();
  });

  test('is refused where the new place is the old one, seen through a disk in the network: nothing of it goes', async () => {
    const seen = (path: fs.PathLike): string => String(path).replace(`${to}/`, `${place.dir}/`);
    const seenToo = ((path, options) => {
      if (seen(path) !== path) fs.mkdirSync(seen(path), { recursive: true });
      return fs.mkdirSync(path, options);
    }) as typeof fs.mkdirSync;
    const request = { from: place.dir, to, noteMove: async () => {} };
    const moving = Array.fromAsync(moveVault(request, { disk: new Disk({ ...fs, mkdirSync: seenToo }) }));
    await assert.rejects(moving, { code: 'USAGE', message: /are the same folder/ });
    await assertThere(place.dir);
  });

  test('goes on where it was killed while it looked whether both places are one', async () => {
    mkdirSync(join(to, `${TRIAL}0123`), { recursive: true });
    mkdirSync(join(place.dir, `${TRIAL}4567`));
    await move();
    await assertThere(to);
    assert.deepEqual(readdirSync(place.dir), ['holdfast.json']);
  });

  test('is refused while somebody writes into the vault or copies from it', async () => {
    {
      await using _writer = await open();
      await assert.rejects(move(), { code: 'VAULT_BUSY' });
    }
    await using reader = await openKnownVault({ dir: place.dir, stateDir, purpose: 'x', create: false, lock: 'none' });
    {
      using _staging = reader.openStaging('a copy');
      await assert.rejects(move(), { code: 'VAULT_BUSY' });
    }
    await move();
    await assert.rejects(reader.labels.set(records[0] ?? { udid: '', id: '' }, { pinned: true }), {
      code: 'VAULT_MOVED',
    });
  });

  test('is not switched while something of the vault is damaged', async () => {
    damageObject(place.dir, LARGE);
    await assert.rejects(move(), { code: 'SNAPSHOT_CORRUPT', message: /stays where it is/, hint: /repair/ });
    await using vault = await open();
    assert.equal(vault.snapshots().length, 2);
  });

  test('reads back what arrived and writes again what the new place has lost', async () => {
    await stopWhenVerifying();
    damageObject(to, LARGE);
    const events = await move();
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'rewritten'),
      [{ kind: 'rewritten', objects: 1 }],
    );
    await assertThere(to);
  });

  test('a copy of a vault is not moved by this', async () => {
    const copy = new TemporaryVault();
    await (await copy.open({}, { copyOf: records[0]?.id === undefined ? '' : await idOf(open()) })).close();
    const request = { from: copy.dir, to, stateDir: join(copy.root, 'state') };
    await assert.rejects(planKnownMove(request), { code: 'USAGE', hint: /copies add/ });
    copy[Symbol.dispose]();
  });

  test('does not touch an empty folder with what a file system puts there', async () => {
    mkdirSync(join(to, 'lost+found'), { recursive: true });
    await move();
    await assertThere(to);
  });
});

async function idOf(opening: Promise<Vault>): Promise<string> {
  await using vault = await opening;
  return vault.id;
}

const deviceOf = (): SnapshotRecord['device'] => ({
  name: 'A phone',
  productType: 'iPhone14,5',
  productVersion: '18.1',
  buildVersion: '22B83',
});
