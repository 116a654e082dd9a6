import type { Database } from '../../../database/index.ts';
import { cocoaSeconds } from '../apple-time.ts';
import type { Random } from '../random.ts';
import { insert } from '../sqlite.ts';

/** Numbers of kinds of samples. */
export const HEIGHT = 2;
export const WEIGHT = 3;
export const HEART_RATE = 5;
export const STEPS = 7;
export const SLEEP = 63;

interface NewQuantity {
  readonly type: number;
  readonly value: number;
  /** Row of the unit that whoever measured it used. */
  readonly unit: number;
  /** From the kept unit to that one. */
  readonly scale?: number;
}

/** Adds a measured quantity, in the unit that HealthKit keeps its type in. */
export function addQuantity(
  database: Database,
  random: Random,
  at: Date,
  { type, value, unit, scale = 1 }: NewQuantity,
): number {
  const sample = addSample(database, random, type, at, type === STEPS ? 600_000 : 0);
  insert(database, 'quantity_samples', {
    data_id: sample,
    quantity: value,
    original_quantity: value * scale,
    original_unit: unit,
  });
  return sample;
}

export function addSample(database: Database, random: Random, type: number, at: Date, lengthMs: number): number {
  const start = cocoaSeconds(at);
  const id = insert(database, 'objects', { uuid: random.bytes(16), provenance: 1, type: 1, creation_date: start + 1 });
  insert(database, 'samples', { data_id: id, start_date: start, end_date: start + lengthMs / 1000, data_type: type });
  return id;
}
