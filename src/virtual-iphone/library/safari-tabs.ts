import { deflateSync } from 'node:zlib';
import type { Database } from '../../database/index.ts';
import { encodeBinaryPlist } from '../../formats/index.ts';
import { cocoaSeconds, daysBefore } from './apple-time.ts';
import type { Library } from './library.ts';
import { insert, makeDatabase, type RowValues } from './sqlite.ts';

const DOMAIN = 'HomeDomain';
const FOLDER = 'Library/Safari';

/** The folder of the profile "Arbeit", in which it has a history of its own. */
export const WORK_PROFILE = '22222222-0000-4000-8000-000000000006';

const TABS_SCHEMA = `
CREATE TABLE bookmarks (
  id INTEGER PRIMARY KEY, special_id INTEGER DEFAULT 0, parent INTEGER, type INTEGER, title TEXT,
  url TEXT COLLATE NOCASE, num_children INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0, order_index INTEGER NOT NULL,
  external_uuid TEXT UNIQUE, read INTEGER DEFAULT NULL, last_modified REAL DEFAULT NULL, server_id TEXT,
  added INTEGER DEFAULT 1, deleted INTEGER DEFAULT 0, extra_attributes BLOB DEFAULT NULL,
  local_attributes BLOB DEFAULT NULL, date_closed REAL DEFAULT NULL, last_selected_child INTEGER DEFAULT NULL,
  subtype INTEGER DEFAULT 0
);
CREATE TABLE windows (
  id INTEGER PRIMARY KEY, active_tab_group_id INTEGER DEFAULT NULL, active_profile_id INTEGER DEFAULT NULL,
  date_closed REAL DEFAULT NULL, extra_attributes BLOB DEFAULT NULL, is_last_session INTEGER DEFAULT 0,
  local_tab_group_id INTEGER DEFAULT NULL, private_tab_group_id INTEGER DEFAULT NULL, scene_id TEXT DEFAULT NULL,
  uuid TEXT NOT NULL UNIQUE, restoration_archive BLOB DEFAULT NULL
);
`;

const CLOUD_SCHEMA = `
CREATE TABLE cloud_tab_devices (
  device_uuid TEXT PRIMARY KEY NOT NULL, system_fields BLOB NOT NULL, device_name TEXT, device_type_identifier TEXT,
  has_duplicate_device_name BOOLEAN DEFAULT 0, is_ephemeral_device BOOLEAN DEFAULT 0, last_modified REAL NOT NULL
);
CREATE TABLE cloud_tabs (
  tab_uuid TEXT PRIMARY KEY NOT NULL, system_fields BLOB NOT NULL, device_uuid TEXT NOT NULL, position BLOB NOT NULL,
  title TEXT, url TEXT NOT NULL, is_showing_reader BOOLEAN DEFAULT 0, is_pinned BOOLEAN DEFAULT 0, scene_id TEXT,
  last_viewed_time REAL DEFAULT 0
);
`;

const STATE_SCHEMA = `
CREATE TABLE tabs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, title TEXT, url TEXT, user_visible_url TEXT,
  order_index INTEGER DEFAULT 0, last_viewed_time REAL DEFAULT 0, private_browsing BOOL DEFAULT 0,
  browser_window_uuid TEXT, tab_group_uuid TEXT NOT NULL DEFAULT '', profile_uuid TEXT NOT NULL DEFAULT ''
);
`;

/** Tabs in windows, groups and profiles, private ones, and those of a Mac. The same on every phone. */
export function fillSafariTabs({ disk, now }: Library): void {
  const write = (name: string, schema: string, fill: (database: Database) => void): void => {
    disk.writeFile(DOMAIN, `${FOLDER}/${name}`, makeDatabase(schema, fill), { modifiedAt: now });
  };
  write('SafariTabs.db', TABS_SCHEMA, (database) => addTabs(database, now));
  write('CloudTabs.db', CLOUD_SCHEMA, (database) => addCloudTabs(database, now));
  write('BrowserState.db', STATE_SCHEMA, (database) => {
    const time = cocoaSeconds(daysBefore(now, 20));
    insert(database, 'tabs', { uuid: 'STATE-1', title: 'Alt', url: 'https://example.com/alt', last_viewed_time: time });
    insert(database, 'tabs', { uuid: 'STATE-2', title: 'P', url: 'https://example.com/p', private_browsing: 1 });
  });
}

function addTabs(database: Database, now: Date): void {
  let id = 100;
  const folder = (number: number, title: string, uuid: string, values: RowValues): void => {
    insert(database, 'bookmarks', { id: number, type: 1, title, external_uuid: uuid, order_index: number, ...values });
  };
  const tab = (parent: number, title: string, url: string): void => {
    const viewed = encodeBinaryPlist({ LastVisitTime: daysBefore(now, 1) });
    id++;
    insert(database, 'bookmarks', {
      id,
      parent,
      type: 0,
      title,
      url,
      order_index: id,
      external_uuid: `TAB-${id}`,
      local_attributes: viewed,
    });
  };
  folder(0, 'Root', 'Root', {});
  folder(2, 'pinned', 'pinned', { hidden: 1 });
  folder(3, 'privatePinned', 'privatePinned', { hidden: 1 });
  folder(4, 'recentlyClosed', 'recentlyClosed', { hidden: 1 });
  folder(5, '', 'DefaultProfile', { parent: 0, subtype: 2 });
  folder(6, 'Arbeit', WORK_PROFILE, { parent: 0, subtype: 2, server_id: WORK_PROFILE });
  folder(38, 'Local', 'LOCAL-38', { hidden: 1 });
  folder(39, 'Private', 'PRIVATE-39', { hidden: 1 });
  folder(50, 'Urlaub 🏝️', 'GROUP-50', { parent: 0 });
  folder(53, 'Angebote', 'GROUP-53', { parent: 6 });
  // A group that a person called so: it is not a private one.
  folder(54, 'Private', 'GROUP-54', { parent: 0 });
  tab(38, 'Wetter', 'https://weather.example/');
  tab(38, 'Zeitung', 'https://news.example/');
  tab(39, 'Geschenk', 'https://secret.example/');
  tab(50, 'Ferienhaus', 'https://example.org/haus');
  tab(50, 'Fähre', 'https://example.org/faehre');
  tab(53, 'Angebot 7', 'https://work.example/7');
  tab(54, 'Steuer', 'https://tax.example/');
  tab(2, 'Post', 'https://mail.example/');
  tab(4, 'Zu', 'https://closed.example/');
  insert(database, 'windows', {
    active_tab_group_id: 38,
    active_profile_id: 5,
    local_tab_group_id: 38,
    private_tab_group_id: 39,
    uuid: 'WINDOW-1',
    is_last_session: 1,
  });
}

function addCloudTabs(database: Database, now: Date): void {
  const device = {
    device_uuid: 'MAC-1',
    system_fields: Buffer.alloc(0),
    device_name: 'Adas MacBook',
    last_modified: cocoaSeconds(now),
  };
  insert(database, 'cloud_tab_devices', device);
  ['Zweiter', 'Erster'].forEach((title, i) => {
    const position = deflateSync(
      JSON.stringify({ sortValues: [{ changeID: 1, sortValue: 2 - i, deviceIdentifier: 'MAC-1' }] }),
    );
    insert(database, 'cloud_tabs', {
      tab_uuid: `CLOUD-${i}`,
      system_fields: Buffer.alloc(0),
      device_uuid: 'MAC-1',
      position,
      title,
      url: `https://mac.example/${i}`,
    });
  });
}
