/** Vaults that rot: whatever happens to their files is found, named and nothing else is, and a copy undoes it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVault, type RepairEvent, type SnapshotRecord, type Vault } from '../../src/vault/index.ts';
import { assertAllWhole, makeHistory } from './many-snapshots.ts';
import { randomFrom, type Random } from './random.ts';

const HISTORY = { days: 8, files: 120, hasDatabases: true };

/** Where an object lies. */
export interface Place {
  readonly sha256: string;
  readonly path: string;
  readonly offset: number;
  /** What it takes there. */
  readonly sizeBytes: number;
  /** The hash of what lies there: of a packed one not that of the object. */
  readonly storedSha256: string;
}

/**
 * One round: a vault with a copy, objects of it spoilt in every way a disk can, records, lists and the catalogue among
 * them; a verification that has to name exactly what is spoilt; a repair that has to undo all of it.
 *
 * @param options.flips how many objects lose one bit, at most.
 * @returns what was done, for the reader of the soak's output.
 */
export async function damageRound(seed: number, options: { readonly flips?: number } = {}): Promise<string[]> {
  const random = randomFrom(seed);
  const root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  try {
    const [dir, copyDir] = [join(root, 'vault'), join(root, 'copy')];
    const records = await makeHistory(dir, HISTORY, random);
    const places = await copied(dir, copyDir);
    await assertNothingFound(dir, records);
    const done = spoilObjects(places, random, options.flips ?? 500);
    const spoilt = new Set(places.filter((place) => !isWhole(place)).map(({ sha256 }) => sha256));
    const found = await objectsFound(dir);
    assert.deepEqual(found.toSorted(), [...spoilt].toSorted(), `found and spoilt differ after ${done.join(', ')}`);
    done.push(...spoilTheRest(dir, records, random));
    await repair(dir, copyDir, done);
    await using vault = await openVault(dir, { purpose: 'a test' });
    await assertAllWhole(vault, records, `after the repair of ${done.join(', ')}`);
    return [`${spoilt.size} objects repaired`];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Makes a copy, and tells where every object that the snapshots name lies. */
export async function copied(dir: string, copyDir: string): Promise<Place[]> {
  await using vault = await openVault(dir, { purpose: 'a test' });
  await using copy = await openVault(copyDir, { create: true, copyOf: vault.id, purpose: 'a test' });
  await Array.fromAsync(vault.replicateTo(copy));
  const places = new Map<string, Place>();
  for (const record of vault.snapshots()) {
    using view = vault.openSnapshot(record);
    for (const { directory, entry } of view.entries()) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      const place = view.locate(`${record.udid}/${path}`);
      if (place !== undefined) places.set(place.sha256, { ...place, storedSha256: place.sha256 });
      else if (entry.kind === 'file') places.set(entry.sha256, packedPlace(dir, entry.sha256));
    }
  }
  return [...places.values()];
}

function packedPlace(dir: string, sha256: string): Place {
  const path = join(dir, 'objects', sha256.slice(0, 2), `${sha256.slice(2)}.zst`);
  const bytes = readFileSync(path);
  const storedSha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, path, offset: 0, sizeBytes: bytes.length, storedSha256 };
}

const isPacked = ({ sha256, storedSha256 }: Place): boolean => sha256 !== storedSha256;

/** A whole vault raises no alarm, whatever asks. */
async function assertNothingFound(dir: string, records: readonly SnapshotRecord[]): Promise<void> {
  await using vault = await openVault(dir, { purpose: 'a test' });
  await assertAllWhole(vault, records, 'before anything was spoilt');
  const events = await Array.fromAsync(vault.repair({ donors: [] }));
  assert.deepEqual(
    events.filter(({ kind }) => kind !== 'progress').map(({ kind }) => kind),
    ['done'],
  );
}

export function spoilObjects(places: readonly Place[], random: Random, flips: number): string[] {
  const large = places.filter(({ offset }) => offset === 0).toSorted(() => random.below(3) - 1);
  const [deleted, cut, one, other] = large;
  const done: string[] = [];
  const spared = new Set([deleted, cut, one, other]);
  const rest = places.filter((place) => !spared.has(place) && place.sizeBytes > 0);
  for (let n = random.between(1, Math.min(flips, rest.length)); n > 0; n--) flipBit(random.pick(rest), random);
  done.push('flipped bits');
  const packed = rest.filter(isPacked);
  assert.ok(packed.length > 0, 'nothing lies packed');
  flipBit(random.pick(packed), random);
  done.push('flipped a bit of a packed database');
  if (deleted !== undefined && random.onceIn(2)) {
    rmSync(deleted.path);
    done.push('deleted a file');
  }
  if (cut !== undefined && random.onceIn(2)) {
    chmodSync(cut.path, 0o600);
    truncateSync(cut.path, random.below(cut.sizeBytes));
    done.push('truncated a file');
  }
  if (one !== undefined && other !== undefined && random.onceIn(2)) {
    renameSync(one.path, `${one.path}.swap`);
    renameSync(other.path, one.path);
    renameSync(`${one.path}.swap`, other.path);
    done.push('swapped two files');
  }
  return done;
}

