import type { Database } from '../../database/index.ts';
import { cocoaSeconds, daysBefore, HOUR_MS } from './apple-time.ts';
import { rewrite, type Library } from './library.ts';
import type { Random } from './random.ts';
import { editDatabase, insert, makeDatabase } from './sqlite.ts';

const DOMAIN = 'HealthDomain';
const SECURE_PATH = 'Health/healthdb_secure.sqlite';

/** Numbers of kinds of samples. */
const HEIGHT = 2;
const WEIGHT = 3;
const HEART_RATE = 5;
const STEPS = 7;
const SLEEP = 63;
const WORKOUT = 79;

const SECURE_SCHEMA = `
PRAGMA user_version = 19005;
CREATE TABLE objects (
  data_id INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB UNIQUE, provenance INTEGER NOT NULL, type INTEGER,
  creation_date REAL
);
CREATE TABLE data_provenances (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, sync_provenance INTEGER NOT NULL, origin_product_type TEXT NOT NULL,
  origin_build TEXT NOT NULL, local_product_type TEXT NOT NULL, local_build TEXT NOT NULL, source_id INTEGER NOT NULL,
  device_id INTEGER NOT NULL, contributor_id INTEGER NOT NULL, source_version TEXT NOT NULL, tz_name TEXT NOT NULL,
  origin_major_version INTEGER NOT NULL, origin_minor_version INTEGER NOT NULL, origin_patch_version INTEGER NOT NULL
);
CREATE TABLE samples (
  data_id INTEGER PRIMARY KEY, start_date REAL, end_date REAL, data_type INTEGER
);
CREATE TABLE quantity_samples (
  data_id INTEGER PRIMARY KEY, quantity REAL, original_quantity REAL, original_unit INTEGER REFERENCES unit_strings (ROWID)
);
CREATE TABLE category_samples (data_id INTEGER PRIMARY KEY, value INTEGER);
CREATE TABLE unit_strings (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, unit_string TEXT UNIQUE);
CREATE TABLE workouts (
  data_id INTEGER PRIMARY KEY, total_distance REAL, goal_type INTEGER, goal REAL, condenser_version INTEGER,
  condenser_date REAL
);
CREATE TABLE workout_activities (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB UNIQUE NOT NULL, owner_id INTEGER NOT NULL,
  is_primary_activity INTEGER NOT NULL, activity_type INTEGER NOT NULL, location_type INTEGER NOT NULL,
  swimming_location_type INTEGER NOT NULL, lap_length BLOB, start_date REAL NOT NULL, end_date REAL,
  duration REAL NOT NULL, metadata BLOB
);
CREATE TABLE workout_statistics (
  workout_activity_id INTEGER NOT NULL, data_type INTEGER NOT NULL, quantity REAL, min REAL, max REAL,
  PRIMARY KEY (workout_activity_id, data_type)
);
CREATE TABLE metadata_keys (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE);
CREATE TABLE metadata_values (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, key_id INTEGER, object_id INTEGER, value_type INTEGER NOT NULL DEFAULT 0,
  string_value TEXT, numerical_value REAL, date_value REAL, data_value BLOB
);
CREATE INDEX samples_type_start_date ON samples (data_type, start_date);
`;

const PLAIN_SCHEMA = `
CREATE TABLE sources (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB UNIQUE NOT NULL, bundle_id TEXT NOT NULL, name TEXT NOT NULL,
  source_options INTEGER NOT NULL, local_device INTEGER NOT NULL, product_type TEXT NOT NULL, deleted INTEGER NOT NULL,
  mod_date REAL NOT NULL, provenance INTEGER NOT NULL, sync_anchor INTEGER NOT NULL
);
CREATE TABLE source_devices (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB UNIQUE NOT NULL, name TEXT NOT NULL, manufacturer TEXT NOT NULL,
  model TEXT NOT NULL, hardware TEXT NOT NULL, firmware TEXT NOT NULL, software TEXT NOT NULL,
  localIdentifier TEXT NOT NULL, FDAUDI TEXT NOT NULL, creation_date REAL NOT NULL, sync_provenance INTEGER NOT NULL
);
`;

