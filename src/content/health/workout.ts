import type { Row } from '../../database/index.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { cocoaDateOf, numberOf, type Recorded } from '../source/row-values.ts';
import { activityName, workoutEventName } from './activity-types.ts';
import { addsUp, QUANTITY_TYPES } from './quantity-types.ts';
import { healthTypeOf, scaled, type HealthSample, type HealthType } from './sample.ts';

export interface WorkoutEvent {
  /** "Pause"; "Event 12" for a number without a name. */
  readonly name: string;
  readonly at: Recorded<Date>;
  readonly durationSeconds: Recorded<number>;
}

/** The sum of a quantity over a workout, or its average, least and most. */
export interface WorkoutStatistic {
  readonly type: HealthType;
  readonly unit: string | undefined;
  readonly sum: number | undefined;
  readonly average: number | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}

/** A part of a workout, since iOS 16: a triathlon has several. */
export interface WorkoutPart {
  readonly activityType: Recorded<number>;
  readonly activity: string;
  readonly startAt: Recorded<Date>;
  readonly endAt: Recorded<Date>;
  readonly durationSeconds: Recorded<number>;
  readonly isPrimary: boolean;
  readonly isIndoor: boolean | undefined;
}

export interface Workout {
  readonly sample: HealthSample;
  readonly activityType: Recorded<number>;
  /** "Running"; "Activity 99" for a number without a name. */
  readonly activity: string;
  readonly durationSeconds: Recorded<number>;
  readonly distanceKm: number | undefined;
  readonly energyKcal: number | undefined;
  readonly basalEnergyKcal: number | undefined;
  readonly isIndoor: boolean | undefined;
  readonly parts: readonly WorkoutPart[];
  readonly events: readonly WorkoutEvent[];
  readonly statistics: readonly WorkoutStatistic[];
}

const DISTANCE = /^Distance/;

/** A workout from its sample: until iOS 15 one row has everything, since then it lies in rows of its parts. */
export function workoutOf(database: ContentDatabase, sample: HealthSample): Workout {
  const row = database.get('SELECT * FROM workouts WHERE data_id = ?', sample.object) ?? {};
  const parts = partsOf(database, sample.object);
  const primary = parts.find(({ isPrimary }) => isPrimary) ?? parts[0];
  const statistics = statisticsOf(database, sample.object);
  const sumOf = (name: RegExp): number | undefined => statistics.find(({ type }) => name.test(type.name))?.sum;
  const activityType = numberOf(row['activity_type']) ?? primary?.activityType;
  return {
    sample,
    activityType,
    activity: nameOf(activityType),
    durationSeconds: numberOf(row['duration']) ?? primary?.durationSeconds,
    distanceKm: numberOf(row['total_distance']) ?? sumOf(DISTANCE),
    energyKcal: numberOf(row['total_energy_burned']) ?? sumOf(/^ActiveEnergyBurned$/),
    basalEnergyKcal: numberOf(row['total_basal_energy_burned']) ?? sumOf(/^BasalEnergyBurned$/),
    isIndoor: primary?.isIndoor,
    parts: parts.map(({ row: _row, ...part }) => part),
    events: eventsOf(database, sample.object),
    statistics,
  };
}

const nameOf = (activityType: Recorded<number>): string =>
  activityName(activityType ?? -1) ??
  (activityType === undefined || activityType === null ? 'Workout' : `Activity ${activityType}`);

const PARTS = 'workout_activities';

function partsOf(database: ContentDatabase, workout: number): (WorkoutPart & { row: number })[] {
  if (!database.has(PARTS, 'owner_id')) return [];
  const columns = database.select(PARTS, 'p', [
    'activity_type',
    'start_date',
    'end_date',
    'duration',
    'is_primary_activity',
    'location_type',
  ]);
  const sql = `SELECT p.rowid AS n, ${columns} FROM ${PARTS} AS p WHERE p.owner_id = ? ORDER BY p.rowid`;
  return database.all(sql, workout).map((row) => {
    const activityType = numberOf(row['activity_type']);
    // HKWorkoutSessionLocationType: 1 unknown, 2 indoor, 3 outdoor.
    const location = numberOf(row['location_type']);
    return {
      row: Number(row['n']),
      activityType,
      activity: nameOf(activityType),
      startAt: cocoaDateOf(row['start_date']),
      endAt: cocoaDateOf(row['end_date']),
      durationSeconds: numberOf(row['duration']),
      isPrimary: numberOf(row['is_primary_activity']) === 1,
      isIndoor: location === 2 ? true : location === 3 ? false : undefined,
    };
  });
}

function statisticsOf(database: ContentDatabase, workout: number): WorkoutStatistic[] {
  const table = 'workout_statistics';
  if (!database.has(table, 'workout_activity_id') || !database.has(PARTS, 'owner_id')) return [];
  const columns = database.select(table, 't', ['data_type', 'quantity', 'min', 'max']);
  const isPrimary = database.has(PARTS, 'is_primary_activity') ? 'p.is_primary_activity = 1' : 'TRUE';
  const sql = `SELECT ${columns} FROM ${table} AS t JOIN ${PARTS} AS p ON p.rowid = t.workout_activity_id
    WHERE p.owner_id = ? AND ${isPrimary} ORDER BY t.data_type`;
  return database.all(sql, workout).map(statisticOf);
}

function statisticOf(row: Row): WorkoutStatistic {
  const number = numberOf(row['data_type']) ?? -1;
  const known = QUANTITY_TYPES[number];
  const inUnit = (name: string): number | undefined => {
    const value = numberOf(row[name]);
    return value === null || value === undefined ? undefined : scaled(value, known?.factor);
  };
  const isSum = known !== undefined && addsUp(known.name);
  return {
    type: healthTypeOf(number),
    unit: known?.unit,
    sum: isSum ? inUnit('quantity') : undefined,
    average: isSum ? undefined : inUnit('quantity'),
    minimum: isSum ? undefined : inUnit('min'),
    maximum: isSum ? undefined : inUnit('max'),
  };
}

function eventsOf(database: ContentDatabase, workout: number): WorkoutEvent[] {
  const table = 'workout_events';
  if (!database.has(table, 'owner_id')) return [];
  const columns = database.select(table, 'e', ['date', 'type', 'duration']);
  const rows = database.all(`SELECT ${columns} FROM ${table} AS e WHERE e.owner_id = ? ORDER BY e.rowid`, workout);
  return rows.map((row) => {
    const type = numberOf(row['type']) ?? -1;
    return {
      name: workoutEventName(type) ?? `Event ${type}`,
      at: cocoaDateOf(row['date']),
      durationSeconds: numberOf(row['duration']),
    };
  });
}
