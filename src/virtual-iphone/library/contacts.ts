import { encodeBinaryPlist } from '../../formats/index.ts';
import type { Database } from '../../database/index.ts';
import { cocoaSeconds, daysBefore } from './apple-time.ts';
import { accountOf } from './accounts.ts';
import { rewrite, type Library } from './library.ts';
import { encodeJpeg } from './media/jpeg.ts';
import { portrait } from './media/scene.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import { editDatabase, insert, makeDatabase, maximum } from './sqlite.ts';
import { phrase } from './texts.ts';

const DOMAIN = 'HomeDomain';
const PATH = 'Library/AddressBook/AddressBook.sqlitedb';
const IMAGES_PATH = 'Library/AddressBook/AddressBookImages.sqlitedb';

/** Numbers by which ABMultiValue says what a value is. */
const PHONE = 3;
const EMAIL = 4;
const ADDRESS = 5;
const DATE = 12;
const INSTANT_MESSAGE = 13;
const URL = 22;
const RELATED = 23;
const SOCIAL = 46;

const LABELS = [
  '_$!<Mobile>!$_',
  '_$!<Home>!$_',
  '_$!<Work>!$_',
  '_$!<HomePage>!$_',
  '_$!<Spouse>!$_',
  'Ferienhaus',
  '_$!<Anniversary>!$_',
  '_$!<HomeFAX>!$_',
];
const ENTRY_KEYS = ['Street', 'ZIP', 'City', 'CountryCode', 'State', 'Country', 'username', 'service', 'url'];
const MORE_ENTRY_KEYS = ['SubLocality'];

/**
 * The address book as iOS 18 has it, less its search index (which needs a tokenizer that only iOS has): people in two
 * accounts, some linked, with numbers, addresses, birthdays and notes; a company; a group.
 */
const SCHEMA = `
CREATE TABLE _SqliteDatabaseProperties (key TEXT, value TEXT, UNIQUE(key));
CREATE TABLE ABAccount (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, AccountIdentifier TEXT, Flags INTEGER, DefaultSourceID INTEGER,
  guid TEXT NOT NULL, UNIQUE(guid)
);
CREATE TABLE ABStore (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT, ExternalIdentifier TEXT, Type INTEGER, ConstraintsPath TEXT,
  ExternalModificationTag TEXT, ExternalSyncTag TEXT, StoreInternalIdentifier TEXT, AccountID INTEGER DEFAULT -1,
  Enabled INTEGER DEFAULT 1, SyncData BLOB, MeIdentifier INTEGER DEFAULT -1, Capabilities INTEGER DEFAULT 0,
  guid TEXT NOT NULL, LastSyncDate TEXT, ProviderIdentifier TEXT, ProviderMetadata BLOB,
  UNIQUE(StoreInternalIdentifier), UNIQUE(guid)
);
CREATE TABLE ABPerson (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, First TEXT, Last TEXT, Middle TEXT, FirstPhonetic TEXT, MiddlePhonetic TEXT,
  LastPhonetic TEXT, Organization TEXT, Department TEXT, Note TEXT, Kind INTEGER, Birthday TEXT, JobTitle TEXT,
  Nickname TEXT, Prefix TEXT, Suffix TEXT, FirstSort TEXT, LastSort TEXT, CreationDate INTEGER,
  ModificationDate INTEGER, CompositeNameFallback TEXT, ExternalIdentifier TEXT, ExternalModificationTag TEXT,
  ExternalUUID TEXT, StoreID INTEGER, DisplayName TEXT, ExternalRepresentation BLOB, FirstSortSection TEXT,
  LastSortSection TEXT, FirstSortLanguageIndex INTEGER DEFAULT 2147483647,
  LastSortLanguageIndex INTEGER DEFAULT 2147483647, PersonLink INTEGER DEFAULT -1, ImageURI TEXT,
  IsPreferredName INTEGER DEFAULT 1, guid TEXT NOT NULL, PhonemeData TEXT, AlternateBirthday TEXT, MapsData TEXT,
  FirstPronunciation TEXT, MiddlePronunciation TEXT, LastPronunciation TEXT, OrganizationPhonetic TEXT,
  OrganizationPronunciation TEXT, PreviousFamilyName TEXT, PreferredLikenessSource TEXT,
  PreferredPersonaIdentifier TEXT, PreferredChannel TEXT, DowntimeWhitelist TEXT, ImageType TEXT, ImageHash BLOB,
  MemojiMetadata BLOB, Wallpaper BLOB, DisplayFlags INTEGER, WatchWallpaperImageData BLOB, WallpaperMetadata BLOB,
  ImageBackgroundColorsData BLOB, SensitiveContentConfiguration BLOB, WallpaperURI TEXT, ImageSyncFailedTime TEXT,
  WallpaperSyncFailedTime TEXT, UNIQUE(guid)
);
CREATE TABLE ABPersonLink (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, PreferredImagePersonID INTEGER DEFAULT -1,
  PreferredNamePersonID INTEGER DEFAULT -1, guid TEXT NOT NULL, UNIQUE(guid)
);
CREATE TABLE ABMultiValue (
  UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER, identifier INTEGER, label INTEGER, value TEXT,
  guid TEXT NOT NULL, UNIQUE(guid)
);
CREATE TABLE ABMultiValueLabel (value TEXT, UNIQUE(value));
CREATE TABLE ABMultiValueEntry (parent_id INTEGER, key INTEGER, value TEXT, UNIQUE(parent_id, key));
CREATE TABLE ABMultiValueEntryKey (value TEXT, UNIQUE(value));
CREATE TABLE ABPhoneLastFour (multivalue_id INTEGER PRIMARY KEY, value TEXT);
CREATE TABLE ABGroup (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT, ExternalIdentifier TEXT, StoreID INTEGER,
  ExternalModificationTag TEXT, ExternalRepresentation BLOB, ExternalUUID TEXT, guid TEXT NOT NULL, UNIQUE(guid)
);
CREATE TABLE ABGroupMembers (
  UID INTEGER PRIMARY KEY, group_id INTEGER, member_type INTEGER, member_id INTEGER,
  UNIQUE(group_id, member_type, member_id)
);
CREATE INDEX ABMultiValueRecordIDIndex ON ABMultiValue(record_id);
CREATE INDEX ABPersonPersonLinkIndex ON ABPerson(PersonLink);
`;

