import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeKeyedArchive, KeyedObject } from '../../formats/index.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { activityName } from './activity-types.ts';
import { categoryValueName } from './category-types.ts';
import { openHealth, type Health } from './health.ts';
import { healthTypeOf } from './sample.ts';

/** As iOS 12 has it: a workout is one row, no locations, no metadata, no units. */
const OLD = `
  CREATE TABLE objects (data_id INTEGER PRIMARY KEY, uuid BLOB, provenance INTEGER, type INTEGER, creation_date REAL);
  CREATE TABLE data_provenances (ROWID INTEGER PRIMARY KEY, source_id INTEGER, device_id INTEGER, tz_name TEXT);
  CREATE TABLE samples (data_id INTEGER PRIMARY KEY, start_date REAL, end_date REAL, data_type INTEGER);
  CREATE TABLE quantity_samples (data_id INTEGER PRIMARY KEY, quantity REAL);
  CREATE TABLE category_samples (data_id INTEGER PRIMARY KEY, value INTEGER);
  CREATE TABLE workouts (data_id INTEGER PRIMARY KEY, duration REAL, total_energy_burned REAL, total_distance REAL, activity_type INTEGER);
  CREATE TABLE workout_events (owner_id INTEGER, date REAL, type INTEGER, duration REAL);
  INSERT INTO data_provenances VALUES (1, 7, 9, 'Europe/Berlin');
  INSERT INTO objects VALUES (1, X'00112233445566778899AABBCCDDEEFF', 1, 1, 500000001), (2, X'02', 1, 1, 5e8), (3, X'03', 1, 2, 5e8), (4, X'04', 1, 1, 5e8), (5, X'05', 1, 1, 5e8);
  INSERT INTO samples VALUES (1, 5e8, 500000060, 7), (2, 5e8, 500001800, 79), (3, 5e8, 5e8, 7), (4, 5e8, 500028800, 63), (5, 5e8, 5e8, 999);
  INSERT INTO quantity_samples VALUES (1, 120), (3, 7), (5, 1.5);
  INSERT INTO category_samples VALUES (4, 5);
  INSERT INTO workouts VALUES (2, 1800, 250, 6.2, 13);
  INSERT INTO workout_events VALUES (2, 500000900, 1, 0), (2, 500000960, 77, 5);
`;

describe('Health of iOS 12', () => {
  test('is read with what it has, and says what it lacks', async () => {
    using health = await opened(OLD);
    assert.deepEqual(health.notAvailable, ['sources', 'metadata', 'routes', 'correlations']);
    const [steps] = health.samples(healthTypeOf(7));
    assert.equal(steps?.uuid, '00112233-4455-6677-8899-AABBCCDDEEFF');
    assert.deepEqual([steps.value, steps.unit, steps.endAt?.toISOString()], [120, 'count', '2016-11-05T00:54:20.000Z']);
    assert.equal(steps.provenance?.timeZone, 'Europe/Berlin');
    assert.equal(steps.metadata, undefined);
    assert.equal([...health.samples(healthTypeOf(7))].length, 1, 'a deleted one is left out');
    assert.equal([...health.samples(healthTypeOf(63))][0]?.categoryName, 'HKCategoryValueSleepAnalysisAsleepREM');
  });

  test('has its workouts in one row', async () => {
    using health = await opened(OLD);
    const [workout] = health.workouts();
    assert.deepEqual(
      [workout?.activity, workout?.durationSeconds, workout?.distanceKm, workout?.energyKcal],
      ['Cycling', 1800, 6.2, 250],
    );
    assert.deepEqual(
      workout?.events.map(({ name }) => name),
      ['Pause', 'Event 77'],
    );
    assert.deepEqual(health.routes(), []);
  });

  test('keeps types that nobody knows under their numbers', async () => {
    using health = await opened(OLD);
    const unknown = health.types().find(({ type }) => type.kind === 'unknown');
    assert.deepEqual([unknown?.type.name, unknown?.count], ['Type 999', 1]);
    const [sample] = unknown ? health.samples(unknown.type) : [];
    assert.deepEqual([sample?.value, sample?.unit], [1.5, undefined]);
  });
});

