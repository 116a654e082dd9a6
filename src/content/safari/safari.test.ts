import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { encodeXmlPlist } from '../../formats/index.ts';
import { TargetError } from '../../shared/target/backup-target.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import type { Bookmark } from './bookmarks.ts';
import { safariItems } from './items.ts';
import { openSafari, type Safari } from './safari.ts';

const HOME = 'HomeDomain:Library/Safari';
const APP = 'AppDomain-com.apple.mobilesafari:Library/Safari';
const DATA = join(import.meta.dirname, '../../../../shared/data/novkostya/safari/testdata');

async function opened(files: Readonly<Record<string, Uint8Array>>): Promise<Safari> {
  const safari = await openSafari(memoryBackup(files));
  assert.ok(safari !== undefined);
  return safari;
}

const history = (...visits: readonly string[]): Buffer =>
  databaseBytes(`CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT);
    INSERT INTO history_items VALUES (1, 'https://a/'), (2, 'https://b/');
    CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER, visit_time REAL, title TEXT);
    INSERT INTO history_visits (history_item, visit_time, title) VALUES ${visits.join()}`);

const tab = (title: string): Record<string, string | number> => ({
  SafariStateDocumentTitle: title,
  SafariStateDocumentURL: `https://${title}/`,
  SafariStateDocumentLastViewedTime: 300_000_000.5,
});

it('has the tabs of old phones, private ones told apart', async () => {
  const list = { SafariStateDocuments: [tab('a'), {}], SafariStatePrivateDocuments: [tab('b')] };
  const { tabs, problems } = await opened({
    [`${HOME}/SuspendState.plist`]: encodeXmlPlist(list),
    [`${APP}/SuspendState.plist`]: Buffer.from('no list'),
  });
  assert.deepEqual(
    tabs.map(({ title, url, place, isPrivate, lastViewedAt }) => [
      title,
      url,
      place,
      isPrivate,
      lastViewedAt?.getUTCFullYear(),
    ]),
    [
      ['a', 'https://a/', 'window', false, 2010],
      ['b', 'https://b/', 'window', true, 2010],
    ],
  );
  assert.equal(problems.length, 1);
});

it('tells since when the times of tabs are counted, which iOS 26 changed', async () => {
  const [seconds2001, seconds1970] = [742_060_073, 1_751_900_873];
  const { tabs } = await opened({
    [`${APP}/BrowserState.db`]: databaseBytes(`CREATE TABLE tabs (url TEXT, title TEXT, last_viewed_time REAL);
      INSERT INTO tabs VALUES ('https://a/', 'a', ${seconds2001}), ('https://b/', 'b', ${seconds1970}), ('https://c/', 'c', 0)`),
    [`${APP}/CloudTabs.db`]: databaseBytes(`CREATE TABLE cloud_tabs (url TEXT, title TEXT, last_viewed_time REAL);
      INSERT INTO cloud_tabs VALUES ('https://d/', 'd', ${seconds1970}), ('https://e/', 'e', ${seconds2001})`),
  });
  assert.deepEqual(
    tabs.map(({ title, lastViewedAt }) => [title, lastViewedAt?.toISOString().slice(0, 10)]),
    [
      ['a', '2024-07-07'],
      ['b', '2025-07-07'],
      ['c', undefined],
      ['d', '2025-07-07'],
      ['e', '2024-07-07'],
    ],
  );
});

describe('the history', () => {
  it('may be absent', async () => {
    assert.equal(await openSafari(memoryBackup({})), undefined);
  });

  it('of two places and a profile is one, newest first, each visit once', async () => {
    using safari = await opened({
      [`${HOME}/History.db`]: history("(1, 100, 'old')", "(2, 200, 'both')"),
      [`${APP}/History.db`]: history("(2, 200, 'both')", "(1, 400, 'new')", "(1, 400, 'new')"),
      [`${APP}/Profiles/ABC/History.db`]: history("(1, 300, 'work')"),
      [`${HOME}/SafariTabs.db`]:
        databaseBytes(`CREATE TABLE bookmarks (id INTEGER, parent INTEGER, type INTEGER, subtype INTEGER, title TEXT, url TEXT, external_uuid TEXT);
        INSERT INTO bookmarks VALUES (1, 0, 1, 2, 'Arbeit', NULL, 'abc')`),
    });
    assert.deepEqual(
      [...(safari.history?.visits() ?? [])].map(({ title, profile }) => [title, profile]),
      [
        ['new', undefined],
        ['new', undefined],
        ['work', 'Arbeit'],
        ['both', undefined],
        ['old', undefined],
      ],
    );
    assert.equal(safari.history?.count, 6);
    assert.deepEqual(safari.history?.notAvailable, ['origin', 'load_successful', 'redirect_source']);
  });

  it('keeps visits whose time or page is lost', async () => {
    using safari = await opened({ [`${HOME}/History.db`]: history("(1, 'soon', 'x')", "(9, 100, 'y')") });
    assert.deepEqual(
      [...(safari.history?.visits() ?? [])].map(({ problem, url }) => [problem, url]),
      [
        ['time', 'https://a/'],
        ['url', ''],
      ],
    );
  });

  it('of iOS 7 is a property list', async () => {
    const list = encodeXmlPlist({
      WebHistoryDates: [{ '': 'https://old/', title: 'Alt', lastVisitedDate: '300000000.5', visitCount: 3 }, 7],
    });
    using safari = await opened({ [`${HOME}/History.plist`]: list });
    const [visit] = [...(safari.history?.visits() ?? [])].filter(({ problem }) => problem === undefined);
    assert.deepEqual(
      [visit?.url, visit?.at?.toISOString(), visit?.visitCount],
      ['https://old/', '2010-07-05T05:20:00.500Z', 3],
    );
  });

  it('of old phones may have lost its content', async () => {
    const backup = memoryBackup({ [`${HOME}/History.plist`]: Buffer.of() });
    Object.assign(backup.source, { read: () => Promise.reject(new TargetError('not-found', 'gone')) });
    assert.equal(await openSafari(backup), undefined);
  });

  it('does not stand in the way of bookmarks when it is damaged', async () => {
    using safari = await opened({
      [`${HOME}/History.db`]: databaseBytes('CREATE TABLE other (x)'),
      [`${HOME}/Bookmarks.db`]: databaseBytes(
        "CREATE TABLE bookmarks (id INTEGER, title TEXT, url TEXT); INSERT INTO bookmarks VALUES (1, 'x', 'https://x/')",
      ),
    });
    assert.deepEqual([safari.history, safari.bookmarks?.top.length, safari.problems.length], [undefined, 1, 1]);
  });
});