const IMAGES_SCHEMA = `
CREATE TABLE _SqliteDatabaseProperties (key TEXT, value TEXT, UNIQUE(key));
CREATE TABLE ABThumbnailImage (
  ROWID INTEGER PRIMARY KEY, record_id INTEGER, format INTEGER, derived_from_format INTEGER, data BLOB
);
CREATE TABLE ABFullSizeImage (
  ROWID INTEGER PRIMARY KEY, record_id INTEGER, crop_x INTEGER, crop_y INTEGER, crop_width INTEGER, data BLOB
);
CREATE UNIQUE INDEX ABImageRecordIDFormatIndex ON ABThumbnailImage(record_id, format);
CREATE UNIQUE INDEX ABFullSizeImageRecordIDIndex ON ABFullSizeImage(record_id);
`;

export function fillContacts(library: Library): void {
  const { disk, now, people } = library;
  const random = library.random('contacts');
  const bytes = makeDatabase(SCHEMA, (database) => {
    for (const value of LABELS) insert(database, 'ABMultiValueLabel', { value });
    for (const value of [...ENTRY_KEYS, ...MORE_ENTRY_KEYS]) insert(database, 'ABMultiValueEntryKey', { value });
    insert(database, '_SqliteDatabaseProperties', { key: '_ClientVersion', value: '100' });
    insert(database, '_SqliteDatabaseProperties', { key: '_UniqueIdentifier', value: random.uuid() });
    insert(database, 'ABAccount', {
      AccountIdentifier: accountOf(library).contacts,
      Flags: 0,
      DefaultSourceID: 0,
      guid: `${random.uuid()}:ABAccount`,
    });
    insert(database, 'ABStore', {
      ROWID: 0,
      Type: 0,
      StoreInternalIdentifier: 'local',
      Enabled: 0,
      guid: random.uuid(),
    });
    insert(database, 'ABStore', {
      ROWID: 1,
      Name: 'Card',
      Type: 4,
      AccountID: 1,
      SyncData: encodeBinaryPlist({ BulkRequests: true }),
      guid: random.uuid(),
    });
    const rows = people.map((person) => addPerson(database, random, person, now, 1));
    linkTwins(database, random, people, now);
    addCompany(database, random, now);
    addFullCard(database, library);
    const group = insert(database, 'ABGroup', { Name: 'Chor', StoreID: 1, guid: random.uuid() });
    for (const row of rows.slice(0, 4))
      insert(database, 'ABGroupMembers', { group_id: group, member_type: 0, member_id: row });
  });
  disk.writeFile(DOMAIN, PATH, bytes, { modifiedAt: now });
  const images = makeDatabase(IMAGES_SCHEMA, (database) => {
    for (let row = 1; row <= people.length; row += 3) addImage(database, random, row);
  });
  disk.writeFile(DOMAIN, IMAGES_PATH, images, { modifiedAt: now });
}

