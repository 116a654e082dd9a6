import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ListStore } from '../lists/list-store.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { contentOf, takeSnapshot, TemporaryVault, UNSYNCED_DISK, type Files } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';

const DAY_MS = 86_400_000;

describe('the lists of a vault', () => {
  test('take little but for the newest and one that the others are packed against', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const records = await days(vault, 5);
    assert.deepEqual(formsIn(place, records), ['base', 'packed', 'packed', 'packed', 'whole']);
    for (const [day, record] of records.entries()) assert.equal((await contentOf(vault, record)).get('00/0'), `${day}`);
    const [base = 0, packed = 0] = records.map(({ list }) => statSync(join(place.dir, 'lists', list.sha256)).size);
    assert.ok(packed < base / 8);
  });

  test('are packed anew when few rest on a base whose snapshots are forgotten, and it goes', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const records = await days(vault, 6);
    const [first, second, ...rest] = records;
    const before = await Promise.all(rest.map((record) => contentOf(vault, record)));
    assert.ok(first && second);
    await vault.forget([first]);
    // Four lists still rest on it: packing them anew takes longer than keeping it costs.
    assert.equal((await vault.prune()).removedLists, 0);
    assert.deepEqual(formsIn(place, [first, second, ...rest]), ['base', ...Array(4).fill('packed'), 'whole']);
    await vault.forget([second]);
    for (let n = 0; n < 2; n++) await vault.prune();
    assert.deepEqual(formsIn(place, rest), ['base', 'packed', 'packed', 'whole']);
    assert.equal(existsSync(join(place.dir, 'lists', first.list.sha256)), false);
    assert.deepEqual(await Promise.all(rest.map((record) => contentOf(vault, record))), before);
    await assertIntact(vault);
  });

  test('stand by themselves again when only one is left', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const records = await days(vault, 4);
    const third = records.slice(2, 3);
    await vault.forget(
      records.filter((record) => !third.includes(record)),
      { evenTheNewest: true },
    );
    await vault.prune();
    assert.deepEqual(formsIn(place, third), ['whole']);
    assert.equal(new ListStore(place.dir, UNSYNCED_DISK).bases.names().length, 0);
    await assertIntact(vault);
  });

  for (const [what, spoil] of [
    ['is damaged', (path: string) => flip(path)],
    ['is gone', (path: string) => rmSync(path)],
  ] as const) {
    test(`are pruned although the first file of what they are packed against ${what}, which is told until then`, async () => {
      using place = new TemporaryVault();
      await using vault = await place.open();
      const [first, second, third, ...rest] = await days(vault, 6);
      assert.ok(first && second && third);
      const before = await contentOf(vault, first);
      const lists = new ListStore(place.dir, UNSYNCED_DISK);
      // To be packed against it by the prune.
      await lists.unpack(third.list.sha256);
      await vault.forget([second]);
      spoil(lists.pathOf(first.list.sha256));
      assert.deepEqual(await problemsIn(vault), ['list-base']);
      assert.deepEqual(await problemsIn(vault, [first]), ['list-base']);
      assert.equal((await vault.prune()).removedLists, 1);
      assert.deepEqual(formsIn(place, [first, third, ...rest]), ['base', 'packed', 'packed', 'packed', 'whole']);
      assert.deepEqual(await contentOf(vault, first), before);
      await assertIntact(vault);
    });
  }

  test('are packed in a copy, too', async () => {
    using place = new TemporaryVault();
    using other = new TemporaryVault();
    await using vault = await place.open();
    await using copy = await other.open();
    const records = await days(vault, 4);
    for await (const _ of vault.replicateTo(copy));
    assert.deepEqual(formsIn(other, records), ['base', 'packed', 'packed', 'whole']);
    await assertIntact(copy);
  });

  test('are packed in a copy after what pins its versions has arrived', async () => {
    using place = new TemporaryVault();
    using other = new TemporaryVault();
    await using vault = await place.open();
    await using copy = await other.open();
    const [first] = await days(vault, 3);
    assert.ok(first);
    await vault.labels.set(first, { pinned: true });
    const stop = new AbortController();
    let copied = 0;
    await assert.rejects(async () => {
      for await (const { kind } of vault.replicateTo(copy, { signal: stop.signal })) {
        if (kind === 'copied' && ++copied === 3) stop.abort();
      }
    });
    assert.equal(copy.labels.get(first).pinned, true);
  });

  test('stay as they are in a vault of the first version, until it is upgraded', async () => {
    using place = new TemporaryVault();
    const records: SnapshotRecord[] = [];
    {
      await using _ = await place.open();
    }
    setVersion(place, 1);
    {
      await using vault = await place.open();
      records.push(...(await days(vault, 4)));
      await vault.prune();
      assert.deepEqual(formsIn(place, records), ['whole', 'whole', 'whole', 'whole']);
      const told: number[][] = [];
      assert.equal((await vault.upgrade({ onProgress: (...progress) => void told.push(progress) })).from, 1);
      assert.deepEqual(
        told,
        Array.from(records, (_, done) => [done + 1, records.length]),
      );
      assert.deepEqual(formsIn(place, records), ['base', 'packed', 'packed', 'whole']);
    }
    await using vault = await place.open();
    const { from, bytesBefore, bytesAfter } = await vault.upgrade();
    assert.deepEqual([from, bytesAfter], [3, bytesBefore]);
    await assertIntact(vault);
  });

  test('are packed a few at a time by a prune, and the next one goes on', async () => {
    using place = new TemporaryVault();
    const records: SnapshotRecord[] = [];
    {
      await using vault = await place.open();
      setVersion(place, 1);
      await vault.close();
    }
    {
      await using vault = await place.open();
      records.push(...(await days(vault, 8)));
    }
    setVersion(place, 2);
    await using vault = await place.open();
    await vault.prune();
    assert.deepEqual(formsIn(place, records), ['base', ...Array(2).fill('packed'), ...Array(5).fill('whole')]);
    for (let n = 0; n < 2; n++) await vault.prune();
    assert.deepEqual(formsIn(place, records), ['base', ...Array(6).fill('packed'), 'whole']);
    await assertIntact(vault);
  });
});

