import type { ContentDatabase } from '../source/content-database.ts';
import { cocoaDateOf, numberOf, type Recorded } from '../source/row-values.ts';
import type { Associations } from './associations.ts';
import type { HealthSample } from './sample.ts';

export interface RoutePoint {
  readonly at: Recorded<Date>;
  readonly latitude: number;
  readonly longitude: number;
  readonly altitudeMeters: Recorded<number>;
  /** Metres a second. */
  readonly speed: Recorded<number>;
  readonly courseDegrees: Recorded<number>;
  readonly horizontalAccuracyMeters: Recorded<number>;
  readonly verticalAccuracyMeters: Recorded<number>;
}

/** Where somebody went during a workout. */
export interface WorkoutRoute {
  readonly sample: HealthSample;
  /** The workout it belongs to, by its object number; undefined when nothing says it. */
  readonly workout: number | undefined;
  readonly pointCount: Recorded<number>;
}

export const ROUTE_TYPE = 102;
const WORKOUT_TYPE = 79;
const SERIES = 'data_series';
const POINTS = 'location_series_data';

/** Older releases keep the points in files of their own, `healthdb_secure.hfd`, whose layout is not known. */
export const hasRoutePoints = (database: ContentDatabase): boolean =>
  database.has(SERIES, 'hfd_key') && database.has(POINTS, 'series_identifier') && database.has(POINTS, 'latitude');

export function routesOf(
  database: ContentDatabase,
  samples: Iterable<HealthSample>,
  associations: Associations,
): WorkoutRoute[] {
  const workouts = new Map(associations.pairsOf(WORKOUT_TYPE).map(({ parent, child }) => [child, parent]));
  const hasCount = database.has(SERIES, 'count');
  return Array.from(samples, (sample) => {
    const row = hasCount
      ? database.get(`SELECT "count" AS n FROM ${SERIES} WHERE data_id = ?`, sample.object)
      : undefined;
    return {
      sample,
      workout: workouts.get(sample.object),
      pointCount: hasCount ? numberOf(row?.['n'] ?? null) : undefined,
    };
  });
}

/** The points of a route, in time. They go by a key of the series, which is not the number of its sample. */
export function* routePoints(database: ContentDatabase, { sample }: WorkoutRoute): Generator<RoutePoint, undefined> {
  if (!hasRoutePoints(database)) return;
  const columns = database.select(POINTS, 'l', [
    'timestamp',
    'latitude',
    'longitude',
    'altitude',
    'speed',
    'course',
    'horizontal_accuracy',
    'vertical_accuracy',
  ]);
  const sql = `SELECT ${columns} FROM ${POINTS} AS l JOIN ${SERIES} AS d ON d.hfd_key = l.series_identifier
    WHERE d.data_id = ? ORDER BY l.timestamp`;
  for (const row of database.rows(sql, [sample.object])) {
    const [latitude, longitude] = [numberOf(row['latitude']), numberOf(row['longitude'])];
    if (typeof latitude !== 'number' || typeof longitude !== 'number') continue;
    if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) continue;
    yield {
      at: cocoaDateOf(row['timestamp']),
      latitude,
      longitude,
      altitudeMeters: numberOf(row['altitude']),
      speed: numberOf(row['speed']),
      courseDegrees: numberOf(row['course']),
      horizontalAccuracyMeters: numberOf(row['horizontal_accuracy']),
      verticalAccuracyMeters: numberOf(row['vertical_accuracy']),
    };
  }
}
