/**
 * Damaged calendars, reminders, Safari databases, alarms and home screens: bytes and single cells. All that is left of
 * them is read, or they are refused with an expected error, quickly; what is made of them follows its format.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  alarmsItems,
  calendarItems,
  homeScreenItems,
  openAlarms,
  openCalendars,
  openHomeScreen,
  openReminders,
  openSafari,
  remindersItems,
  safariItems,
} from '../../src/content/index.ts';
import { memoryBackup } from '../../src/content/source/memory-backup.test-helper.ts';
import { openDatabaseBytes, type SqlValue } from '../../src/database/index.ts';
import { agendaPage } from '../../src/export/calendar/agenda-page.ts';
import { eventComponent } from '../../src/export/calendar/event-component.ts';
import { readICalendar } from '../../src/export/calendar/icalendar-reader.test-helper.ts';
import { componentLines } from '../../src/export/calendar/icalendar.ts';
import { UsedZones } from '../../src/export/calendar/time-properties.ts';
import { todoComponent } from '../../src/export/reminders/todo-component.ts';
import { netscapeBookmarks } from '../../src/export/safari/netscape.ts';
import { isAppError } from '../../src/shared/errors.ts';
import type { Backup } from '../../src/snapshot/index.ts';
import { openPhoneDisk } from '../../src/virtual-iphone/disk/index.ts';
import { fillLibrary } from '../../src/virtual-iphone/library/index.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound, type Random } from '../support/random.ts';

/** Far beyond what these small files need, even on a busy machine: only a reader that hangs takes longer. */
const HANG_MS = 10_000;
const STAMP = new Date(0);

/** Reads `count` damaged files; throws on the first that is neither read nor refused, naming its seed. */
export async function run(count: number, seed: number): Promise<void> {
  const cases = makeCases();
  for (let i = 0; i < count; i++) {
    const random = randomFrom(seedOfRound(seed, i));
    const { place, bytes, read, isDatabase } = random.pick(cases);
    const damaged = isDatabase && random.onceIn(2) ? withWildCells(random, bytes) : mutate(random, bytes);
    const startedMs = performance.now();
    try {
      await read(memoryBackup({ [place]: damaged }));
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID')) {
        throw new Error(`${place} fuzz case failed with seed ${seedOfRound(seed, i)}`, { cause: error });
      }
    }
    assert.ok(performance.now() - startedMs < HANG_MS, `${place} took too long with seed ${seedOfRound(seed, i)}`);
  }
}

interface Case {
  readonly place: string;
  readonly bytes: Buffer;
  readonly isDatabase: boolean;
  readonly read: (backup: Backup) => Promise<void>;
}

/** Files of the virtual iPhone and how each is read; most of the rows that are all alike are left out. */
const READERS: readonly (readonly [path: RegExp, read: Case['read'], cut?: string])[] = [
  [/Calendar\.sqlitedb$/, readCalendar, 'DELETE FROM CalendarItem WHERE ROWID < 38'],
  [/Stores\/Data-(?!local)/, readReminders, 'DELETE FROM ZREMCDREMINDER WHERE Z_PK < 10'],
  [/Safari\/History\.db$/, readSafari, 'DELETE FROM history_visits WHERE id > 12'],
  [/Safari\/(?:Bookmarks|SafariTabs|CloudTabs|BrowserState)\.db$/, readSafari],
  [/mobiletimerd\.plist$/, readAlarms],
  [/IconState\.plist$/, readHomeScreen],
];

