import type { Database } from '../../database/index.ts';
import { encodeBinaryPlist } from '../../formats/index.ts';
import { cocoaSeconds, daysBefore } from './apple-time.ts';
import { rewrite, type Library } from './library.ts';
import type { Random } from './random.ts';
import { fillSafariTabs, WORK_PROFILE } from './safari-tabs.ts';
import { editDatabase, insert, makeDatabase } from './sqlite.ts';
import { phrase, slug, title } from './texts.ts';

const DOMAIN = 'HomeDomain';
const HISTORY_PATH = 'Library/Safari/History.db';

const HISTORY_SCHEMA = `
PRAGMA user_version = 16;
CREATE TABLE metadata (key TEXT NOT NULL UNIQUE, value);
CREATE TABLE history_items (
  id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL UNIQUE, domain_expansion TEXT NULL,
  visit_count INTEGER NOT NULL, daily_visit_counts BLOB NOT NULL, weekly_visit_counts BLOB NULL,
  autocomplete_triggers BLOB NULL, should_recompute_derived_visit_counts INTEGER NOT NULL,
  visit_count_score INTEGER NOT NULL, status_code INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE history_visits (
  id INTEGER PRIMARY KEY AUTOINCREMENT, history_item INTEGER NOT NULL REFERENCES history_items(id) ON DELETE CASCADE,
  visit_time REAL NOT NULL, title TEXT NULL, load_successful BOOLEAN NOT NULL DEFAULT 1,
  http_non_get BOOLEAN NOT NULL DEFAULT 0, synthesized BOOLEAN NOT NULL DEFAULT 0,
  redirect_source INTEGER NULL UNIQUE REFERENCES history_visits(id) ON DELETE CASCADE,
  redirect_destination INTEGER NULL UNIQUE REFERENCES history_visits(id) ON DELETE CASCADE,
  origin INTEGER NOT NULL DEFAULT 0, generation INTEGER NOT NULL DEFAULT 0, attributes INTEGER NOT NULL DEFAULT 0,
  score INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE history_tombstones (
  id INTEGER PRIMARY KEY AUTOINCREMENT, start_time REAL NOT NULL, end_time REAL NOT NULL, url TEXT,
  generation INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE history_client_versions (client_version INTEGER PRIMARY KEY, last_seen REAL NOT NULL);
CREATE INDEX history_items__domain_expansion ON history_items (domain_expansion);
CREATE INDEX history_visits__last_visit ON history_visits (history_item, visit_time DESC, synthesized ASC);
`;

const BOOKMARKS_SCHEMA = `
CREATE TABLE generations (generation INTEGER NOT NULL DEFAULT 0);
CREATE TABLE sync_properties (key TEXT NOT NULL UNIQUE, value BLOB);
CREATE TABLE bookmarks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, special_id INTEGER DEFAULT 0, parent INTEGER, type INTEGER, title TEXT,
  url TEXT COLLATE NOCASE, num_children INTEGER DEFAULT 0, editable INTEGER DEFAULT 1, deletable INTEGER DEFAULT 1,
  hidden INTEGER DEFAULT 0, hidden_ancestor_count INTEGER DEFAULT 0, order_index INTEGER NOT NULL,
  external_uuid TEXT UNIQUE, read INTEGER DEFAULT NULL, last_modified REAL DEFAULT NULL, server_id TEXT,
  sync_key TEXT, sync_data BLOB, added INTEGER DEFAULT 1, deleted INTEGER DEFAULT 0,
  extra_attributes BLOB DEFAULT NULL, local_attributes BLOB DEFAULT NULL, fetched_icon BOOL DEFAULT 0, icon BLOB,
  dav_generation INTEGER DEFAULT 0, locally_added BOOL DEFAULT 0, archive_status INTEGER DEFAULT 0,
  syncable BOOL DEFAULT 1, web_filter_status INTEGER DEFAULT 0, modified_attributes UNSIGNED BIG INT DEFAULT 0
);
CREATE TABLE folder_ancestors (
  id INTEGER PRIMARY KEY AUTOINCREMENT, folder_id INTEGER NOT NULL, ancestor_id INTEGER NOT NULL,
  UNIQUE (folder_id, ancestor_id)
);
CREATE TABLE bookmark_title_words (
  id INTEGER PRIMARY KEY AUTOINCREMENT, bookmark_id INTEGER NOT NULL, word TEXT, word_index INTEGER
);
CREATE INDEX parent_index ON bookmarks(parent);
`;

const FOLDER = 1;
const LEAF = 0;

