import type { ContentDatabase } from '../source/content-database.ts';
import { numberOf } from '../source/row-values.ts';
import { addsUp, QUANTITY_TYPES } from './quantity-types.ts';
import { notDeleted, scaled, type HealthType } from './sample.ts';
import { EPOCH_2001_MS } from '../../shared/time/apple-time.ts';

/** How samples of a type are told for a longer time. */
export type HealthTelling = 'sum' | 'average' | 'minutes' | 'count';

/** A quarter of an hour of one source: the borders of days lie on one, whatever the time zone. */
export interface HealthBucket {
  readonly startMs: number;
  /** Whose samples: sources may have measured the same twice. */
  readonly provenance: number;
  readonly samples: number;
  readonly sum: number;
  readonly least: number;
  readonly most: number;
}

const BUCKET_MS = 900_000;
/** Things that last: told by how long they were. */
const LASTING = new Set(['SleepAnalysis', 'MindfulSession']);
/** Of `SleepAnalysis`: in bed and awake are no sleep. */
const ASLEEP = '(1, 3, 4, 5)';

export function tellingOf({ kind, name }: HealthType): HealthTelling {
  if (kind === 'quantity') return addsUp(name) ? 'sum' : 'average';
  return LASTING.has(name) ? 'minutes' : 'count';
}

/** Added up by SQLite: a million heart rates are thousands of quarters of hours. In time. */
export function* bucketsOf(database: ContentDatabase, type: HealthType): Generator<HealthBucket, undefined> {
  const telling = tellingOf(type);
  const [value, joins, where] = valueOf(database, type, telling);
  if (value === undefined) return;
  const hasObjects = database.has('objects', 'data_id');
  const provenance = database.has('objects', 'provenance') ? 'coalesce(o.provenance, 0)' : '0';
  const sql = `SELECT CAST(floor(s.start_date / 900) AS INTEGER) AS bucket, ${provenance} AS provenance, count(*) AS n,
      sum(${value}) AS total, min(${value}) AS least, max(${value}) AS most
    FROM samples AS s ${hasObjects ? 'LEFT JOIN objects AS o ON o.data_id = s.data_id' : ''} ${joins}
    WHERE s.data_type = ? AND s.start_date IS NOT NULL AND ${hasObjects ? notDeleted(database) : 'TRUE'} ${where}
    GROUP BY 1, 2 ORDER BY 1`;
  const factor = QUANTITY_TYPES[type.number]?.factor;
  for (const row of database.rows(sql, [type.number])) {
    const number = (name: string): number => scaled(numberOf(row[name]) ?? 0, telling === 'minutes' ? 1 / 60 : factor);
    yield {
      startMs: (numberOf(row['bucket']) ?? 0) * BUCKET_MS + EPOCH_2001_MS,
      provenance: numberOf(row['provenance']) ?? 0,
      samples: numberOf(row['n']) ?? 0,
      sum: number('total'),
      least: number('least'),
      most: number('most'),
    };
  }
}

function valueOf(
  database: ContentDatabase,
  { name }: HealthType,
  telling: HealthTelling,
): [value: string | undefined, joins: string, where: string] {
  if (telling === 'count') return ['1', '', ''];
  if (telling === 'minutes') {
    if (!database.has('samples', 'end_date')) return [undefined, '', ''];
    const isSleep = name === 'SleepAnalysis' && database.has('category_samples', 'value');
    const join = isSleep ? 'JOIN category_samples AS c ON c.data_id = s.data_id' : '';
    return ['(s.end_date - s.start_date)', join, isSleep ? `AND c.value IN ${ASLEEP}` : ''];
  }
  if (!database.has('quantity_samples', 'quantity')) return [undefined, '', ''];
  return ['q.quantity', 'JOIN quantity_samples AS q ON q.data_id = s.data_id', 'AND q.quantity IS NOT NULL'];
}
