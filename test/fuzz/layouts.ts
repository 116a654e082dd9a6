/**
 * Databases laid out as other releases may do it: tables and columns that are not there, and values of another kind than
 * a column is for. Every kind is read to its end, or refused with an expected error, and can be taken out.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dataUsageItems,
  healthItems,
  indexedKinds,
  interactionsItems,
  openDataUsage,
  openHealth,
  openInteractions,
  type ContentItem,
} from '../../src/content/index.ts';
import { memoryBackup } from '../../src/content/source/memory-backup.test-helper.ts';
import { isDatabase, openDatabaseBytes, type Database } from '../../src/database/index.ts';
import { ExportFolder } from '../../src/export/index.ts';
import { CONTENT_EXPORTS } from '../../src/export/registry.ts';
import { isAppError } from '../../src/shared/errors.ts';
import type { Backup } from '../../src/snapshot/index.ts';
import { openPhoneDisk } from '../../src/virtual-iphone/index.ts';
import { fillLibrary } from '../../src/virtual-iphone/library/index.ts';
import { randomFrom, seedOfRound, type Random } from '../support/random.ts';

/** Far beyond what the small library needs, even on a busy machine: only a reader that hangs takes longer. */
const HANG_MS = 20_000;
/** What may stand in any column of SQLite, whatever its type. */
const VALUES = [
  'NULL',
  "''",
  "'x'",
  '0',
  '-1',
  '9223372036854775807',
  '-9223372036854775808',
  '1e300',
  '9e999',
  "X''",
  "X'FF00FE80'",
  "X'62706C6973743030'",
  "'é' || char(0) || char(55357) || 'z'",
];

/** Tables with numbered rows that are not gone yet. */
const TABLES = `type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE 'gone %'
  AND sql NOT LIKE '%WITHOUT ROWID%' AND sql NOT LIKE 'CREATE VIRTUAL%'`;

/** Reads `count` databases; throws on the first that is neither read nor refused, naming its seed. */
export async function run(count: number, seed: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-'));
  try {
    const files = phoneFiles(join(directory, 'phone'));
    const others = files.filter(([, bytes]) => !isDatabase(bytes));
    const databases = files.filter(([, bytes]) => isDatabase(bytes));
    for (let i = 0; i < count; i++) {
      const random = randomFrom(seedOfRound(seed, i));
      const [place, bytes] = random.pick(databases);
      const changes: string[] = [];
      const startedMs = performance.now();
      try {
        const changed = withOtherLayout(random, bytes, changes);
        const backup = memoryBackup(Object.fromEntries([...others, [place, changed]]));
        await readEverything(backup);
        if (random.onceIn(4)) await takeOut(backup, random, join(directory, `out-${i}`));
        assert.ok(performance.now() - startedMs < HANG_MS, 'reading took too long');
      } catch (cause) {
        const what = `${place} (${changes.join('; ')})`;
        throw new Error(`layouts fuzz case failed with seed ${seedOfRound(seed, i)}: ${what}`, { cause });
      }
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

type File = readonly [place: string, bytes: Buffer];

/** Everything on a phone with a small library, by "domain:path". */
function phoneFiles(directory: string): File[] {
  using disk = openPhoneDisk(directory);
  fillLibrary(disk, { size: 'small' });
  return Array.from(disk.all()).flatMap((file) =>
    file.kind === 'file' ? [[`${file.domain}:${file.relativePath}`, Buffer.from(disk.read(file))]] : [],
  );
}

/** One to three changes, told in `changes` as they are made. */
function withOtherLayout(random: Random, bytes: Buffer, changes: string[]): Buffer {
  using database = openDatabaseBytes(bytes);
  // Nothing of the phone's own is to keep the tables as they are.
  database.exec('PRAGMA legacy_alter_table = ON; PRAGMA foreign_keys = OFF');
  for (const name of namesOf(database, "type = 'trigger'")) database.exec(`DROP TRIGGER ${quoted(name)}`);
  for (let left = random.between(1, 3); left > 0; left--) {
    const tables = namesOf(database, TABLES);
    if (tables.length === 0) break;
    const change = changeOf(database, random, random.pick(tables));
    changes.push(change);
    database.exec(change);
  }
  return database.serialize();
}

/** A column that is called something else is as good as gone, and no index stands in the way. */
function changeOf(database: Database, random: Random, table: string): string {
  const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all(table);
  // The number of a row takes nothing but numbers.
  const others = database.prepare('SELECT name FROM pragma_table_info(?) WHERE pk = 0').all(table);
  const column = String(random.pick(columns)['name']);
  switch (random.below(8)) {
    case 0:
      return `ALTER TABLE ${quoted(table)} RENAME TO ${quoted(`gone ${table}`)}`;
    case 1:
      return `DELETE FROM ${quoted(table)} WHERE rowid % ${random.between(1, 3)} = 0`;
    case 2:
    case 3:
    case 4:
      return `ALTER TABLE ${quoted(table)} RENAME COLUMN ${quoted(column)} TO ${quoted(`gone ${column}`)}`;
    default:
      if (others.length === 0) return `DELETE FROM ${quoted(table)}`;
      return `UPDATE OR IGNORE ${quoted(table)} SET ${quoted(String(random.pick(others)['name']))} = ${random.pick(VALUES)} WHERE rowid % ${random.between(1, 3)} = 0`;
  }
}

const namesOf = (database: Database, where: string): string[] =>
  database
    .prepare(`SELECT name FROM sqlite_master WHERE ${where}`)
    .all()
    .map(({ name }) => String(name));

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function readEverything(backup: Backup): Promise<void> {
  for await (const { items } of indexedKinds(backup)) await orRefused(() => readItems(items ?? []));
  await orRefused(async () => {
    using health = await openHealth(backup);
    if (health === undefined) return;
    await readItems(healthItems(health));
    for (const sample of health.records()) assert.equal(typeof sample.type.name, 'string');
    for (const route of health.routes()) for (const { latitude } of health.pointsOf(route)) assert.ok(latitude <= 90);
  });
  await orRefused(async () => {
    using interactions = await openInteractions(backup);
    if (interactions) await readItems(interactionsItems(interactions));
  });
  await orRefused(async () => {
    const usage = await openDataUsage(backup);
    if (usage) await readItems(dataUsageItems(usage));
  });
}

async function readItems(items: Iterable<ContentItem> | AsyncIterable<ContentItem>): Promise<void> {
  for await (const { key, at, title, text } of items) {
    for (const each of [key, title, text]) assert.equal(typeof each, 'string');
    assert.ok(at === undefined || !Number.isNaN(at.getTime()));
  }
}

/** One format of one kind that there is. Drawing a PDF takes longer than all others together. */
async function takeOut(backup: Backup, random: Random, directory: string): Promise<void> {
  const exporter = random.pick(CONTENT_EXPORTS);
  const format = random.pick(exporter.formats.filter((each) => each !== 'pdf'));
  const folder = await ExportFolder.create(directory);
  const signal = AbortSignal.timeout(HANG_MS);
  await orRefused(() =>
    exporter.run({ backup, folder, format, timeZone: 'Europe/Berlin', signal, options: { deleted: true } }),
  );
  rmSync(directory, { recursive: true, force: true });
}

async function orRefused(read: () => Promise<unknown>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
  }
}