/** Somebody's note is edited; now and then, somebody new is added. */
export function changeContacts(library: Library): void {
  const { now, people } = library;
  const random = library.random('contacts');
  rewrite(library, DOMAIN, PATH, (bytes) =>
    editDatabase(bytes, (database) => {
      const row = random.between(1, maximum(database, 'ABPerson'));
      database
        .prepare('UPDATE ABPerson SET Note = ?, ModificationDate = ? WHERE ROWID = ?')
        .run(phrase(random), Math.floor(cocoaSeconds(now)), row);
      const model = random.pick(people);
      if (random.chance(0.5))
        addPerson(database, random, { ...model, first: 'Neu', phone: `+49151${random.digits(8)}` }, now, 1);
    }),
  );
}

function addPerson(database: Database, random: Random, person: Person, now: Date, store: number): number {
  const made = Math.floor(cocoaSeconds(random.moment(daysBefore(now, 1500), now)));
  const row = insert(database, 'ABPerson', {
    First: person.first,
    Last: person.last,
    Nickname: random.chance(0.1) ? 'Mäuschen 🐭' : null,
    Note: random.chance(0.2) ? phrase(random, person.language) : null,
    // Seconds as text; 1604 stands for a birthday without a year.
    Birthday: random.chance(0.4) ? birthday(random) : null,
    Kind: 0,
    CreationDate: made,
    ModificationDate: made + random.below(100_000),
    StoreID: store,
    FirstSort: person.first,
    LastSort: person.last,
    ExternalUUID: random.uuid(),
    guid: random.uuid(),
  });
  addPhone(database, random, row, 1, person.phone);
  if (random.chance(0.3)) addPhone(database, random, row, 3, `+4930${random.digits(7)}`);
  addValue(database, random, row, EMAIL, 2, person.email);
  if (random.chance(0.25)) addValue(database, random, row, URL, 4, `https://example.org/~${random.below(999)}`);
  if (random.chance(0.1)) addValue(database, random, row, RELATED, 5, 'Toni');
  if (random.chance(0.3)) addAddress(database, random, row);
  if (random.chance(0.15)) {
    const profile = addValue(database, random, row, SOCIAL, 2, null);
    addEntries(database, profile, {
      username: person.email.split('@')[0] ?? '',
      service: 'mastodon',
      url: 'https://social.example',
    });
  }
  return row;
}

function addValue(
  database: Database,
  random: Random,
  row: number,
  property: number,
  label: number,
  value: string | null,
): number {
  const identifier = maximum(
    database,
    `ABMultiValue WHERE record_id = ${row} AND property = ${property}`,
    'identifier + 1',
  );
  return insert(database, 'ABMultiValue', { record_id: row, property, identifier, label, value, guid: random.uuid() });
}

function addPhone(database: Database, random: Random, row: number, label: number, number: string): void {
  const id = addValue(database, random, row, PHONE, label, number);
  insert(database, 'ABPhoneLastFour', { multivalue_id: id, value: number.slice(-4) });
}

function addAddress(database: Database, random: Random, row: number): void {
  const address = addValue(database, random, row, ADDRESS, 2, null);
  addEntries(database, address, {
    Street: `${random.pick(['Seestraße', 'Rue de l’Église', 'Calle Mayor', '坂下町'])} ${random.between(1, 120)}`,
    ZIP: random.digits(5),
    City: random.pick(['Konstanz', 'Besançon', 'Cádiz', '松山市']),
    CountryCode: random.pick(['de', 'fr', 'es', 'jp']),
  });
}

function addEntries(database: Database, parent: number, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    insert(database, 'ABMultiValueEntry', { parent_id: parent, key: ENTRY_KEYS.indexOf(name) + 1, value });
  }
}

