/** A vault with months of snapshots in it, without a phone, and what has to be true of it whatever happens. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { openVault, type SnapshotRecord, type Vault } from '../../src/vault/index.ts';
import { databaseOf } from '../../src/vault/objects/store.test-helper.ts';
import type { Random } from './random.ts';

const HISTORY_UDID = '00008110-000A1B2C3D4E5F60';
const DAY_MS = 86_400_000;
/** So that lists are long enough to be packed against others. */
const TINY_FILES = 600;
const FACTS = {
  device: { name: "Ada's iPhone", productType: 'iPhone14,5', productVersion: '18.1', buildVersion: '22B83' },
  kind: 'incremental',
  encrypted: true,
} as const;

export interface History {
  readonly days: number;
  /** Files of the first day, of 5 to 40 kB, besides some that are tiny; each day changes a few, adds some and has a large one of its own. */
  readonly files: number;
  /** Whether each day has a database, too, that lies packed in the vault. */
  readonly hasDatabases?: boolean;
}

/** Takes a snapshot a day, the last one today. @returns them, oldest first */
export async function makeHistory(
  vaultDir: string,
  { days, files, hasDatabases = false }: History,
  random: Random,
): Promise<SnapshotRecord[]> {
  await using vault = await openVault(vaultDir, { create: true, purpose: 'making a history' });
  const records: SnapshotRecord[] = [];
  let made = 0;
  for (let day = 0; day < days; day++) {
    await using draft = vault.openDraft(HISTORY_UDID);
    const put = async (path: string, bytes: Buffer): Promise<void> => {
      const sink = draft.create(`${HISTORY_UDID}/${path}`);
      await sink.write(bytes);
      await sink.finish();
    };
    if (day > 0 && made > 4) {
      for (let n = 0; n < 3; n++) draft.remove(`${HISTORY_UDID}/${pathOf(random.below(made))}`);
    }
    if (day === 0) for (let n = 0; n < TINY_FILES; n++) await put(`tiny/${n}`, Buffer.from(`tiny ${n}`));
    for (const until = made + (day === 0 ? files : 6); made < until; made++) {
      await put(pathOf(made), bytesOf(`file ${made}`, random.between(5_000, 40_000)));
    }
    await put('Manifest.db', bytesOf(`manifest ${day}`, 1_100_000));
    if (hasDatabases) await put('00/database', databaseOf(`database ${day}`, 1_300_000));
    const takenAt = new Date(Date.now() - (days - 1 - day) * DAY_MS);
    records.push(await draft.commit({ ...FACTS, takenAt }));
  }
  return records;
}

/** One more, with a few files of its own, on top of the newest. */
export async function backUpAgain(vaultDir: string, random: Random): Promise<SnapshotRecord> {
  await using vault = await openVault(vaultDir, { purpose: 'a backup' });
  await using draft = vault.openDraft(HISTORY_UDID);
  for (let n = random.between(1, 4); n > 0; n--) {
    const made = random.below(1_000_000);
    const sink = draft.create(`${HISTORY_UDID}/${pathOf(made)}`);
    await sink.write(bytesOf(`again ${made}`, random.between(5_000, 40_000)));
    await sink.finish();
  }
  return await draft.commit(FACTS);
}

/**
 * Every snapshot that is there is whole, and those of `expected` are there.
 *
 * @param where for the message
 */
export async function assertAllWhole(
  vault: Vault,
  expected: readonly SnapshotRecord[],
  where: string,
): Promise<readonly SnapshotRecord[]> {
  const there = vault.snapshots();
  const ids = new Set(there.map(({ id }) => id));
  for (const { id, takenAt } of expected) assert.ok(ids.has(id), `${id} of ${takenAt.toISOString()} is lost ${where}`);
  assert.deepEqual(vault.unreadableRecords(), [], where);
  for await (const event of vault.verify()) {
    if (event.kind === 'problem') assert.fail(`${JSON.stringify(event.problem)} ${where}`);
  }
  return there;
}

const pathOf = (n: number): string => {
  const name = createHash('sha1').update(`file ${n}`).digest('hex');
  return `${name.slice(0, 2)}/${name}`;
};

/** Bytes that nothing compresses and nothing else has, the same for the same name. */
function bytesOf(name: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const block = createHash('sha512').update(name).digest();
  for (let at = 0; at < length; at += block.length) {
    bytes.set(block.subarray(0, Math.min(block.length, length - at)), at);
    bytes.writeUInt32LE(at, Math.min(at, length - 4));
  }
  return bytes;
}
