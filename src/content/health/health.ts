import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, readIfPossible, type ContentDatabase } from '../source/content-database.ts';
import type { ContentItem } from '../source/content-item.ts';
import { numberOf, type Recorded } from '../source/row-values.ts';
import { Associations } from './associations.ts';
import { bucketsOf, type HealthBucket } from './buckets.ts';
import { MetadataReader } from './metadata.ts';
import { readMedicalId, readPerson, type HealthPerson } from './person.ts';
import { readProvenances, type Provenance } from './provenance.ts';
import { QUANTITY_TYPES } from './quantity-types.ts';
import { hasRoutePoints, routePoints, ROUTE_TYPE, routesOf, type RoutePoint, type WorkoutRoute } from './route.ts';
import {
  healthTypeOf,
  notDeleted,
  selectSamples,
  type HealthSample,
  type HealthType,
  type SampleContext,
} from './sample.ts';
import { workoutOf, type Workout } from './workout.ts';

const DOMAIN = 'HealthDomain';
const SECURE = [{ domain: DOMAIN, relativePath: 'Health/healthdb_secure.sqlite' }];
const PLAIN = [{ domain: DOMAIN, relativePath: 'Health/healthdb.sqlite' }];

const WORKOUT_TYPE = 79;
const SUMMARY_TYPE = 76;
/** Types that are told in a way of their own, not as records. */
const NOT_RECORDS = [SUMMARY_TYPE, WORKOUT_TYPE, ROUTE_TYPE];

export interface HealthTypeCount {
  readonly type: HealthType;
  readonly count: number;
}

/** Two pressures that are one blood pressure, what a meal was made of. */
export interface Correlation {
  readonly sample: HealthSample;
  readonly members: readonly HealthSample[];
}

/** The rings of a day. */
export interface ActivityDay {
  /** A moment of the day, for the clocks of where it was. */
  readonly at: Recorded<Date>;
  readonly timeZone: string | undefined;
  readonly energyKcal: Recorded<number>;
  readonly energyGoalKcal: Recorded<number>;
  readonly moveMinutes: Recorded<number>;
  readonly moveGoalMinutes: Recorded<number>;
  readonly exerciseMinutes: Recorded<number>;
  readonly exerciseGoalMinutes: Recorded<number>;
  readonly standHours: Recorded<number>;
  readonly standGoalHours: Recorded<number>;
}

/** What the Health app keeps. Dispose it to let go of its database. */
export class Health implements Disposable {
  readonly person: HealthPerson;
  readonly medicalId: Readonly<Record<string, unknown>> | undefined;
  /** What this version of iOS does not record, or keeps where it cannot be read. */
  readonly notAvailable: readonly string[];
  readonly #database: ContentDatabase;
  readonly #context: SampleContext;
  readonly #associations: Associations;