describe('a damaged base', () => {
  test('that has lost its second file is not packed when a backup is done', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const [base, packed, newest] = await days(vault, 3);
    assert.ok(base && packed && newest);
    await vault.forget([newest], { evenTheNewest: true });
    rmSync(join(place.dir, 'lists', `${base.list.sha256}.second`));
    // Older than the others, as an import can be: the base is now the newest but one.
    await takeSnapshot(vault, { '00/0': 'earlier' }, { takenAt: new Date(Date.UTC(2025, 0, 1)) });
    assert.equal((await contentOf(vault, packed)).get('00/0'), '1');
    assert.deepEqual(await problemsIn(vault), ['list-base']);
  });

  test('loses nothing while one of its two files is whole, is found, and made whole again without any copy', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const records = await days(vault, 4);
    const [base, packed] = records;
    assert.ok(base && packed);
    const own = await contentOf(vault, base);
    flip(join(place.dir, 'lists', base.list.sha256));
    assert.equal((await contentOf(vault, packed)).get('00/0'), '1');
    assert.deepEqual(await contentOf(vault, base), own);
    assert.deepEqual(await problemsIn(vault), ['list-base']);
    const repaired = (await Array.fromAsync(vault.repair({ donors: [] }))).filter(({ kind }) => kind === 'repaired');
    assert.equal(repaired.length, 1);
    await assertIntact(vault);
  });

  test('is made whole before its second file goes, because nothing rests on it any more', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const records = await days(vault, 4);
    const [base] = records;
    assert.ok(base);
    const own = await contentOf(vault, base);
    flip(join(place.dir, 'lists', base.list.sha256));
    await vault.forget(records.slice(1), { evenTheNewest: true });
    await vault.prune();
    assert.deepEqual(formsIn(place, [base]), ['whole']);
    assert.deepEqual(await contentOf(vault, base), own);
    await assertIntact(vault);
  });

  test('with both files damaged costs the versions that rest on it, and a copy brings them back', async () => {
    using place = new TemporaryVault();
    using other = new TemporaryVault();
    await using vault = await place.open();
    await using copy = await other.open();
    const records = await days(vault, 4);
    for await (const _ of vault.replicateTo(copy));
    const [base] = records;
    for (const end of ['', '.second']) flip(join(place.dir, 'lists', `${base?.list.sha256}${end}`));
    assert.deepEqual(await problemsIn(vault), ['list', 'list', 'list', 'list-base']);
    await assert.rejects(vault.prune(), { code: 'SNAPSHOT_CORRUPT' });
    const events = await Array.fromAsync(vault.repair({ donors: [copy.asDonor('copy')] }));
    assert.equal(events.filter(({ kind }) => kind === 'unrepaired').length, 0);
    await assertIntact(vault);
    await vault.prune();
    assert.deepEqual(formsIn(place, records), ['base', 'packed', 'packed', 'whole']);
  });

  test('whose own snapshot is gone is no matter any more when a copy has brought back what rested on it', async () => {
    using place = new TemporaryVault();
    using other = new TemporaryVault();
    await using vault = await place.open();
    await using copy = await other.open();
    const [base, packed] = await days(vault, 3);
    assert.ok(base && packed);
    for await (const _ of vault.replicateTo(copy));
    await vault.forget([base]);
    for (const end of ['', '.second']) flip(join(place.dir, 'lists', `${base.list.sha256}${end}`));
    const events = await Array.fromAsync(vault.repair({ donors: [copy.asDonor('copy')] }));
    assert.deepEqual(
      events.flatMap((event) => (event.kind === 'repaired' ? [event.donor] : [])),
      ['copy', undefined],
    );
    assert.equal(events.filter(({ kind }) => kind === 'unrepaired').length, 0);
    assert.equal((await contentOf(vault, packed)).get('00/0'), '1');
  });

  test('is found also when nothing rests on it any more, as a prune would miss it', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const [base, packed] = await days(vault, 3);
    assert.ok(base && packed);
    await vault.forget([packed]);
    rmSync(join(place.dir, 'lists', base.list.sha256));
    assert.deepEqual(await problemsIn(vault), ['list-base']);
    for await (const _ of vault.repair({ donors: [] }));
    await assertIntact(vault);
    await vault.prune();
    assert.deepEqual(formsIn(place, [base]), ['whole']);
  });

  test('that is packed itself is made of its second file again', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const [base, packed, newest] = await days(vault, 3);
    assert.ok(base && packed && newest);
    const [path, second] = ['', '.second'].map((end) => join(place.dir, 'lists', `${base.list.sha256}${end}`));
    assert.ok(path && second);
    const bytes = readFileSync(second);
    rmSync(second);
    await new ListStore(place.dir, UNSYNCED_DISK).pack(base.list.sha256, newest.list.sha256);
    writeFileSync(second, bytes);
    assert.deepEqual(await problemsIn(vault), ['list-base']);
    for await (const _ of vault.repair({ donors: [] }));
    assert.deepEqual(formsIn(place, [base, packed, newest]), ['base', 'packed', 'base']);
    await assertIntact(vault);
  });
});

