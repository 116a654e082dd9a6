import { hash } from 'node:crypto';
import type { SnapshotRecord } from './record.ts';

const VERSION = 2;
const SUM_DIGITS = 64;

/** The file: the SHA-256 of the rest, a newline, and this as JSON. One entry in every column for each record. */
interface CacheContent {
  readonly version: typeof VERSION;
  /** Names of the records' files. */
  readonly names: string[];
  readonly ids: string[];
  /** Times in milliseconds since 1970. */
  readonly takenAt: number[];
  readonly startedAt: number[];
  readonly finishedAt: number[];
  readonly lists: string[];
  readonly files: number[];
  readonly bytes: number[];
  readonly newBytes: number[];
  readonly parents: (string | null)[];
  readonly drafts: (string | null)[];
  /** What else a record has, as a number of `others`: many have the same. */
  readonly other: number[];
  readonly others: Other[];
}

type Other = Omit<
  SnapshotRecord,
  'id' | 'takenAt' | 'startedAt' | 'finishedAt' | 'list' | 'newBytes' | 'parent' | 'draft'
>;

/** Records by the UDIDs of their devices, and the names of their files. */
export type CachedRecords = ReadonlyMap<string, ReadonlyMap<string, SnapshotRecord>>;

/**
 * Many records as one file, which is read in a fraction of the time.
 *
 * @param records as `decodeRecord` gave them, each with the name of its file.
 */
export function encodeRecordCache(records: readonly (readonly [name: string, record: SnapshotRecord])[]): Buffer {
  const all = records.map(([, record]) => record);
  const numbers = new Map<string, number>();
  const other = all.map((record) => {
    const text = otherText(record);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
  const content: CacheContent = {
    version: VERSION,
    names: records.map(([name]) => name),
    ids: all.map(({ id }) => id),
    takenAt: all.map(({ takenAt }) => takenAt.getTime()),
    startedAt: all.map(({ startedAt }) => startedAt.getTime()),
    finishedAt: all.map(({ finishedAt }) => finishedAt.getTime()),
    lists: all.map(({ list }) => list.sha256),
    files: all.map(({ list }) => list.files),
    bytes: all.map(({ list }) => list.bytes),
    newBytes: all.map(({ newBytes }) => newBytes),
    parents: all.map(({ parent }) => parent ?? null),
    drafts: all.map(({ draft }) => draft ?? null),
    other,
    others: Array.from(numbers.keys(), (text) => JSON.parse(text) as Other), // as it was made a moment ago
  };
  const text = JSON.stringify(content);
  return Buffer.from(`${hash('sha256', text)}\n${text}`);
}

/** @returns undefined when it is not exactly what `encodeRecordCache` of this version made. */
export function decodeRecordCache(bytes: Buffer): CachedRecords | undefined {
  const json = bytes.subarray(SUM_DIGITS + 1);
  if (bytes.toString('latin1', 0, SUM_DIGITS + 1) !== `${hash('sha256', json)}\n`) return undefined;
  // The sum says that we wrote it.
  const content = JSON.parse(json.toString('utf8')) as CacheContent | { readonly version: unknown };
  if (content.version !== VERSION) return undefined;
  return recordsIn(content as CacheContent);
}

function recordsIn(content: CacheContent): CachedRecords {
  const { names, others } = content;
  const devices = new Map<string, Map<string, SnapshotRecord>>();
  let records = new Map<string, SnapshotRecord>();
  let udid: string | undefined;
  for (const [at, name] of names.entries()) {
    const other = others[content.other[at] ?? -1];
    if (other === undefined) continue;
    // Those of one device follow each other.
    if (other.udid !== udid) {
      ({ udid } = other);
      records = devices.get(udid) ?? new Map();
      devices.set(udid, records);
    }
    records.set(name, recordAt(content, at, other));
  }
  return devices;
}

/** Every field by its name: copying all of another object takes four times as long. */
function recordAt(content: CacheContent, at: number, other: Other): SnapshotRecord {
  const { ids, takenAt, startedAt, finishedAt, lists, files, bytes, newBytes, parents, drafts } = content;
  const { udid, kind, encrypted, device, checks, warnings } = other;
  const record = {
    id: ids[at] ?? '',
    udid,
    takenAt: new Date(takenAt[at] ?? Number.NaN),
    startedAt: new Date(startedAt[at] ?? Number.NaN),
    finishedAt: new Date(finishedAt[at] ?? Number.NaN),
    kind,
    encrypted,
    list: { sha256: lists[at] ?? '', files: files[at] ?? 0, bytes: bytes[at] ?? 0 },
    newBytes: newBytes[at] ?? 0,
    device,
    checks,
    warnings,
  };
  const [parent, draft] = [parents[at] ?? undefined, drafts[at] ?? undefined];
  if (parent === undefined && draft === undefined) return record;
  return Object.assign(record, parent === undefined ? { draft } : draft === undefined ? { parent } : { parent, draft });
}

function otherText(record: SnapshotRecord): string {
  const {
    id: _id,
    takenAt: _t,
    startedAt: _s,
    finishedAt: _f,
    list: _l,
    newBytes: _n,
    parent: _p,
    draft: _d,
    ...other
  } = record;
  return JSON.stringify(other);
}
