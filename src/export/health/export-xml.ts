/**
 * Apple's own format: export.xml, as "Export All Health Data" of the Health app writes it, so that everything that reads
 * such an export reads this. What the phone computes for it and the backup does not hold is left out.
 */
import type {
  Correlation,
  Health,
  HealthDevice,
  HealthMetadata,
  HealthMetadataValue,
  HealthSample,
  Provenance,
  Workout,
} from '../../content/index.ts';
import type { Moments } from './moments.ts';
import { attribute, attributes } from './xml.ts';

/** The parts of the format that are used, as the phone declares them. */
const DOCTYPE = `<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
<!ELEMENT ExportDate EMPTY>
<!ATTLIST ExportDate value CDATA #REQUIRED>
<!ELEMENT Me EMPTY>
<!ATTLIST Me
  HKCharacteristicTypeIdentifierDateOfBirth CDATA #REQUIRED
  HKCharacteristicTypeIdentifierBiologicalSex CDATA #REQUIRED
  HKCharacteristicTypeIdentifierBloodType CDATA #REQUIRED
  HKCharacteristicTypeIdentifierFitzpatrickSkinType CDATA #REQUIRED
>
<!ELEMENT Record (MetadataEntry)*>
<!ATTLIST Record
  type CDATA #REQUIRED unit CDATA #IMPLIED value CDATA #IMPLIED sourceName CDATA #REQUIRED sourceVersion CDATA #IMPLIED
  device CDATA #IMPLIED creationDate CDATA #IMPLIED startDate CDATA #REQUIRED endDate CDATA #REQUIRED
>
<!ELEMENT Correlation ((MetadataEntry|Record)*)>
<!ATTLIST Correlation
  type CDATA #REQUIRED sourceName CDATA #REQUIRED sourceVersion CDATA #IMPLIED device CDATA #IMPLIED
  creationDate CDATA #IMPLIED startDate CDATA #REQUIRED endDate CDATA #REQUIRED
>
<!ELEMENT Workout ((MetadataEntry|WorkoutEvent|WorkoutRoute|WorkoutStatistics|WorkoutActivity)*)>
<!ATTLIST Workout
  workoutActivityType CDATA #REQUIRED duration CDATA #IMPLIED durationUnit CDATA #IMPLIED totalDistance CDATA #IMPLIED
  totalDistanceUnit CDATA #IMPLIED totalEnergyBurned CDATA #IMPLIED totalEnergyBurnedUnit CDATA #IMPLIED
  sourceName CDATA #REQUIRED sourceVersion CDATA #IMPLIED device CDATA #IMPLIED creationDate CDATA #IMPLIED
  startDate CDATA #REQUIRED endDate CDATA #REQUIRED
>
<!ELEMENT WorkoutActivity EMPTY>
<!ATTLIST WorkoutActivity
  workoutActivityType CDATA #REQUIRED startDate CDATA #REQUIRED endDate CDATA #IMPLIED
  duration CDATA #IMPLIED durationUnit CDATA #IMPLIED
>
<!ELEMENT WorkoutEvent EMPTY>
<!ATTLIST WorkoutEvent
  type CDATA #REQUIRED date CDATA #REQUIRED duration CDATA #IMPLIED durationUnit CDATA #IMPLIED
>
<!ELEMENT WorkoutStatistics EMPTY>
<!ATTLIST WorkoutStatistics
  type CDATA #REQUIRED startDate CDATA #REQUIRED endDate CDATA #REQUIRED average CDATA #IMPLIED minimum CDATA #IMPLIED
  maximum CDATA #IMPLIED sum CDATA #IMPLIED unit CDATA #IMPLIED
>
<!ELEMENT WorkoutRoute (FileReference)>
<!ATTLIST WorkoutRoute
  sourceName CDATA #REQUIRED sourceVersion CDATA #IMPLIED device CDATA #IMPLIED creationDate CDATA #IMPLIED
  startDate CDATA #REQUIRED endDate CDATA #REQUIRED
>
<!ELEMENT FileReference EMPTY>
<!ATTLIST FileReference path CDATA #REQUIRED>
<!ELEMENT ActivitySummary EMPTY>
<!ATTLIST ActivitySummary
  dateComponents CDATA #IMPLIED activeEnergyBurned CDATA #IMPLIED activeEnergyBurnedGoal CDATA #IMPLIED
  activeEnergyBurnedUnit CDATA #IMPLIED appleMoveTime CDATA #IMPLIED appleMoveTimeGoal CDATA #IMPLIED
  appleExerciseTime CDATA #IMPLIED appleExerciseTimeGoal CDATA #IMPLIED appleStandHours CDATA #IMPLIED
  appleStandHoursGoal CDATA #IMPLIED
>
<!ELEMENT MetadataEntry EMPTY>
<!ATTLIST MetadataEntry key CDATA #REQUIRED value CDATA #REQUIRED>
]>
`;