/** What comes on top, and is to be undone as well: records, lists, whole segments, the catalogue. */
export function spoilTheRest(dir: string, records: readonly SnapshotRecord[], random: Random): string[] {
  const done: string[] = [];
  if (random.onceIn(2)) {
    flipByte(join(dir, 'lists', random.pick(readdirSync(join(dir, 'lists')))), random);
    done.push('a list, or one of the two files of a base');
  }
  if (random.onceIn(2)) {
    const { udid, id } = random.pick(records);
    const folder = join(dir, 'snapshots', udid);
    const name = readdirSync(folder).find((each) => each.includes(id)) ?? '';
    flipByte(join(folder, name), random);
    done.push('a record');
  }
  if (random.onceIn(3)) {
    flipByte(join(dir, 'segments', random.pick(readdirSync(join(dir, 'segments')))), random);
    done.push('a segment anywhere');
  }
  if (random.onceIn(4)) {
    rmSync(join(dir, 'segments', random.pick(readdirSync(join(dir, 'segments')))));
    done.push('a whole segment');
  }
  if (random.onceIn(3)) {
    const { udid, id } = records.at(-1) ?? random.pick(records);
    const folder = join(dir, 'snapshots', udid);
    rmSync(join(folder, readdirSync(folder).find((each) => each.includes(id)) ?? ''));
    done.push('the newest record is gone');
  }
  const catalogue = random.below(4);
  if (catalogue === 0) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, `catalogue.db${suffix}`), { force: true });
    done.push('the catalogue is gone');
  } else if (catalogue === 1) {
    writeFileSync(join(dir, 'catalogue.db'), 'no catalogue');
    done.push('the catalogue is garbage');
  }
  return done;
}

async function repair(dir: string, copyDir: string, done: readonly string[]): Promise<void> {
  await using vault = await openVault(dir, { purpose: 'a test' });
  await using copy = await openVault(copyDir, { purpose: 'a test', lock: 'none' });
  const events: RepairEvent[] = await Array.fromAsync(vault.repair({ donors: [copy.asDonor('the copy')] }));
  const left = events.filter(({ kind }) => kind === 'unrepaired');
  assert.deepEqual(left, [], done.join(', '));
  const last = events.at(-1);
  assert.ok(last?.kind === 'done' && last.problems === last.repaired, `${JSON.stringify(last)} ${done.join(', ')}`);
  // What has disappeared without a trace is no damage; the copy has it.
  await Array.fromAsync(copy.replicateTo(vault));
}

async function objectsFound(dir: string): Promise<string[]> {
  await using vault: Vault = await openVault(dir, { purpose: 'a test', lock: 'none' });
  const found: string[] = [];
  for await (const event of vault.verify()) {
    if (event.kind !== 'problem') continue;
    assert.ok(event.problem.kind === 'object', JSON.stringify(event.problem));
    assert.ok(event.problem.fileCount > 0);
    found.push(event.problem.sha256);
  }
  return found;
}

export function isWhole({ path, offset, sizeBytes, storedSha256 }: Place): boolean {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    const bytes = Buffer.alloc(sizeBytes);
    const count = readSync(file, bytes, 0, sizeBytes, offset);
    return count === sizeBytes && createHash('sha256').update(bytes).digest('hex') === storedSha256;
  } finally {
    closeSync(file);
  }
}

function flipBit({ path, offset, sizeBytes }: Pick<Place, 'path' | 'offset' | 'sizeBytes'>, random: Random): void {
  chmodSync(path, 0o600);
  const file = openSync(path, 'r+');
  const at = offset + random.below(sizeBytes);
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  byte.writeUInt8(byte.readUInt8(0) ^ (1 << random.below(8)));
  writeSync(file, byte, 0, 1, at);
  closeSync(file);
  chmodSync(path, 0o444);
}

function flipByte(path: string, random: Random): void {
  const sizeBytes = readFileSync(path).length;
  if (sizeBytes > 0) flipBit({ path, offset: 0, sizeBytes }, random);
}