function makeCases(): Case[] {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  try {
    const disk = openPhoneDisk(dir);
    fillLibrary(disk, { size: 'small', seed: 7 });
    const cases = [...disk.all()].flatMap((file): Case[] => {
      const place = `${file.domain}:${file.relativePath}`;
      const [, read, cut] = READERS.find(([path]) => path.test(place)) ?? [];
      if (read === undefined || file.kind !== 'file') return [];
      const bytes = Buffer.from(disk.read(file));
      const isDatabase = !place.endsWith('.plist');
      return [{ place, bytes: cut === undefined ? bytes : edited(bytes, [cut]), isDatabase, read }];
    });
    disk.close();
    return cases;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function edited(bytes: Buffer, statements: readonly string[]): Buffer {
  using database = openDatabaseBytes(bytes);
  database.exec(statements.join(';'));
  database.exec('VACUUM');
  return database.serialize();
}

const WILD: readonly SqlValue[] = [
  null,
  0,
  -1,
  2n ** 63n - 1n,
  -(2n ** 63n),
  1e308,
  -1e308,
  5e-324,
  'not-a-date',
  '',
  '0x10',
  'D=99XX,-1FR;M=0,400;S=;;=;O=13,1',
  '</title><script>alert(1)</script>',
  'x\r\nBEGIN:VALARM',
  'Etc/Nowhere',
  'GMT+9999',
  Buffer.from('bplist00'),
  Buffer.from('[{"dayOfTheWeek":1e9},null,[]]'),
  Buffer.alloc(16, 0xff),
];

/** The same database with values in some of its cells that nobody expects there. */
function withWildCells(random: Random, bytes: Buffer): Buffer {
  using database = openDatabaseBytes(bytes);
  database.exec('PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON');
  const tables = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  for (let edits = random.between(1, 8); edits > 0; edits--) {
    const table = String(random.pick(tables)['name']);
    const columns = database.prepare('SELECT name FROM pragma_table_info(?) WHERE pk = 0').all(table);
    const column = columns.length === 0 ? undefined : String(random.pick(columns)['name']);
    if (column === undefined) continue;
    const sql = `UPDATE OR IGNORE "${table}" SET "${column}" = ? WHERE rowid % ? = 0`;
    database.prepare(sql).run(random.pick(WILD), random.between(1, 3));
  }
  return database.serialize();
}

async function readCalendar(backup: Backup): Promise<void> {
  using calendars = await openCalendars(backup);
  if (calendars === undefined) return;
  const context = { zones: new UsedZones(), stamp: STAMP, detached: new Set<string>() };
  for (const event of calendars.events()) {
    const component = eventComponent(event, context);
    if (component) readICalendar([...componentLines(component)].join(''));
  }
  // What damage there is has been met by now: from here on all is of what could be saved.
  const count = [...calendars.events()].length;
  assert.equal(count, calendars.count);
  assert.equal([...calendarItems(calendars)].length, count);
  const page = [...agendaPage(calendars, { timeZone: 'Europe/Berlin', files: new Map(), wanted: () => true })].join('');
  assert.doesNotMatch(page, /<script/i);
}

async function readReminders(backup: Backup): Promise<void> {
  using reminders = await openReminders(backup);
  if (reminders === undefined) return;
  let count = 0;
  for (const reminder of reminders.reminders()) {
    count++;
    readICalendar([...componentLines(todoComponent(reminder, new UsedZones(), STAMP))].join(''));
  }
  assert.equal(count, reminders.count);
  assert.ok([...remindersItems(reminders)].length <= count);
}

async function readSafari(backup: Backup): Promise<void> {
  using safari = await openSafari(backup);
  if (safari === undefined) return;
  for (const item of safariItems(safari)) assert.equal(typeof item.title, 'string');
  const page = [...netscapeBookmarks(safari.bookmarks?.top ?? [])].join('');
  assert.doesNotMatch(page, /<script/i);
  assert.equal([...page.matchAll(/<DL>/g)].length, [...page.matchAll(/<\/DL>/g)].length);
}

async function readAlarms(backup: Backup): Promise<void> {
  const alarms = await openAlarms(backup);
  if (alarms) assert.ok([...alarmsItems(alarms)].length === alarms.alarms.length);
}

async function readHomeScreen(backup: Backup): Promise<void> {
  const screen = await openHomeScreen(backup);
  if (screen) for (const item of homeScreenItems(screen)) assert.equal(typeof item.key, 'string');
}
