/** Health's databases, as iOS 16 and later have them: the tables that say something, as Apple declares them. */

export const SECURE_SCHEMA = `
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
CREATE TABLE workout_events (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER NOT NULL, date REAL NOT NULL, type INTEGER NOT NULL,
  duration REAL NOT NULL, metadata BLOB, session_uuid BLOB, error BLOB
);
CREATE TABLE associations (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, destination_object_id INTEGER NOT NULL, source_object_id INTEGER NOT NULL,
  type INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0, creation_date REAL
);
CREATE TABLE data_series (
  data_id INTEGER PRIMARY KEY, frozen INTEGER NOT NULL, count INTEGER NOT NULL, insertion_era INTEGER,
  hfd_key INTEGER UNIQUE NOT NULL, series_location INTEGER NOT NULL
);
CREATE TABLE location_series_data (
  series_identifier INTEGER NOT NULL, timestamp REAL NOT NULL, longitude REAL NOT NULL, latitude REAL NOT NULL,
  altitude REAL NOT NULL, speed REAL NOT NULL, course REAL NOT NULL, horizontal_accuracy REAL NOT NULL,
  vertical_accuracy REAL NOT NULL, speed_accuracy REAL NOT NULL, course_accuracy REAL NOT NULL,
  signal_environment INTEGER NOT NULL, PRIMARY KEY (series_identifier, timestamp)
) WITHOUT ROWID;
CREATE TABLE activity_caches (
  data_id INTEGER PRIMARY KEY, cache_index INTEGER, sequence INTEGER NOT NULL, activity_mode INTEGER,
  energy_burned REAL, energy_burned_goal REAL, brisk_minutes REAL, brisk_minutes_goal REAL, active_hours REAL,
  active_hours_goal REAL, steps REAL, walk_distance REAL
);
CREATE TABLE key_value_secure (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, category INTEGER NOT NULL, domain TEXT NOT NULL, key TEXT NOT NULL, value,
  provenance INTEGER NOT NULL, mod_date REAL NOT NULL, sync_identity INTEGER NOT NULL, UNIQUE (category, domain, key)
);
CREATE INDEX metadata_values_object ON metadata_values (object_id);
CREATE INDEX samples_type_start_date ON samples (data_type, start_date);
`;

export const PLAIN_SCHEMA = `
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