  constructor(database: ContentDatabase, plain: ContentDatabase | undefined, medicalId: Health['medicalId']) {
    const metadata = new MetadataReader(database);
    this.#database = database;
    this.#context = { database, provenances: readProvenances(database, plain), metadata };
    this.#associations = new Associations(database);
    this.person = readPerson(database);
    this.medicalId = medicalId;
    this.notAvailable = [
      ...(plain ? [] : ['sources']),
      ...(metadata.isAvailable ? [] : ['metadata']),
      ...(hasRoutePoints(database) ? [] : ['routes']),
      ...(this.#associations.isAvailable ? [] : ['correlations']),
    ];
  }

  /** What there is, the most first; numbers that nobody knows are kept as numbers. */
  types(): HealthTypeCount[] {
    const join = this.#database.has('objects') ? 'LEFT JOIN objects AS o ON o.data_id = s.data_id' : '';
    const sql = `SELECT s.data_type AS number, count(*) AS n FROM samples AS s ${join}
      WHERE ${notDeleted(this.#database)} GROUP BY s.data_type ORDER BY n DESC, number`;
    return this.#database
      .all(sql)
      .map((row) => ({ type: healthTypeOf(numberOf(row['number']) ?? -1), count: Number(row['n']) }));
  }

  /** Samples of one type, in time. */
  samples(type: HealthType): Generator<HealthSample, undefined> {
    const [where, parameters] = type.number < 0 ? ['s.data_type IS NULL', []] : ['s.data_type = ?', [type.number]];
    return selectSamples(this.#context, where, parameters);
  }

  /** Samples of one type added up by quarters of hours and by who measured them, in time. */
  buckets(type: HealthType): Generator<HealthBucket, undefined> {
    return bucketsOf(this.#database, type);
  }

  /** The unit in which samples of a type are told; undefined where nobody knows it. */
  unitOf(type: HealthType): string | undefined {
    return QUANTITY_TYPES[type.number]?.unit;
  }

  /** Who measured a sample or a bucket of them. */
  provenance(number: number): Provenance | undefined {
    return this.#context.provenances.get(number);
  }

  /** All samples that are records: type by type, in time within each. */
  *records(): Generator<HealthSample, undefined> {
    for (const { type } of this.types()) if (!NOT_RECORDS.includes(type.number)) yield* this.samples(type);
  }

  *workouts(): Generator<Workout, undefined> {
    if (!this.#database.has('workouts', 'data_id')) return;
    for (const sample of this.samples(healthTypeOf(WORKOUT_TYPE))) yield workoutOf(this.#database, sample);
  }

  routes(): WorkoutRoute[] {
    return routesOf(this.#database, this.samples(healthTypeOf(ROUTE_TYPE)), this.#associations);
  }

  pointsOf(route: WorkoutRoute): Generator<RoutePoint, undefined> {
    return routePoints(this.#database, route);
  }

  /** Correlations of one type (blood pressure, food) with their members. */
  *correlations(type: HealthType): Generator<Correlation, undefined> {
    const children = new Map<number, number[]>();
    for (const { parent, child } of this.#associations.pairsOf(type.number)) {
      children.set(parent, [...(children.get(parent) ?? []), child]);
    }
    for (const sample of this.samples(type)) {
      const members = (children.get(sample.object) ?? []).flatMap((child) => [
        ...selectSamples(this.#context, 's.data_id = ?', [child]),
      ]);
      yield { sample, members };
    }
  }

  *activityDays(): Generator<ActivityDay, undefined> {
    const table = 'activity_caches';
    if (!this.#database.has(table, 'data_id')) return;
    for (const sample of this.samples(healthTypeOf(SUMMARY_TYPE))) {
      const row = this.#database.get(`SELECT * FROM ${table} WHERE data_id = ?`, sample.object);
      if (row === undefined) continue;
      yield {
        at: sample.startAt,
        timeZone: sample.provenance?.timeZone,
        energyKcal: numberOf(row['energy_burned']),
        energyGoalKcal: numberOf(row['energy_burned_goal']),
        moveMinutes: numberOf(row['move_minutes']),
        moveGoalMinutes: numberOf(row['move_minutes_goal']),
        exerciseMinutes: numberOf(row['brisk_minutes']),
        exerciseGoalMinutes: numberOf(row['brisk_minutes_goal']),
        standHours: numberOf(row['active_hours']),
        standGoalHours: numberOf(row['active_hours_goal']),
      };
    }
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }
}

/**
 * Opens what the Health app keeps. Only backups with a password have it.
 *
 * @returns undefined when the backup has none.
 * @throws {FormatError} when its database is damaged, or laid out in a way that is not known.
 */
export async function openHealth(backup: Backup): Promise<Health | undefined> {
  const database = await openContentDatabase(backup, SECURE);
  if (database === undefined) return undefined;
  try {
    database.require('samples', 'data_id', 'start_date', 'data_type');
    using plain = await readIfPossible(backup, 'healthdb.sqlite', () => openContentDatabase(backup, PLAIN));
    return new Health(database, plain, await readMedicalId(backup));
  } catch (error) {
    database[Symbol.dispose]();
    throw error;
  }
}

/** For searching and comparing: workouts. Samples are numbers by the million, which nobody searches by words. */
export function* healthItems(health: Health): Generator<ContentItem, undefined> {
  for (const { sample, activity, distanceKm, durationSeconds } of health.workouts()) {
    const minutes = typeof durationSeconds === 'number' ? `${Math.round(durationSeconds / 60)} min` : '';
    const distance = distanceKm === undefined ? '' : `${distanceKm.toFixed(2)} km`;
    yield {
      kind: 'health',
      key: sample.uuid ?? `workout:${sample.startAt?.toISOString() ?? sample.object}`,
      at: sample.startAt ?? undefined,
      title: activity.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' '),
      text: [activity, minutes, distance, sample.provenance?.source?.name].filter(Boolean).join('\n'),
    };
  }
}
