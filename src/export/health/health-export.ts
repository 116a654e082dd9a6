import { openHealth, type Health, type HealthSample, type Workout } from '../../content/index.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv, type CsvValue } from '../text/csv.ts';
import { jsonArray, jsonText } from '../text/json.ts';
import { isWithin } from '../text/times.ts';
import { exportXml, metadataText, moment, type RouteFile } from './export-xml.ts';
import { gpx } from './gpx.ts';
import { Moments } from './moments.ts';

const PROGRESS_EVERY = 10_000;

/** Health: as Apple's own export, as a table for every type, as data; routes as GPX beside each. */
export const healthExport: ContentExport = {
  kind: 'health',
  title: 'Health',
  formats: ['xml', 'csv', 'json', 'gpx'],
  async run(request: ExportRequest): Promise<ExportSummary | undefined> {
    using health = await openHealth(request.backup);
    if (health === undefined) return undefined;
    const run = new Run(health, request);
    await run.write();
    return { items: run.taken, notes: run.notes() };
  },
};

class Run {
  taken = 0;
  readonly #health: Health;
  readonly #request: ExportRequest;
  readonly #times: Moments;
  readonly #unknownTypes = new Set<string>();
  #withoutUnit = 0;

  constructor(health: Health, request: ExportRequest) {
    this.#health = health;
    this.#request = request;
    this.#times = new Moments(request.timeZone);
  }