/** The first two people are in the phone's own store as well, linked to their twins of the account. */
function linkTwins(database: Database, random: Random, people: readonly Person[], now: Date): void {
  people.slice(0, 2).forEach((person, i) => {
    const twin = addPerson(database, random, person, now, 0);
    const link = insert(database, 'ABPersonLink', {
      PreferredNamePersonID: i + 1,
      PreferredImagePersonID: i + 1,
      guid: random.uuid(),
    });
    database.prepare('UPDATE ABPerson SET PersonLink = ? WHERE ROWID IN (?, ?)').run(link, i + 1, twin);
    database.prepare('UPDATE ABPerson SET IsPreferredName = 0 WHERE ROWID = ?').run(twin);
  });
}

function addCompany(database: Database, random: Random, now: Date): void {
  const made = Math.floor(cocoaSeconds(daysBefore(now, 700)));
  const row = insert(database, 'ABPerson', {
    Organization: 'Zahnarztpraxis Müller & Söhne',
    Kind: 1,
    CreationDate: made,
    ModificationDate: made,
    StoreID: 1,
    guid: random.uuid(),
  });
  addPhone(database, random, row, 3, '+497531555010');
  addAddress(database, random, row);
}

/** Somebody with everything a card can hold, and with everything in it that has a meaning in other formats. */
function addFullCard(database: Database, library: Library): void {
  const random = library.random('full card');
  const made = Math.floor(cocoaSeconds(daysBefore(library.now, 900)));
  const row = insert(database, 'ABPerson', {
    Prefix: 'Dr.',
    First: '真理',
    Middle: 'Zoë; "Zo", x',
    Last: 'Müller-佐藤',
    Suffix: 'MSc',
    FirstPhonetic: 'まり',
    LastPhonetic: 'さとう',
    PreviousFamilyName: 'Çelik',
    Nickname: 'Mäx, the; \\back',
    Organization: 'Bäckerei <Krümel> & Co; KG',
    Department: 'Backstube, Nacht',
    JobTitle: '=Meisterin',
    Note: 'erste Zeile\nzweite; Zeile, mit \\n darin 🥨',
    // Without a year.
    Birthday: String(cocoaSeconds(new Date(Date.UTC(1604, 1, 29, 12)))),
    Kind: 0,
    CreationDate: made,
    ModificationDate: made + 60,
    StoreID: 1,
    guid: random.uuid(),
  });
  addPhone(database, random, row, 6, '+49 7531 555-0177');
  addPhone(database, random, row, 8, '07531 5550178');
  addValue(database, random, row, EMAIL, 3, 'Mari.Mueller@Example.com');
  addValue(database, random, row, DATE, 7, String(cocoaSeconds(new Date(Date.UTC(2011, 4, 7, 12)))));
  addValue(database, random, row, RELATED, 5, 'Toni "T," Müller');
  addValue(database, random, row, URL, 4, 'https://example.org/~mari?a=1,2;b');
  const messenger = addValue(database, random, row, INSTANT_MESSAGE, 2, null);
  addEntries(database, messenger, { username: 'mari müller', service: 'Skype' });
  const profile = addValue(database, random, row, SOCIAL, 2, null);
  addEntries(database, profile, { username: 'mari', service: 'mastodon', url: 'https://social.example/@mari' });
  const address = addValue(database, random, row, ADDRESS, 6, null);
  addEntries(database, address, {
    Street: 'Hintere; Gasse 3\n2. Stock, links',
    ZIP: '78462',
    City: 'Konstanz',
    Country: 'Deutschland',
    CountryCode: 'de',
  });
  const subLocality = { parent_id: address, key: ENTRY_KEYS.length + 1, value: 'Niederburg' };
  insert(database, 'ABMultiValueEntry', subLocality);
}

function addImage(database: Database, random: Random, row: number): void {
  const scene = portrait(random);
  const picture = (sizePx: number): Buffer => encodeJpeg({ widthPx: sizePx, heightPx: sizePx, scene });
  insert(database, 'ABThumbnailImage', { record_id: row, format: 0, derived_from_format: 2, data: picture(64) });
  insert(database, 'ABFullSizeImage', { record_id: row, crop_x: 0, crop_y: 0, crop_width: 320, data: picture(320) });
}

function birthday(random: Random): string {
  const year = random.chance(0.15) ? 1604 : random.between(1940, 2018);
  return String(cocoaSeconds(new Date(Date.UTC(year, random.below(12), random.between(1, 28), 12))));
}