/** History (visits count from 2001) and bookmarks with a reading list (changes count from 1970). */
export function fillSafari(library: Library): void {
  const { disk, now, amounts } = library;
  const random = library.random('safari');
  const history = makeDatabase(HISTORY_SCHEMA, (database) => {
    insert(database, 'history_client_versions', { client_version: 16, last_seen: cocoaSeconds(now) });
    for (let i = 0; i < amounts.visits; i++) addVisit(database, random, random.moment(daysBefore(now, 300), now));
    insert(database, 'history_tombstones', {
      start_time: cocoaSeconds(daysBefore(now, 9)),
      end_time: cocoaSeconds(daysBefore(now, 8)),
      url: 'https://example.net/forgotten',
    });
  });
  disk.writeFile(DOMAIN, HISTORY_PATH, history, { modifiedAt: now });
  const bookmarks = makeDatabase(BOOKMARKS_SCHEMA, (database) => addBookmarks(database, random, now));
  disk.writeFile(DOMAIN, 'Library/Safari/Bookmarks.db', bookmarks, { modifiedAt: now });
  fillSafariTabs(library);
  const work = makeDatabase(HISTORY_SCHEMA, (database) => {
    for (let i = 0; i < 5; i++) addVisit(database, random, random.moment(daysBefore(now, 30), now));
  });
  disk.writeFile(DOMAIN, `Library/Safari/Profiles/${WORK_PROFILE}/History.db`, work, { modifiedAt: now });
}

export function changeSafari(library: Library): void {
  const { now } = library;
  const random = library.random('safari');
  rewrite(library, DOMAIN, HISTORY_PATH, (bytes) =>
    editDatabase(bytes, (database) => {
      for (let i = random.between(3, 12); i > 0; i--)
        addVisit(database, random, random.moment(daysBefore(now, 1), now));
    }),
  );
}

function addVisit(database: Database, random: Random, at: Date): void {
  const host = random.pick(['example.org', 'www.example.com', 'news.example.net', 'xn--bcher-kva.example']);
  const url = random.chance(0.4) ? `https://${host}/` : `https://${host}/${slug(random)}?q=%C3%A4`;
  const known = database.prepare('SELECT id FROM history_items WHERE url = ?').get(url)?.['id'];
  const item =
    known === undefined
      ? insert(database, 'history_items', {
          url,
          domain_expansion: host.split('.').at(-2) ?? host,
          visit_count: 0,
          daily_visit_counts: Buffer.from([100, 0, 0, 0]),
          should_recompute_derived_visit_counts: 0,
          visit_count_score: 100,
        })
      : Number(known);
  const visit = insert(database, 'history_visits', {
    history_item: item,
    visit_time: cocoaSeconds(at) + 0.125,
    title: random.chance(0.9) ? title(random) : null,
    origin: random.chance(0.2) ? 1 : 0,
    load_successful: random.chance(0.97),
  });
  if (random.chance(0.05)) {
    const target = insert(database, 'history_visits', {
      history_item: item,
      visit_time: cocoaSeconds(at) + 0.5,
      redirect_source: visit,
    });
    database.prepare('UPDATE history_visits SET redirect_destination = ? WHERE id = ?').run(target, visit);
  }
  database.prepare('UPDATE history_items SET visit_count = visit_count + 1 WHERE id = ?').run(item);
}

function addBookmarks(database: Database, random: Random, now: Date): void {
  insert(database, 'generations', { generation: 1 });
  const root = addFolder(database, random, { parent: null, title: 'Root', special: 0, order: 0 });
  addFolder(database, random, { parent: root, title: 'BookmarksBar', special: 1, order: 0 });
  const menu = addFolder(database, random, { parent: root, title: 'BookmarksMenu', special: 2, order: 1 });
  const list = addFolder(database, random, { parent: root, title: 'com.apple.ReadingList', special: 3, order: 2 });
  const recipes = addFolder(database, random, { parent: menu, title: 'Rezepte & Küche', special: 0, order: 0 });
  insert(database, 'folder_ancestors', { folder_id: recipes, ancestor_id: menu });
  for (let i = 0; i < 12; i++) {
    insert(database, 'bookmarks', {
      parent: i < 6 ? recipes : menu,
      type: LEAF,
      title: `${title(random)} – ${random.pick(['Übersicht', 'まとめ', 'Accueil'])}`,
      url: `https://example.org/${slug(random)}`,
      order_index: i,
      external_uuid: random.uuid(),
      last_modified: daysBefore(now, random.between(1, 900)).getTime() / 1000,
    });
  }
  for (let i = 0; i < 5; i++) {
    const added = daysBefore(now, random.between(1, 60));
    insert(database, 'bookmarks', {
      parent: list,
      type: LEAF,
      title: title(random),
      url: `https://example.com/${slug(random)}`,
      order_index: i,
      external_uuid: random.uuid(),
      // A number, even 0, makes it an entry of the reading list.
      read: random.chance(0.5),
      last_modified: added.getTime() / 1000,
      extra_attributes: encodeBinaryPlist({
        'com.apple.ReadingList': { DateAdded: added, PreviewText: phrase(random) },
      }),
    });
  }
}

interface NewFolder {
  readonly parent: number | null;
  readonly title: string;
  readonly special: number;
  readonly order: number;
}

function addFolder(database: Database, random: Random, { parent, title: name, special, order }: NewFolder): number {
  return insert(database, 'bookmarks', {
    parent,
    type: FOLDER,
    title: name,
    special_id: special,
    order_index: order,
    external_uuid: special === 0 ? random.uuid() : name,
  });
}
