import { createHash } from 'node:crypto';
import {
  allOf,
  either,
  is,
  isCount,
  isFlag,
  isNumber,
  isText,
  isTime,
  matches,
  maybe,
  parseObject,
  shaped,
} from '../../shared/json-shape.ts';

const FORMAT = 'holdfast-snapshot';
const VERSION = 1;

/** How a snapshot came about: everything from the phone, only what had changed, or from a folder another tool made. */
export type SnapshotKind = 'full' | 'incremental' | 'import';

/** The device as it was when the snapshot was taken. */
export interface DeviceFacts {
  readonly name: string;
  readonly productType: string;
  readonly productVersion: string;
  readonly buildVersion: string;
  readonly serialNumber?: string | undefined;
}

/** What was looked at before the snapshot was called finished, by name: `{ manifestDb: 'ok', missing: 0 }`. */
export type SnapshotChecks = Readonly<Record<string, string | number | boolean>>;

const DEVICE = {
  name: isText,
  productType: isText,
  productVersion: isText,
  buildVersion: isText,
  serialNumber: maybe(isText),
};
const LIST = { sha256: matches(/^[0-9a-f]{64}$/), files: isCount, bytes: isCount };
const TIMES = { takenAt: isTime, startedAt: isTime, finishedAt: isTime };
const FACTS = {
  id: matches(/^[0-9a-f]{8}$/),
  udid: matches(/^[0-9A-Za-z][0-9A-Za-z-]{7,63}$/),
  kind: is('full', 'incremental', 'import'),
  encrypted: isFlag,
  newBytes: isCount,
  parent: maybe(isText),
  draft: maybe(isText),
  warnings: isCount,
};
const isRecordFile = shaped({
  format: is(FORMAT),
  version: is(VERSION),
  ...TIMES,
  ...FACTS,
  list: shaped(LIST),
  device: shaped(DEVICE),
  checks: allOf(either(isText, isFlag, isNumber)),
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
  if (!isRecordFile(content) || sum !== sumOf(content)) return undefined;
  const { list, device, checks, ...facts } = content;
  const { takenAt, startedAt, finishedAt } = facts;
  return {
    ...only(facts, FACTS),
    takenAt: new Date(takenAt),
    startedAt: new Date(startedAt),
    finishedAt: new Date(finishedAt),
    list: only(list, LIST),
    device: only(device, DEVICE),
    checks,
  };
}

/** Without what another version may have put there. */
function only<Fields extends object, Name extends keyof Fields>(
  fields: Fields,
  names: Readonly<Record<Name, unknown>>,
): Pick<Fields, Name> {
  const known = Object.entries(fields).filter(([name]) => Object.hasOwn(names, name));
  // Only fields that are not in `names` are gone.
  return Object.fromEntries(known) as Pick<Fields, Name>;
}

function sumOf(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