/** Health's two databases: who measured, and what was measured. Only backups with a password contain them. */
export function fillHealth(library: Library): void {
  const { disk, now, amounts, owner } = library;
  const random = library.random('health');
  const secure = makeDatabase(SECURE_SCHEMA, (database) => {
    insert(database, 'data_provenances', {
      sync_provenance: 0,
      origin_product_type: 'iPhone14,5',
      origin_build: '22F76',
      local_product_type: 'iPhone14,5',
      local_build: '22F76',
      source_id: 1,
      device_id: 1,
      contributor_id: 1,
      source_version: owner.iosVersion,
      tz_name: owner.timeZone,
      origin_major_version: 18,
      origin_minor_version: 5,
      origin_patch_version: 0,
    });
    for (const unit of ['count', 'count/min', 'kg', 'cm']) insert(database, 'unit_strings', { unit_string: unit });
    addQuantity(database, random, daysBefore(now, amounts.healthDays), { type: HEIGHT, value: 1.71, unit: 4 });
    for (let day = amounts.healthDays; day > 0; day--) addDay(database, random, daysBefore(now, day));
  });
  const modifiedAt = now;
  disk.writeFile(DOMAIN, SECURE_PATH, secure, { modifiedAt, protectionClass: 1 });
  const plain = makeDatabase(PLAIN_SCHEMA, (database) => {
    const common = { uuid: random.bytes(16), sync_provenance: 0 };
    insert(database, 'sources', {
      uuid: random.bytes(16),
      bundle_id: 'com.apple.health.5D1C3C5E',
      name: 'Ada’s iPhone',
      source_options: 5,
      local_device: 1,
      product_type: 'iPhone14,5',
      deleted: 0,
      mod_date: cocoaSeconds(now),
      provenance: 0,
      sync_anchor: 1,
    });
    insert(database, 'source_devices', {
      ...common,
      name: 'iPhone',
      manufacturer: 'Apple Inc.',
      model: 'iPhone',
      hardware: 'iPhone14,5',
      firmware: '',
      software: owner.iosVersion,
      localIdentifier: '',
      FDAUDI: '',
      creation_date: cocoaSeconds(daysBefore(now, 900)),
    });
  });
  disk.writeFile(DOMAIN, 'Health/healthdb.sqlite', plain, { modifiedAt, protectionClass: 1 });
}

export function changeHealth(library: Library): void {
  const { now } = library;
  const random = library.random('health');
  rewrite(library, DOMAIN, SECURE_PATH, (bytes) =>
    editDatabase(bytes, (database) => addDay(database, random, daysBefore(now, 1))),
  );
}

/** Steps and pulse through the day, sleep at night, the scales in the morning, a run at times. */
function addDay(database: Database, random: Random, day: Date): void {
  for (let hour = 7; hour < 22; hour += random.between(1, 3)) {
    const at = new Date(day.getTime() + hour * HOUR_MS);
    addQuantity(database, random, at, { type: STEPS, value: random.between(40, 1800), unit: 1 });
    addQuantity(database, random, at, { type: HEART_RATE, value: random.between(52, 130) / 60, unit: 2 });
  }
  if (random.chance(0.2))
    addQuantity(database, random, day, { type: WEIGHT, value: 64 + random.below(30) / 10, unit: 3 });
  const night = addSample(database, random, SLEEP, day, 7.5 * HOUR_MS);
  insert(database, 'category_samples', { data_id: night, value: 1 });
  if (!random.chance(0.15)) return;
  const run = addSample(database, random, WORKOUT, day, HOUR_MS);
  insert(database, 'workouts', { data_id: run, total_distance: random.between(3, 12), goal_type: 0 });
  const activity = insert(database, 'workout_activities', {
    uuid: random.bytes(16),
    owner_id: run,
    is_primary_activity: 1,
    activity_type: 37,
    location_type: 3,
    swimming_location_type: 0,
    start_date: cocoaSeconds(day),
    end_date: cocoaSeconds(day) + 3600,
    duration: 3600,
  });
  insert(database, 'workout_statistics', {
    workout_activity_id: activity,
    data_type: 10,
    quantity: random.between(150, 600),
  });
}

function addQuantity(
  database: Database,
  random: Random,
  at: Date,
  { type, value, unit }: { readonly type: number; readonly value: number; readonly unit: number },
): void {
  const sample = addSample(database, random, type, at, type === STEPS ? 600_000 : 0);
  insert(database, 'quantity_samples', {
    data_id: sample,
    quantity: value,
    original_quantity: value,
    original_unit: unit,
  });
}

function addSample(database: Database, random: Random, type: number, at: Date, lengthMs: number): number {
  const start = cocoaSeconds(at);
  const id = insert(database, 'objects', { uuid: random.bytes(16), provenance: 1, type: 1, creation_date: start + 1 });
  insert(database, 'samples', { data_id: id, start_date: start, end_date: start + lengthMs / 1000, data_type: type });
  return id;
}