  async write(): Promise<void> {
    const { folder, format, backup } = this.#request;
    const routeFiles = await this.#writeRoutes();
    const { medicalId } = this.#health;
    if (medicalId !== undefined) await folder.write(['Medical ID.json'], jsonText(medicalId), { mode: 0o600 });
    switch (format) {
      case 'xml': {
        const exportedAt = backup.info?.lastBackupAt ?? new Date();
        const options = { times: this.#times, exportedAt, locale: 'en', routeFiles, wants: this.#wants };
        await folder.write(['export.xml'], exportXml(this.#health, options));
        break;
      }
      case 'csv':
        await this.#writeTables();
        break;
      case 'json':
        await folder.write(['Samples.json'], jsonArray(this.#data(this.#health.records())));
        await folder.write(['Workouts.json'], jsonArray(this.#workouts(workoutData)));
        await folder.write(['Person.json'], jsonText(this.#health.person));
        break;
      default:
        // Routes alone.
        this.taken = routeFiles.size;
    }
  }

  notes(): string[] {
    const notes: string[] = [];
    if (this.#unknownTypes.size > 0) {
      const names = [...this.#unknownTypes].join(', ');
      notes.push(`Samples of types that are not known are kept under their numbers: ${names}.`);
    }
    if (this.#withoutUnit > 0) notes.push(`${this.#withoutUnit} values are in a unit that is not known.`);
    for (const each of this.#health.notAvailable) {
      const what = NOT_AVAILABLE[each];
      if (what !== undefined) notes.push(what);
    }
    return notes;
  }

  /** Counts a sample that is asked for, and what is to be told of it. */
  readonly #wants = (sample: HealthSample): boolean => {
    const { signal, options, onProgress } = this.#request;
    if (!isWithin(sample.startAt, options)) return false;
    if (sample.type.kind === 'unknown') this.#unknownTypes.add(sample.type.name);
    if (sample.value !== undefined && sample.unit === undefined) this.#withoutUnit++;
    if (++this.taken % PROGRESS_EVERY === 0) {
      signal.throwIfAborted();
      onProgress?.(this.taken, undefined);
    }
    return true;
  };

  /** @returns the files by the object numbers of their workouts. */
  async #writeRoutes(): Promise<Map<number, RouteFile>> {
    const files = new Map<number, RouteFile>();
    const { folder, options } = this.#request;
    for (const route of this.#health.routes()) {
      const { startAt } = route.sample;
      if (!isWithin(startAt, options)) continue;
      const points = this.#health.pointsOf(route);
      const first = points.next();
      if (first.done === true) continue;
      const stamp = startAt ? this.#times.text(startAt).slice(0, 16).replace(' ', '_').replace(':', '.') : 'undated';
      const all = function* (): Generator<typeof first.value, undefined> {
        yield first.value;
        yield* points;
      };
      const { path } = await folder.write(['workout-routes', `route_${stamp}.gpx`], gpx(`Route ${stamp}`, all()));
      const relative = `/${path}`;
      // A run that was synchronised twice may have two: the first of them is the workout's.
      if (route.workout !== undefined && !files.has(route.workout))
        files.set(route.workout, { path: relative, sample: route.sample });
    }
    return files;
  }

  async #writeTables(): Promise<void> {
    const { folder } = this.#request;
    for (const { type } of this.#health.types()) {
      if (type.name === 'Workout' || type.name === 'ActivitySummary' || type.name === 'WorkoutRoute') continue;
      await folder.write([`${type.name}.csv`], csv(SAMPLE_COLUMNS, this.#rows(this.#health.samples(type))));
    }
    await folder.write(
      ['Workouts.csv'],
      csv(
        WORKOUT_COLUMNS,
        this.#workouts((each) => this.#workoutRow(each)),
      ),
    );
    const days = [...this.#health.activityDays()].map((day) => [
      day.at ? this.#times.day(day.at) : undefined,
      day.energyKcal,
      day.energyGoalKcal,
      day.exerciseMinutes,
      day.exerciseGoalMinutes,
      day.standHours,
      day.standGoalHours,
    ]);
    if (days.length > 0) await folder.write(['Activity rings.csv'], csv(DAY_COLUMNS, days));
  }

  *#rows(samples: Iterable<HealthSample>): Generator<CsvValue[], undefined> {
    for (const sample of samples) if (this.#wants(sample)) yield this.#row(sample);
  }

  #row({ startAt, endAt, value, unit, categoryName, provenance, createdAt, metadata }: HealthSample): CsvValue[] {
    return [
      moment(startAt, this.#times),
      moment(endAt, this.#times),
      value ?? categoryName,
      unit,
      provenance?.source?.name,
      provenance?.device?.name,
      moment(createdAt, this.#times),
      Object.entries(metadata ?? {})
        .map(([key, each]) => `${key}: ${metadataText(each, this.#times)}`)
        .join('; '),
    ];
  }

  *#workouts<T>(shape: (workout: Workout) => T): Generator<T, undefined> {
    for (const workout of this.#health.workouts()) if (this.#wants(workout.sample)) yield shape(workout);
  }

  #workoutRow({
    sample,
    activity,
    durationSeconds,
    distanceKm,
    energyKcal,
    isIndoor,
    statistics,
  }: Workout): CsvValue[] {
    const heart = statistics.find(({ type }) => type.name === 'HeartRate');
    return [
      moment(sample.startAt, this.#times),
      moment(sample.endAt, this.#times),
      activity,
      typeof durationSeconds === 'number' ? Number((durationSeconds / 60).toFixed(2)) : undefined,
      distanceKm,
      energyKcal,
      heart?.average,
      heart?.minimum,
      heart?.maximum,
      isIndoor,
      sample.provenance?.source?.name,
    ];
  }

  *#data(samples: Iterable<HealthSample>): Generator<object, undefined> {
    for (const sample of samples) if (this.#wants(sample)) yield sampleData(sample);
  }
}

const NOT_AVAILABLE: Readonly<Record<string, string>> = {
  sources: 'Who measured what is not known: healthdb.sqlite is not in this backup.',
  metadata: 'What apps wrote beside their samples could not be read.',
  routes: 'Routes are not available: this version of iOS keeps them where they cannot be read, or none was recorded.',
};

const SAMPLE_COLUMNS = ['Start', 'End', 'Value', 'Unit', 'Source', 'Device', 'Created', 'Metadata'];
const WORKOUT_COLUMNS = [
  'Start',
  'End',
  'Activity',
  'Minutes',
  'Distance (km)',
  'Energy (kcal)',
  'Heart rate average',
  'Heart rate least',
  'Heart rate most',
  'Indoor',
  'Source',
];
const DAY_COLUMNS = [
  'Day',
  'Energy (kcal)',
  'Energy goal',
  'Exercise (min)',
  'Exercise goal',
  'Stand (h)',
  'Stand goal',
];

const sampleData = ({ object: _object, type, ...sample }: HealthSample): object => ({
  type: type.identifier ?? type.name,
  typeNumber: type.number,
  ...sample,
});

const workoutData = ({ sample, statistics, ...workout }: Workout): object => ({
  ...workout,
  statistics: statistics.map(({ type, ...each }) => ({ type: type.identifier ?? type.name, ...each })),
  sample: sampleData(sample),
});
