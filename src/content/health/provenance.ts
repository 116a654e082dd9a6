import type { ContentDatabase } from '../source/content-database.ts';
import { numberOf, textOf } from '../source/row-values.ts';

/** The app or device that a sample comes from. */
export interface HealthSource {
  readonly name: string | undefined;
  readonly bundleId: string | undefined;
  readonly productType: string | undefined;
}

/** What measured it. */
export interface HealthDevice {
  readonly name: string | undefined;
  readonly manufacturer: string | undefined;
  readonly model: string | undefined;
  readonly hardware: string | undefined;
  readonly firmware: string | undefined;
  readonly software: string | undefined;
}

export interface Provenance {
  readonly source: HealthSource | undefined;
  readonly device: HealthDevice | undefined;
  /** "18.5": of the source when it wrote the sample. */
  readonly sourceVersion: string | undefined;
  /** "iPhone14,5": the device it was made on. */
  readonly productType: string | undefined;
  /** Where it was made. */
  readonly timeZone: string | undefined;
}

/**
 * Where samples come from, by number. Half of it lies in the other database, healthdb.sqlite: what is joined in memory,
 * since a database read from bytes cannot be attached to another.
 */
export function readProvenances(secure: ContentDatabase, plain: ContentDatabase | undefined): Map<number, Provenance> {
  const sources = readTable(plain, 'sources', ['name', 'bundle_id', 'product_type']);
  const devices = readTable(plain, 'source_devices', [
    'name',
    'manufacturer',
    'model',
    'hardware',
    'firmware',
    'software',
  ]);
  const provenances = readTable(secure, 'data_provenances', [
    'source_id',
    'device_id',
    'source_version',
    'origin_product_type',
    'tz_name',
  ]);
  const known = new Map<number, Provenance>();
  for (const [number, row] of provenances) {
    const source = sources.get(Number(row['source_id']));
    const device = devices.get(Number(row['device_id']));
    known.set(number, {
      source: source && {
        name: source['name'],
        bundleId: source['bundle_id'],
        productType: source['product_type'],
      },
      device: deviceOf(device),
      sourceVersion: row['source_version'],
      productType: row['origin_product_type'],
      timeZone: row['tz_name'],
    });
  }
  return known;
}

type Texts = Readonly<Record<string, string | undefined>>;

/** A small table as texts by its row numbers; empty texts are as good as none. */
function readTable(
  database: ContentDatabase | undefined,
  table: string,
  columns: readonly string[],
): Map<number, Texts> {
  const rows = new Map<number, Texts>();
  if (database?.has(table) !== true) return rows;
  for (const row of database.rows(`SELECT t.rowid AS n, ${database.select(table, 't', columns)} FROM ${table} AS t`)) {
    const texts = columns.map((column) => [column, textOf(row[column]) || undefined] as const);
    rows.set(numberOf(row['n']) ?? -1, Object.fromEntries(texts));
  }
  return rows;
}

/** Rows of devices that say nothing stand for "no device". */
function deviceOf(texts: Texts | undefined): HealthDevice | undefined {
  if (texts === undefined || Object.values(texts).every((text) => text === undefined)) return undefined;
  return {
    name: texts['name'],
    manufacturer: texts['manufacturer'],
    model: texts['model'],
    hardware: texts['hardware'],
    firmware: texts['firmware'],
    software: texts['software'],
  };
}
