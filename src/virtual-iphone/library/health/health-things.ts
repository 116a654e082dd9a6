import type { Database } from '../../../database/index.ts';
import { KeyedObject } from '../../../formats/index.ts';
import { cocoaSeconds, HOUR_MS, MINUTE_MS } from '../apple-time.ts';
import { addQuantity, addSample } from './health-rows.ts';
import type { Random } from '../random.ts';
import { insert } from '../sqlite.ts';

const SYSTOLIC = 16;
const DIASTOLIC = 17;
const ACTIVE_ENERGY = 10;
const HEART_RATE = 5;
const DISTANCE = 8;
const RINGS = 76;
const WORKOUT = 79;
const BLOOD_PRESSURE = 80;
const ROUTE = 102;
const RUNNING = 37;
const DELETED = 2;
const MILLIMETRES_OF_MERCURY = 5;
const POINTS = 60;

/** What the lock screen tells rescuers. */
export const MEDICAL_ID = new KeyedObject('_HKMedicalIDData', {
  MedicalIDName: 'Ada Beispiel',
  MedicalIDAllergies: 'Erdnüsse & Katzen',
  MedicalIDBloodType: 7,
  MedicalIDIsDisabled: false,
});

/** An hour's run along the lake, paused once, with where it went. */
export function addRun(database: Database, random: Random, day: Date): void {
  const start = cocoaSeconds(day);
  const kilometres = random.between(3, 12);
  const run = addSample(database, random, WORKOUT, day, HOUR_MS);
  insert(database, 'workouts', { data_id: run, total_distance: kilometres, goal_type: 0 });
  const activity = insert(database, 'workout_activities', {
    uuid: random.bytes(16),
    owner_id: run,
    is_primary_activity: 1,
    activity_type: RUNNING,
    location_type: 3,
    swimming_location_type: 0,
    start_date: start,
    end_date: start + 3600,
    duration: 3540,
  });
  const statistic = (type: number, values: Record<string, number>): unknown =>
    insert(database, 'workout_statistics', { workout_activity_id: activity, data_type: type, ...values });
  statistic(HEART_RATE, { quantity: 2.5, min: 1.5, max: 2.9 });
  statistic(DISTANCE, { quantity: kilometres * 1000 });
  statistic(ACTIVE_ENERGY, { quantity: random.between(150, 600) });
  for (const [type, minute] of [
    [1, 20],
    [2, 21],
  ] as const) {
    insert(database, 'workout_events', { owner_id: run, date: start + minute * 60, type, duration: 0 });
  }
  addMetadata(database, run, { HKIndoorWorkout: 0, HKWeatherCondition: 'sonnig & "warm" <3' });
  addRoute(database, random, day, run);
}

function addRoute(database: Database, random: Random, day: Date, workout: number): void {
  const route = addSample(database, random, ROUTE, day, HOUR_MS);
  // Not the number of the sample: whoever joins by that one gets the points of another run.
  const series = 100_000 + route * 3;
  insert(database, 'data_series', {
    data_id: route,
    frozen: 1,
    count: POINTS,
    insertion_era: 1,
    hfd_key: series,
    series_location: 1,
  });
  for (let i = 0; i < POINTS; i++) {
    insert(database, 'location_series_data', {
      series_identifier: series,
      timestamp: cocoaSeconds(new Date(day.getTime() + i * MINUTE_MS)),
      longitude: 9.1758 + i * 0.0011,
      latitude: 47.6603 + Math.sin(i / 9) * 0.004,
      altitude: 400 + (i % 7),
      speed: 2.5 + random.below(10) / 10,
      course: (i * 6) % 360,
      horizontal_accuracy: 3,
      vertical_accuracy: 2,
      speed_accuracy: 0.3,
      course_accuracy: 4,
      signal_environment: 1,
    });
  }
  insert(database, 'associations', { destination_object_id: workout, source_object_id: route });
}

/** Two pressures, and what makes one measurement of them. */
export function addBloodPressure(database: Database, random: Random, day: Date): void {
  const whole = addSample(database, random, BLOOD_PRESSURE, day, 0);
  for (const [type, value] of [
    [SYSTOLIC, random.between(105, 140)],
    [DIASTOLIC, random.between(60, 90)],
  ] as const) {
    const part = addQuantity(database, random, day, { type, value, unit: MILLIMETRES_OF_MERCURY });
    insert(database, 'associations', { destination_object_id: whole, source_object_id: part });
    addMetadata(database, part, { HKWasUserEntered: 1 });
  }
}

export function addRings(database: Database, random: Random, day: Date): void {
  const rings = addSample(database, random, RINGS, day, 24 * HOUR_MS);
  insert(database, 'activity_caches', {
    data_id: rings,
    cache_index: Math.floor(cocoaSeconds(day) / 86_400),
    sequence: 1,
    activity_mode: 1,
    energy_burned: random.between(200, 900),
    energy_burned_goal: 500,
    brisk_minutes: random.between(5, 90),
    brisk_minutes_goal: 30,
    active_hours: random.between(4, 14),
    active_hours_goal: 12,
  });
}

/** A sample that the owner deleted: its rows are still there, for other devices to know. */
export function addDeleted(database: Database, random: Random, day: Date): void {
  const sample = addQuantity(database, random, day, { type: 3, value: 999, unit: 3 });
  database.prepare('UPDATE objects SET type = ? WHERE data_id = ?').run(DELETED, sample);
}

/** What the owner said about herself. */
export function addPerson(database: Database, now: Date): void {
  const birth = cocoaSeconds(new Date('1990-12-10T00:00:00Z'));
  for (const [key, value] of [
    ['birthdate', birth],
    ['sex', 1],
    ['blood_type', 7],
    ['fitzpatrick_skin_type', 2],
  ] as const) {
    insert(database, 'key_value_secure', {
      category: 0,
      domain: '',
      key,
      value,
      provenance: 0,
      mod_date: cocoaSeconds(now),
      sync_identity: 1,
    });
  }
}

/** Texts and numbers beside a sample. */
function addMetadata(database: Database, object: number, values: Readonly<Record<string, string | number>>): void {
  for (const [key, value] of Object.entries(values)) {
    database.prepare('INSERT OR IGNORE INTO metadata_keys (key) VALUES (?)').run(key);
    const row = database.prepare('SELECT ROWID AS n FROM metadata_keys WHERE key = ?').get(key);
    insert(database, 'metadata_values', {
      key_id: Number(row?.['n']),
      object_id: object,
      ...(typeof value === 'string'
        ? { value_type: 0, string_value: value }
        : { value_type: 1, numerical_value: value }),
    });
  }
}