describe('bookmarks', () => {
  it('come once each, whatever their parents say', async () => {
    const rows = fc.array(
      fc.record({ parent: fc.integer({ min: -1, max: 30 }), type: fc.integer({ min: 0, max: 2 }) }),
      { minLength: 1, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(rows, async (bookmarks) => {
        const values = bookmarks.map(
          ({ parent, type }, i) => `(${i}, ${parent}, ${type}, 'b${i}', 'https://x/${i}', ${i % 3})`,
        );
        using safari = await opened({
          [`${HOME}/Bookmarks.db`]:
            databaseBytes(`CREATE TABLE bookmarks (id INTEGER, parent INTEGER, type INTEGER, title TEXT, url TEXT, order_index INTEGER);
            INSERT INTO bookmarks VALUES ${values.join()}`),
        });
        const all = (each: Bookmark): Bookmark[] => [each, ...each.children.flatMap(all)];
        const titles = (safari.bookmarks?.top ?? []).flatMap(all).map(({ title }) => title);
        assert.deepEqual(new Set(titles), new Set(bookmarks.map((_, i) => `b${i}`)));
        assert.equal(titles.length, bookmarks.length);
      }),
      { numRuns: 100, seed: 14 },
    );
  });

  it('lie in each other as deep as they like', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `(${i + 1}, ${i}, 1, 'f', NULL)`);
    using safari = await opened({
      [`${HOME}/Bookmarks.db`]: databaseBytes(
        `CREATE TABLE bookmarks (id INTEGER, parent INTEGER, type INTEGER, title TEXT, url TEXT); INSERT INTO bookmarks VALUES ${rows.join()}`,
      ),
    });
    const count = (list: readonly Bookmark[]): number => list.reduce((sum, each) => sum + 1 + count(each.children), 0);
    assert.equal(count(safari.bookmarks?.top ?? []), 5000);
  });
});

if (existsSync(DATA)) {
  describe('the Safari of iOS 18 among the real data', () => {
    it('has its dates in two counts', async () => {
      using safari = await opened({
        [`${HOME}/History.db`]: readFileSync(join(DATA, 'safari.1.History.db')),
        [`${HOME}/Bookmarks.db`]: readFileSync(join(DATA, 'safari.1.Bookmarks.db')),
      });
      const [bar, reading] = safari.bookmarks?.top ?? [];
      assert.deepEqual(
        [bar?.role, bar?.children.map(({ title }) => title)],
        ['favorites', ['Dev', 'Example Bookmark', 'Corrupt']],
      );
      assert.equal(bar?.children[1]?.modifiedAt?.toISOString(), '2020-09-13T12:26:40.500Z');
      assert.deepEqual(
        reading?.children.map(({ title, readingList }) => [title, readingList?.isRead]),
        [
          ['RL Unread', false],
          ['RL Read', true],
        ],
      );
      const visits = [...(safari.history?.visits() ?? [])];
      assert.deepEqual(
        visits.map(({ title, at, redirectedFrom }) => [title, at?.toISOString(), redirectedFrom]),
        [
          ['Corrupt', undefined, null],
          ['Visit B1', '2023-03-08T22:26:40.000Z', null],
          ['Visit A2', '2023-03-08T21:26:40.500Z', 'https://example.invalid/a'],
          ['Visit A1', '2023-03-08T20:26:40.500Z', null],
        ],
      );
      assert.equal([...safariItems(safari)].length, 9);
    });
  });
}
