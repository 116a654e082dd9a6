import { createHash } from 'node:crypto';
import { z } from 'zod';

const FORMAT = 'holdfast-snapshot';
const VERSION = 1;

/** How a snapshot came about: everything from the phone, only what had changed, or from a folder another tool made. */
export type SnapshotKind = 'full' | 'incremental' | 'import';

/** The device as it was when the snapshot was taken. */
const DeviceFacts = z.object({
  name: z.string(),
  productType: z.string(),
  productVersion: z.string(),
  buildVersion: z.string(),
  serialNumber: z.string().optional(),
});
export type DeviceFacts = z.infer<typeof DeviceFacts>;

const Checks = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
/** What was looked at before the snapshot was called finished, by name: `{ manifestDb: 'ok', missing: 0 }`. */
export type SnapshotChecks = z.infer<typeof Checks>;

const time = z.iso.datetime().transform((text) => new Date(text));
const count = z.int().nonnegative();

const RecordFile = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  id: z.string().regex(/^[0-9a-f]{8}$/),
  udid: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z-]{7,63}$/),
  takenAt: time,
  startedAt: time,
  finishedAt: time,
  kind: z.enum(['full', 'incremental', 'import']),
  encrypted: z.boolean(),
  list: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), files: count, bytes: count }),
  newBytes: count,
  parent: z.string().optional(),
  draft: z.string().optional(),
  device: DeviceFacts,
  checks: Checks,
  warnings: count,
});

/** One finished backup of one device. Never changes. */
export interface SnapshotRecord {
  /** Eight hexadecimal digits, unique in the vault. */
  readonly id: string;
  readonly udid: string;
  /** When the device's content was as the snapshot has it; snapshots are ordered by it. */
  readonly takenAt: Date;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly kind: SnapshotKind;
  readonly encrypted: boolean;
  /** The file list, and how many files it names with which sum of sizes. */
  readonly list: { readonly sha256: string; readonly files: number; readonly bytes: number };
  /** Bytes that the vault did not hold before. */
  readonly newBytes: number;
  /** Id of the snapshot this one was built on. */
  readonly parent?: string | undefined;
  /** Id of the draft it was: what tells a leftover draft from one that still waits for its commit. */
  readonly draft?: string | undefined;
  readonly device: DeviceFacts;
  readonly checks: SnapshotChecks;
  /** How many files the device could not hand over, or handed over changed. */
  readonly warnings: number;
}

/** The bytes of a record's file: JSON that ends with the SHA-256 of the same JSON, compact and without `sum`. */
export function encodeRecord(record: SnapshotRecord): Buffer {
  const content = { format: FORMAT, version: VERSION, ...record };
  return Buffer.from(`${JSON.stringify({ ...content, sum: sumOf(content) }, undefined, 2)}\n`);
}

/** @returns undefined when the bytes are no record, or one whose sum does not fit. */
export function decodeRecord(bytes: Buffer): SnapshotRecord | undefined {
  const value = parseObject(bytes.toString('utf8'));
  if (value === undefined) return undefined;
  const { sum, ...content } = value;
  const { success, data } = RecordFile.safeParse(content);
  if (!success || sum !== sumOf(content)) return undefined;
  const { format: _format, version: _version, ...record } = data;
  return record;
}

function sumOf(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
