import type {
  HealthOverview,
  HealthSeries,
  HealthType as ToldType,
  PageQuery,
  Workouts,
} from '../../../contract/index.ts';
import { healthTellingOf, type Health, type HealthTypeCount, type Workout } from '../../../content/index.ts';
import { forEachInSlices } from '../../../shared/flow/in-slices.ts';
import { healthIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, isoOf, orNone, pageFrom } from '../values.ts';
import { zoneOf } from '../zone.ts';
import { HealthSpans } from './health-spans.ts';

/** What was measured, the most first. */
export async function readHealth(unlocked: Unlocked): Promise<HealthOverview> {
  const health = demandKind(await healthIn(unlocked), 'data of Health');
  const types = await typesIn(unlocked, health);
  const { birthDate, sex, bloodType } = health.person;
  return {
    types: types.filter(({ type }) => !NOT_MEASURED.has(type.number)).map((each) => tellType(health, each)),
    workouts: types.find(({ type }) => type.number === WORKOUT)?.count ?? 0,
    person: { birthDate, sex, bloodType },
  };
}

const WORKOUT = 79;
/** Workouts, their routes and the rings of days are no measurements. */
const NOT_MEASURED = new Set([WORKOUT, 76, 102]);

const typesIn = (unlocked: Unlocked, health: Health): Promise<HealthTypeCount[]> =>
  unlocked.once('health types', () => Promise.resolve(health.types()));

function tellType(health: Health, { type, count }: HealthTypeCount): ToldType {
  const { number, name, kind } = type;
  const told = healthTellingOf(type);
  const unit = told === 'minutes' ? 'min' : kind === 'quantity' ? health.unitOf(type) : undefined;
  return { id: number, name, kind, unit, told, samples: count };
}

export interface SeriesQuery {
  readonly by: 'day' | 'week' | 'month';
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly timeZone?: string | undefined;
}

const MAX_POINTS = 1000;

/** What a chart shows: one value for each day, week or month. @throws {AppError} CONTENT_NOT_FOUND, USAGE */
export async function readHealthSeries(unlocked: Unlocked, id: number, query: SeriesQuery): Promise<HealthSeries> {
  const health = demandKind(await healthIn(unlocked), 'data of Health');
  const found = (await typesIn(unlocked, health)).find(({ type }) => type.number === id);
  const { type, count } = demandItem(found, 'kind of measurement');
  const zone = zoneOf(query.timeZone);
  const spans = await unlocked.once(`health ${id} ${zone}`, async () => {
    const days = new HealthSpans(healthTellingOf(type), zone);
    await forEachInSlices(
      health.buckets(type),
      (bucket) => days.add(bucket, sourceOf(health, bucket.provenance)),
      unlocked.signal,
    );
    return days;
  });
  const points = spans.points(query);
  return {
    type: tellType(health, { type, count }),
    by: query.by,
    points: points.slice(-MAX_POINTS),
    first: isoOf(spans.first),
    last: isoOf(spans.last),
    isCut: points.length > MAX_POINTS,
    bySource: spans.hasSeveralSources,
  };
}

/** Two samples are of one source when the same app on the same kind of device wrote them. */
function sourceOf(health: Health, provenance: number): string {
  const { source, productType } = health.provenance(provenance) ?? {};
  return `${source?.bundleId ?? source?.name ?? ''} ${source?.productType ?? productType ?? ''}`;
}

/** Newest first. */
export async function listWorkouts(unlocked: Unlocked, query: PageQuery): Promise<Workouts> {
  const health = demandKind(await healthIn(unlocked), 'data of Health');
  const workouts = await unlocked.once('workouts', () => Promise.resolve([...health.workouts()].toReversed()));
  return pageFrom(workouts, query, (workout: Workout, i) => ({
    id: workout.sample.uuid ?? `workout ${i}`,
    activity: workout.activity,
    at: isoOf(workout.sample.startAt),
    endAt: isoOf(workout.sample.endAt),
    durationSeconds: orNone(workout.durationSeconds),
    distanceKm: workout.distanceKm,
    energyKcal: workout.energyKcal,
    isIndoor: workout.isIndoor,
    source: workout.sample.provenance?.source?.name,
  }));
}