test('a list that can be read again is repaired, and stays as it is', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  const [, packed] = await days(vault, 3);
  const { sha256 = '' } = packed?.list ?? {};
  const known = [{ kind: 'list', sha256, reason: 'its base was damaged', snapshots: [packed?.id ?? ''] }] as const;
  const events = await Array.fromAsync(vault.repair({ donors: [], known }));
  assert.deepEqual(events.map(({ kind }) => kind).slice(0, 2), ['problem', 'repaired']);
  assert.equal(existsSync(join(place.dir, 'lists', `${sha256}.second`)), false);
});

/** A snapshot a day of 600 files, of which one changes every day. */
async function days(vault: Vault, count: number): Promise<SnapshotRecord[]> {
  const files: Files = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`0${n % 4}/${n}`, `content ${n}`]));
  const records: SnapshotRecord[] = [];
  for (let day = 0; day < count; day++) {
    const takenAt = new Date(Date.UTC(2026, 0, 1) + day * DAY_MS);
    records.push(await takeSnapshot(vault, { ...(day === 0 && files), '00/0': `${day}` }, { takenAt }));
  }
  return records;
}

function formsIn(place: TemporaryVault, records: readonly SnapshotRecord[]): string[] {
  const lists = new ListStore(place.dir, UNSYNCED_DISK);
  return records.map(({ list: { sha256 } }) => {
    if (lists.baseOf(sha256) !== undefined) return 'packed';
    return lists.bases.has(sha256) ? 'base' : 'whole';
  });
}

async function problemsIn(vault: Vault, snapshots?: readonly SnapshotRecord[]): Promise<string[]> {
  const events = await Array.fromAsync(vault.verify({ ...(snapshots && { snapshots }) }));
  return events.flatMap((event) => (event.kind === 'problem' ? [event.problem.kind] : []));
}

async function assertIntact(vault: Vault): Promise<void> {
  assert.deepEqual(await problemsIn(vault), []);
}

function setVersion(place: TemporaryVault, version: number): void {
  const path = join(place.dir, 'holdfast.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), version }));
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
}