describe('a quantity', () => {
  const units = `
    CREATE TABLE samples (data_id INTEGER PRIMARY KEY, start_date REAL, end_date REAL, data_type INTEGER);
    CREATE TABLE quantity_samples (data_id INTEGER PRIMARY KEY, quantity REAL, original_quantity REAL, original_unit INTEGER);
    CREATE TABLE unit_strings (ROWID INTEGER PRIMARY KEY, unit_string TEXT);
    INSERT INTO unit_strings VALUES (1, 'mg'), (2, 'mi');
    INSERT INTO samples VALUES (1, 5e8, 5e8, 5), (2, 5e8, 5e8, 38), (3, 5e8, 5e8, 8), (4, 5e8, 5e8, 39);
    INSERT INTO quantity_samples VALUES (1, 1.2, 72, NULL), (2, 0.5, 500, 1), (3, 5000, 3.1, 2), (4, 0.02, NULL, NULL);`;

  test('is shown in the unit people use, else as it was measured, else without a unit', async () => {
    using health = await opened(units);
    const shown = new Map([...health.records()].map(({ type, value, unit }) => [type.name, [value, unit]]));
    assert.deepEqual(shown.get('HeartRate'), [72, 'count/min']);
    assert.deepEqual(shown.get('DistanceWalkingRunning'), [5, 'km']);
    assert.deepEqual(shown.get('DietaryCalcium'), [500, 'mg']);
    assert.deepEqual(shown.get('DietaryIron'), [0.02, undefined]);
  });
});

test('metadata is found with and without an index', async () => {
  const sql = `
    CREATE TABLE samples (data_id INTEGER PRIMARY KEY, start_date REAL, end_date REAL, data_type INTEGER);
    CREATE TABLE metadata_keys (ROWID INTEGER PRIMARY KEY, key TEXT);
    CREATE TABLE metadata_values (key_id INTEGER, object_id INTEGER, value_type INTEGER, string_value TEXT, numerical_value REAL, date_value REAL, data_value BLOB);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) INSERT INTO samples SELECT i, i, i, 7 FROM n;
    INSERT INTO metadata_keys VALUES (1, 'HKTimeZone'), (2, '__proto__'), (3, 'HKElevationAscended'), (4, 'when');
    INSERT INTO metadata_values VALUES (1, 599, 0, 'Europe/Berlin', NULL, NULL, NULL), (2, 599, 1, NULL, 4, NULL, NULL), (3, 599, 3, 'cm', 1163, NULL, NULL), (4, 2, 2, NULL, NULL, 0, NULL), (9, 2, 0, 'lost', NULL, NULL, NULL);`;
  for (const index of ['', 'CREATE INDEX i ON metadata_values (object_id);']) {
    using health = await opened(sql + index);
    const samples = [...health.records()];
    assert.equal(samples.length, 600);
    assert.deepEqual(Object.entries(samples[598]?.metadata ?? {}), [
      ['HKTimeZone', 'Europe/Berlin'],
      ['__proto__', 4],
      ['HKElevationAscended', { value: 1163, unit: 'cm' }],
    ]);
    assert.deepEqual(samples[1]?.metadata, { when: new Date('2001-01-01T00:00:00Z') });
    assert.equal(samples[0]?.metadata, undefined);
  }
});

test('a birthday is read however it is kept', async () => {
  const archived = encodeKeyedArchive(
    new KeyedObject('NSDateComponents', { 'NS.year': 1980, 'NS.month': 2, 'NS.day': 29 }),
  );
  for (const [stored, expected] of [
    [`X'${archived.toString('hex')}'`, '1980-02-29'],
    ['-660441600', '1980-01-28'],
    ['-660445200', '1980-01-28'],
    ['-660423600', '1980-01-28'],
    ["'1980-02-29'", '1980-02-29'],
    ["X'00'", undefined],
    ['NULL', undefined],
  ] as const) {
    using health = await opened(`
      CREATE TABLE samples (data_id INTEGER PRIMARY KEY, start_date REAL, end_date REAL, data_type INTEGER);
      CREATE TABLE key_value_secure (key TEXT, value);
      INSERT INTO key_value_secure VALUES ('birthdate', ${stored});`);
    assert.equal(health.person.birthDate, expected);
  }
});

test('a layout that is not known is refused in words', async () => {
  await assert.rejects(opened('CREATE TABLE something (x)'), /has no samples/);
  assert.equal(await openHealth(memoryBackup({})), undefined);
});

test('numbers have the names Apple gives them', () => {
  assert.deepEqual([1, 37, 52, 80, 82, 3000].map(activityName), [
    'AmericanFootball',
    'Running',
    'Walking',
    'Cooldown',
    'SwimBikeRun',
    'Other',
  ]);
  assert.equal(activityName(81), undefined);
  assert.equal(categoryValueName(160, 2), 'HKCategoryValueSeverityMild');
  assert.equal(categoryValueName(99, 0), 'HKCategoryValueNotApplicable');
  assert.equal(categoryValueName(63, 42), '42');
  assert.equal(healthTypeOf(79).identifier, 'HKWorkoutTypeIdentifier');
});

async function opened(sql: string): Promise<Health> {
  const health = await openHealth(memoryBackup({ 'HealthDomain:Health/healthdb_secure.sqlite': databaseBytes(sql) }));
  assert.ok(health);
  return health;
}
