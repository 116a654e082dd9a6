import type { Row } from '../../database/index.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { cocoaDateOf, numberOf, textOf, uuidOf, type Recorded } from '../source/row-values.ts';
import { CATEGORY_TYPES, categoryValueName, OTHER_TYPES } from './category-types.ts';
import type { HealthMetadata, MetadataReader } from './metadata.ts';
import type { Provenance } from './provenance.ts';
import { QUANTITY_TYPES } from './quantity-types.ts';

export interface HealthType {
  readonly number: number;
  /** "HKQuantityTypeIdentifierStepCount"; undefined for a number nobody knows. */
  readonly identifier: string | undefined;
  /** "StepCount"; "Type 300" where it has none. */
  readonly name: string;
  readonly kind: 'quantity' | 'category' | 'other' | 'unknown';
}

/** Something measured or noted. */
export interface HealthSample {
  /** The number that other tables know it by. */
  readonly object: number;
  readonly uuid: Recorded<string>;
  readonly type: HealthType;
  readonly startAt: Recorded<Date>;
  readonly endAt: Recorded<Date>;
  readonly createdAt: Recorded<Date>;
  /** Of quantities, in `unit`. */
  readonly value: number | undefined;
  /** Undefined where nobody knows in what unit the number is. */
  readonly unit: string | undefined;
  /** Of categories: the number, and what HealthKit calls it. */
  readonly categoryValue: number | undefined;
  readonly categoryName: string | undefined;
  readonly provenance: Provenance | undefined;
  readonly metadata: HealthMetadata | undefined;
}

export function healthTypeOf(number: number): HealthType {
  const quantity = QUANTITY_TYPES[number];
  if (quantity) {
    return { number, identifier: `HKQuantityTypeIdentifier${quantity.name}`, name: quantity.name, kind: 'quantity' };
  }
  const category = CATEGORY_TYPES[number];
  if (category) return { number, identifier: `HKCategoryTypeIdentifier${category}`, name: category, kind: 'category' };
  const other = OTHER_TYPES[number];
  if (other) return { number, identifier: other.identifier, name: other.name, kind: 'other' };
  return { number, identifier: undefined, name: `Type ${number}`, kind: 'unknown' };
}

/** Deleted objects leave a row behind, so that other devices delete them as well. */
const DELETED = 2;
/** Metadata is looked up for so many samples at a time. */
const BATCH = 250;

/** What samples are made of besides their rows. */
export interface SampleContext {
  readonly database: ContentDatabase;
  readonly provenances: ReadonlyMap<number, Provenance>;
  readonly metadata: MetadataReader;
}

/** Samples as `where` and `order` say, on the tables `s` (samples) and `o` (objects), deleted ones left out. */
export function* selectSamples(
  context: SampleContext,
  where: string,
  parameters: readonly number[] = [],
  order = 's.start_date, s.data_id',
): Generator<HealthSample, undefined> {
  const sql = `${sampleSelect(context.database)} WHERE ${where} AND ${notDeleted(context.database)} ORDER BY ${order}`;
  const types = new Map<number, HealthType>();
  let batch: Row[] = [];
  for (const row of context.database.rows(sql, parameters)) {
    if (batch.push(row) < BATCH) continue;
    yield* samplesOf(batch, types, context);
    batch = [];
  }
  yield* samplesOf(batch, types, context);
}

/** A condition that keeps deleted objects out. */
export const notDeleted = (database: ContentDatabase): string =>
  database.has('objects', 'type') ? `(o.type IS NULL OR o.type <> ${DELETED})` : 'TRUE';

function sampleSelect(database: ContentDatabase): string {
  const parts = [database.select('samples', 's', ['data_id', 'start_date', 'end_date', 'data_type'])];
  let joins = '';
  const join = (table: string, alias: string, columns: readonly string[]): void => {
    if (!database.has(table, 'data_id')) return;
    parts.push(database.select(table, alias, columns));
    joins += ` LEFT JOIN ${table} AS ${alias} ON ${alias}.data_id = s.data_id`;
  };
  join('objects', 'o', ['uuid', 'provenance', 'creation_date']);
  join('quantity_samples', 'q', ['quantity', 'original_quantity', 'original_unit']);
  join('category_samples', 'c', ['value']);
  if (database.has('quantity_samples', 'original_unit') && database.has('unit_strings', 'unit_string')) {
    parts.push('u.unit_string AS unit_string');
    joins += ' LEFT JOIN unit_strings AS u ON u.rowid = q.original_unit';
  }
  return `SELECT ${parts.join(', ')} FROM samples AS s${joins}`;
}

function* samplesOf(
  rows: readonly Row[],
  types: Map<number, HealthType>,
  { provenances, metadata }: SampleContext,
): Generator<HealthSample, undefined> {
  const extras = metadata.of(rows.map((row) => Number(row['data_id'])));
  for (const row of rows) {
    const number = numberOf(row['data_type']) ?? -1;
    let type = types.get(number);
    if (type === undefined) types.set(number, (type = healthTypeOf(number)));
    const object = Number(row['data_id']);
    const categoryValue = numberOf(row['value']) ?? undefined;
    yield {
      object,
      uuid: uuidOf(row['uuid']),
      type,
      startAt: cocoaDateOf(row['start_date']),
      endAt: cocoaDateOf(row['end_date']),
      createdAt: cocoaDateOf(row['creation_date']),
      ...quantityOf(row, number),
      categoryValue,
      categoryName: categoryValue === undefined ? undefined : categoryValueName(number, categoryValue),
      provenance: provenances.get(Number(row['provenance'] ?? -1)),
      metadata: extras.get(object),
    };
  }
}

/** In the unit people use, where the stored one is known; otherwise as whoever measured it wrote it. */
function quantityOf(row: Row, typeNumber: number): Pick<HealthSample, 'value' | 'unit'> {
  const stored = numberOf(row['quantity']) ?? undefined;
  const known = QUANTITY_TYPES[typeNumber];
  if (stored !== undefined && known?.unit !== undefined)
    return { value: scaled(stored, known.factor), unit: known.unit };
  const original = numberOf(row['original_quantity']) ?? undefined;
  const unit = textOf(row['unit_string']) ?? textOf(row['original_unit']);
  if (original !== undefined && typeof unit === 'string' && !/^\d+$/.test(unit)) return { value: original, unit };
  return { value: stored, unit: undefined };
}

/** Without the dust that multiplying leaves: 1.2 × 60 is 72, not 72.00000000000001. */
export const scaled = (value: number, factor = 1): number =>
  factor === 1 ? value : Number((value * factor).toPrecision(14));
