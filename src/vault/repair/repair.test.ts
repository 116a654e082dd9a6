import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  globSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { contentOf, damageObject, packable, takeSnapshot, TemporaryVault, type Files } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';
import { AppError } from '../../shared/errors.ts';
import type { ObjectDonor } from './donor.ts';
import type { RepairEvent } from './repair-vault.ts';

const LARGE = randomBytes(1_500_000);
const SMALL = randomBytes(2000);

/** A vault and a copy of it, both closed. */
class Pair implements Disposable {
  readonly home = new TemporaryVault();
  readonly away = new TemporaryVault();
  readonly records: SnapshotRecord[] = [];
  #whole: Map<string, string | null>[] = [];

  static async make(...backups: readonly Files[]): Promise<Pair> {
    const pair = new Pair();
    await using vault = await pair.home.open();
    await using copy = await pair.away.open();
    for (const files of backups) {
      const record = await takeSnapshot(vault, files);
      pair.records.push(record);
      pair.#whole.push(await contentOf(vault, record));
    }
    await Array.fromAsync(vault.replicateTo(copy));
    return pair;
  }

  /** Repairs the vault from the copy, then proves that it is whole, also with a catalogue made anew. */
  async repaired(): Promise<RepairEvent[]> {
    const events = await this.repair();
    rmSync(join(this.home.dir, 'catalogue.db'));
    await using vault = await this.home.open();
    assert.deepEqual(await problemsIn(vault), []);
    for (const [at, record] of this.records.entries()) {
      assert.deepEqual(await contentOf(vault, record), this.#whole[at]);
    }
    return events;
  }

  async repair(): Promise<RepairEvent[]> {
    await using vault = await this.home.open();
    await using copy = await this.away.open({}, { lock: 'none' });
    return await Array.fromAsync(vault.repair({ donors: [copy.asDonor('the other disk')] }));
  }

  [Symbol.dispose](): void {
    this.home[Symbol.dispose]();
    this.away[Symbol.dispose]();
  }
}

describe('repair', () => {
  test('takes what is damaged out of use where the object is whole in another file, and needs no copy', async () => {
    const database = packable('a database that lies there both ways');
    for (const isPackedBad of [true, false]) {
      using place = new TemporaryVault();
      const before = await takeInto(place, { 'ab/db': database });
      const [packed = ''] = globSync(join(place.dir, 'objects/*/*.zst'));
      const plain = packed.slice(0, -'.zst'.length);
      writeFileSync(plain, isPackedBad ? database : Buffer.from(database).fill(1, 5000, 5001), { mode: 0o444 });
      if (isPackedBad) damageObjectFile(packed);
      await using vault = await place.open();
      assert.equal((await problemsIn(vault)).length, 1);
      const events = await Array.fromAsync(vault.repair({ donors: [] }));
      assert.deepEqual(
        events.filter(({ kind }) => kind !== 'progress').map((event) => [event.kind, 'donor' in event && event.donor]),
        [
          ['problem', false],
          ['repaired', undefined],
          ['done', false],
        ],
      );
      assert.deepEqual([existsSync(packed), existsSync(plain)], [!isPackedBad, isPackedBad]);
      assert.equal(readdirSync(join(place.dir, 'quarantine')).length, 1);
      assert.deepEqual(await problemsIn(vault), []);
      assert.deepEqual((await contentOf(vault, before)).get('ab/db'), database.toString());
    }
  });

  test('leaves both files of an object where neither is whole, and fetches it from a copy', async () => {
    const database = packable('a database that has rotted both ways');
    using pair = await Pair.make({ 'ab/db': database });
    const [packed = ''] = globSync(join(pair.home.dir, 'objects/*/*.zst'));
    const plain = packed.slice(0, -'.zst'.length);
    copyFileSync(packed, plain);
    damageObjectFile(packed);
    {
      await using vault = await pair.home.open();
      const events = await Array.fromAsync(vault.repair({ donors: [] }));
      assert.deepEqual(events.filter(({ kind }) => kind === 'unrepaired').length, 1);
      assert.ok(existsSync(packed) && existsSync(plain));
    }
    assert.equal((await pair.repaired()).filter(({ kind }) => kind === 'repaired').length, 1);
  });

  test('finds nothing to do in a whole vault', async () => {
    using pair = await Pair.make({ 'ab/large': LARGE, 'ab/small': SMALL });
    const events = (await pair.repair()).filter(({ kind }) => kind !== 'progress');
    assert.deepEqual(events, [
      { kind: 'done', objects: 2, bytes: LARGE.length + SMALL.length, problems: 0, repaired: 0 },
    ]);
  });

  for (const [what, bytes] of [
    ['large', LARGE],
    ['small', SMALL],
  ] as const) {
    test(`fetches a ${what} object that changed back from a copy, and says so`, async () => {
      using pair = await Pair.make({ 'ab/x': bytes, 'cd/x': 'other' });
      damageObject(pair.home.dir, bytes);
      const events = await pair.repaired();
      const repaired = events.filter((event) => event.kind === 'repaired');
      assert.equal(repaired.length, 1);
      assert.equal(repaired[0]?.donor, 'the other disk');
      assert.ok(repaired[0]?.problem.kind === 'object' && repaired[0].problem.files[0]?.path === 'ab/x');
    });
  }

  test('brings back objects that are gone or cut short, whole segments included', async () => {
    using pair = await Pair.make({ 'ab/large': LARGE, 'ab/other': randomBytes(1_200_000), 'ab/small': SMALL });
    const [first = '', second = ''] = filesBelow(join(pair.home.dir, 'objects'));
    rmSync(first);
    chmodSync(second, 0o600);
    truncateSync(second, 1000);
    rmSync(join(pair.home.dir, 'segments'), { recursive: true });
    const events = await pair.repaired();
    assert.equal(events.filter(({ kind }) => kind === 'repaired').length, 3);
  });

  test('brings back two objects whose files were swapped', async () => {
    using pair = await Pair.make({ 'ab/large': LARGE, 'ab/other': randomBytes(LARGE.length) });
    const [first = '', second = ''] = filesBelow(join(pair.home.dir, 'objects'));
    const bytes = readFileSync(first);
    overwrite(first, readFileSync(second));
    overwrite(second, bytes);
    assert.equal((await pair.repaired()).filter(({ kind }) => kind === 'repaired').length, 2);
  });

  test('brings back a damaged record and a damaged list, and then what they name', async () => {
    using pair = await Pair.make({ 'ab/x': 'one', 'ab/large': LARGE }, { 'ab/x': 'two' });
    const [newest] = pair.records.slice(-1);
    const [record = ''] = filesBelow(join(pair.home.dir, 'snapshots')).filter((path) =>
      path.includes(newest?.id ?? '-'),
    );
    overwrite(record, Buffer.from('{"torn'));
    overwrite(join(pair.home.dir, 'lists', newest?.list.sha256 ?? ''), Buffer.from('torn'));
    rmSync(join(pair.home.dir, 'objects'), { recursive: true });
    const events = await pair.repaired();
    const kinds = events.flatMap((event) => (event.kind === 'repaired' ? [event.problem.kind] : []));
    assert.deepEqual(kinds.toSorted(), ['list', 'object', 'record']);
  });

  test('writes a segment anew whose index is damaged', async () => {
    using pair = await Pair.make({ 'ab/x': SMALL, 'cd/x': 'other' });
    const [segment = ''] = filesBelow(join(pair.home.dir, 'segments'));
    const bytes = readFileSync(segment);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 60) ^ 1, bytes.length - 60);
    overwrite(segment, bytes);
    const events = await pair.repaired();
    assert.deepEqual(
      events.flatMap((event) => (event.kind === 'repaired' ? [event.problem.kind] : [])),
      ['segment-index'],
    );
  });