/** What has been written of an export, sample by sample. */
export interface ExportXmlOptions {
  readonly times: Moments;
  readonly exportedAt: Date;
  readonly locale: string;
  /** The file of a route, by the object number of its workout. */
  readonly routeFiles: ReadonlyMap<number, RouteFile>;
  /** Whether a sample is wanted. Told of every one, so that it can count. */
  readonly wants: (sample: HealthSample) => boolean;
}

export interface RouteFile {
  /** Relative to the export: "/workout-routes/route_2026-05-01_9.30am.gpx". */
  readonly path: string;
  readonly sample: HealthSample;
}

const CORRELATIONS = [80, 81];

export function* exportXml(health: Health, options: ExportXmlOptions): Generator<string, undefined> {
  const { times, exportedAt, locale, wants } = options;
  const { person } = health;
  yield `<?xml version="1.0" encoding="UTF-8"?>\n${DOCTYPE}<HealthData${attributes({ locale })}>\n`;
  yield ` <ExportDate${attributes({ value: moment(exportedAt, times) })}/>\n`;
  // The phone writes these where nothing was said as well.
  yield ` <Me HKCharacteristicTypeIdentifierDateOfBirth="${person.birthDate ?? ''}"${attributes({
    HKCharacteristicTypeIdentifierBiologicalSex: `HKBiologicalSex${person.sex ?? 'NotSet'}`,
    HKCharacteristicTypeIdentifierBloodType: `HKBloodType${person.bloodType ?? 'NotSet'}`,
    HKCharacteristicTypeIdentifierFitzpatrickSkinType: `HKFitzpatrickSkinType${person.skinType ?? 'NotSet'}`,
  })}/>\n`;
  for (const { type } of health.types()) {
    if (CORRELATIONS.includes(type.number)) {
      for (const each of health.correlations(type)) if (wants(each.sample)) yield correlation(each, times);
    } else if (type.kind !== 'other') {
      for (const sample of health.samples(type)) if (wants(sample)) yield record(sample, times, ' ');
    }
  }
  for (const each of health.workouts()) if (wants(each.sample)) yield workout(each, options);
  for (const day of health.activityDays()) {
    yield ` <ActivitySummary${attributes({
      dateComponents: day.at ? times.day(day.at) : undefined,
      activeEnergyBurned: day.energyKcal,
      activeEnergyBurnedGoal: day.energyGoalKcal,
      activeEnergyBurnedUnit: day.energyKcal === undefined ? undefined : 'kcal',
      appleMoveTime: day.moveMinutes,
      appleMoveTimeGoal: day.moveGoalMinutes,
      appleExerciseTime: day.exerciseMinutes,
      appleExerciseTimeGoal: day.exerciseGoalMinutes,
      appleStandHours: day.standHours,
      appleStandHoursGoal: day.standGoalHours,
    })}/>\n`;
  }
  yield '</HealthData>\n';
}

function record(sample: HealthSample, times: Moments, indent: string): string {
  const { value, unit, categoryName, metadata, createdAt, startAt, endAt } = sample;
  // There are millions of these: what is the same for many is made once, and numbers and dates need no escaping.
  const created = createdAt ? ` creationDate="${times.text(createdAt)}"` : '';
  const start = startAt ? ` startDate="${times.text(startAt)}"` : '';
  const end = endAt
    ? endAt.getTime() === startAt?.getTime()
      ? start.replace('start', 'end')
      : ` endDate="${times.text(endAt)}"`
    : '';
  const text = value ?? categoryName;
  const element = `${indent}<Record${typeText(sample)}${sourceText(sample.provenance)}${
    unit === undefined ? '' : ` unit="${attribute(unit)}"`
  }${created}${start}${end}${text === undefined ? '' : ` value="${text}"`}`;
  return metadata === undefined
    ? `${element}/>\n`
    : `${element}>\n${metadataEntries(metadata, times, `${indent} `)}${indent}</Record>\n`;
}

/** A number that nobody knows is written as one: nothing that reads exports takes it for something else. */
const typeText = ({ type }: HealthSample): string => ` type="${type.identifier ?? `HKDataType${type.number}`}"`;

const sourceTexts = new WeakMap<Provenance, string>();