  test('says what nobody has, and leaves it as it is', async () => {
    using pair = await Pair.make({ 'ab/x': SMALL });
    damageObject(pair.home.dir, SMALL);
    damageObject(pair.away.dir, SMALL);
    const events = await pair.repair();
    assert.deepEqual(
      events.flatMap((event) => (event.kind === 'unrepaired' || event.kind === 'done' ? [event.kind] : [])),
      ['unrepaired', 'done'],
    );
    await using vault = await pair.home.open();
    assert.equal((await problemsIn(vault)).length, 1);
  });

  test('takes what a donor gave before it went away, and the rest from another', async () => {
    using pair = await Pair.make({ 'ab/large': LARGE, 'ab/small': SMALL });
    damageObject(pair.home.dir, LARGE);
    damageObject(pair.home.dir, SMALL);
    await using vault = await pair.home.open();
    await using copy = await pair.away.open({}, { lock: 'none' });
    const whole = copy.asDonor('the disk');
    const goesAway: ObjectDonor = {
      name: 'the server',
      async *objects(wanted) {
        yield* whole.objects(wanted.slice(0, 1));
        throw new AppError('COPY_UNREACHABLE', 'the place of the copy does not answer');
      },
      record: async () => undefined,
    };
    const events = await Array.fromAsync(vault.repair({ donors: [goesAway, whole] }));
    assert.deepEqual(
      events.flatMap((event) => (event.kind === 'repaired' ? [event.donor] : [])),
      ['the server', 'the disk'],
    );
  });

  test('takes damaged bytes out of use that no snapshot needs', async () => {
    using pair = await Pair.make({ 'ab/x': SMALL }, { 'ab/x': 'two' });
    const [needless] = pair.records.splice(0, 1);
    {
      await using vault = await pair.home.open();
      await using copy = await pair.away.open();
      for (const each of [vault, copy]) if (needless !== undefined) await each.removeSnapshot(needless);
    }
    damageObject(pair.home.dir, SMALL);
    damageObject(pair.away.dir, SMALL);
    const events = await pair.repair();
    assert.deepEqual(
      events.flatMap((event) => (event.kind === 'repaired' ? [event.donor] : [])),
      [undefined],
    );
    await using vault = await pair.home.open();
    assert.deepEqual(await problemsIn(vault), []);
  });
});

async function problemsIn(vault: Vault): Promise<unknown[]> {
  return (await Array.fromAsync(vault.verify())).filter(({ kind }) => kind === 'problem');
}

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile());
}

function overwrite(path: string, bytes: Buffer): void {
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
  chmodSync(path, 0o444);
}

async function takeInto(place: TemporaryVault, files: Files): Promise<SnapshotRecord> {
  await using vault = await place.open();
  return await takeSnapshot(vault, files);
}

function damageObjectFile(path: string): void {
  const bytes = readFileSync(path);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
}