function sourceText(provenance: Provenance | undefined): string {
  if (provenance === undefined) return ' sourceName="Unknown"';
  let text = sourceTexts.get(provenance);
  if (text === undefined) {
    const { source, sourceVersion, device } = provenance;
    text = attributes({ sourceName: source?.name ?? 'Unknown', sourceVersion, device: device && deviceText(device) });
    sourceTexts.set(provenance, text);
  }
  return text;
}

function correlation({ sample, members }: Correlation, times: Moments): string {
  const head = { type: sample.type.identifier, ...origin(sample, times) };
  const inside =
    metadataEntries(sample.metadata, times, '  ') + members.map((each) => record(each, times, '  ')).join('');
  return ` <Correlation${attributes(head)}>\n${inside} </Correlation>\n`;
}

function workout(each: Workout, { times, routeFiles }: ExportXmlOptions): string {
  const { sample, durationSeconds, distanceKm, energyKcal } = each;
  const route = routeFiles.get(sample.object);
  const inside = [
    metadataEntries(sample.metadata, times, '  '),
    ...each.parts.slice(1).map((part) => {
      const end = { startDate: moment(part.startAt, times), endDate: moment(part.endAt, times) };
      const length = { duration: minutes(part.durationSeconds), durationUnit: 'min' };
      return `  <WorkoutActivity${attributes({ workoutActivityType: activityType(part.activity), ...end, ...length })}/>\n`;
    }),
    ...each.events.map(({ name, at, durationSeconds: length }) => {
      const lasts = length ? { duration: minutes(length), durationUnit: 'min' } : {};
      return `  <WorkoutEvent${attributes({ type: `HKWorkoutEventType${name}`, date: moment(at, times), ...lasts })}/>\n`;
    }),
    ...each.statistics.map(
      ({ type, unit, sum, average, minimum, maximum }) =>
        `  <WorkoutStatistics${attributes({
          type: type.identifier ?? `HKDataType${type.number}`,
          startDate: moment(sample.startAt, times),
          endDate: moment(sample.endAt, times),
          average,
          minimum,
          maximum,
          sum,
          unit,
        })}/>\n`,
    ),
    route &&
      `  <WorkoutRoute${attributes(origin(route.sample, times))}>\n   <FileReference${attributes({ path: route.path })}/>\n  </WorkoutRoute>\n`,
  ].join('');
  return ` <Workout${attributes({
    workoutActivityType: activityType(each.activity),
    duration: minutes(durationSeconds),
    durationUnit: 'min',
    totalDistance: distanceKm,
    totalDistanceUnit: distanceKm === undefined ? undefined : 'km',
    totalEnergyBurned: energyKcal,
    totalEnergyBurnedUnit: energyKcal === undefined ? undefined : 'kcal',
    ...origin(sample, times),
  })}>\n${inside} </Workout>\n`;
}

/** Apple's exports tell lengths in minutes. */
const minutes = (seconds: number | null | undefined): number | undefined =>
  typeof seconds === 'number' ? Number((seconds / 60).toPrecision(12)) : undefined;

const activityType = (activity: string): string => `HKWorkoutActivityType${activity.replaceAll(' ', '')}`;

type Attributes = Record<string, string | undefined>;

/** Who measured it and when, in the order the phone has. */
function origin(sample: HealthSample, times: Moments, more: Attributes = {}): Attributes {
  const { provenance, createdAt, startAt, endAt } = sample;
  return {
    sourceName: provenance?.source?.name ?? 'Unknown',
    sourceVersion: provenance?.sourceVersion,
    device: provenance?.device && deviceText(provenance.device),
    ...more,
    creationDate: moment(createdAt, times),
    startDate: moment(startAt, times),
    endDate: moment(endAt ?? startAt, times),
  };
}

/** As the phone writes it, without the address in its memory. */
function deviceText(device: HealthDevice): string {
  const parts = Object.entries(device).flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]));
  return `<<HKDevice>, ${parts.join(', ')}>`;
}

function metadataEntries(metadata: HealthMetadata | undefined, times: Moments, indent: string): string {
  return Object.entries(metadata ?? {})
    .map(
      ([key, value]) =>
        `${indent}<MetadataEntry key="${attributes({ key }).slice(6)}${attributes({ value: metadataText(value, times) }) || ' value=""'}/>\n`,
    )
    .join('');
}

export function metadataText(value: HealthMetadataValue, times: Moments): string {
  if (value instanceof Date) return moment(value, times) ?? '';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'object' ? `${value.value} ${value.unit}` : String(value);
}

/** "2026-05-01 09:30:00 +0200" */
export const moment = (at: Date | null | undefined, times: Moments): string | undefined =>
  at ? times.text(at) : undefined;
