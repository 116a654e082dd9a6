import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { RetentionRule } from '../../contract/index.ts';
import { openVault, type SnapshotRecord, type Vault } from '../../vault/index.ts';
import { thinAfterBackup } from './thin-after-backup.ts';

const ADA = '00008110-000A1B2C3D4E5F60';
const BEN = '00008120-000B1B2C3D4E5F61';
/** Two days are kept, one version of each. */
const TWO_DAYS = RetentionRule.parse({ allHours: 0, dailyDays: 2, weeklyWeeks: 0, monthlyMonths: 0 });
/** Snapshots count from when they were finished, which is now. */
const NOW = new Date();
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

describe('after a backup', () => {
  let root = '';
  let vault: Vault;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'holdfast-'));
    vault = await openVault(join(root, 'vault'), { create: true, purpose: 'a test' });
  });
  afterEach(async () => {
    await vault.close();
    rmSync(root, { recursive: true, force: true });
  });

  const thinned = (rule = TWO_DAYS): ReturnType<typeof thinAfterBackup> =>
    thinAfterBackup({ vault, rule, timeZone: 'UTC', now: NOW });

  test('what the rule does not keep goes, and its space comes back', async () => {
    const [oldest] = await backUpDaily(vault, ADA, [3, 2, 1, 0]);
    const { removed, pruned, alarms } = await thinned();
    assert.deepEqual(removed.at(-1), oldest);
    assert.equal(vault.snapshots().length, 2);
    assert.ok((pruned?.removedFiles ?? 0) === 2 && alarms.length === 0);
    assert.equal((await thinned()).deferred, 'nothing-to-give-back');
  });

  test('a rule that lets nothing go by itself lets nothing go', async () => {
    await backUpDaily(vault, ADA, [3, 2, 1, 0]);
    assert.deepEqual((await thinned({ ...TWO_DAYS, automatic: false })).removed, []);
    assert.equal(vault.snapshots().length, 4);
  });

  test('without a rule everything of the last day stays', async () => {
    await backUpDaily(vault, ADA, [0.3, 0.2, 0.1]);
    assert.deepEqual((await thinAfterBackup({ vault })).removed, []);
  });

  test('one that lost much freezes the one before, and says so', async () => {
    const [, before] = await backUpDaily(vault, ADA, [5, 4]);
    const [after] = await backUpDaily(vault, ADA, [0], { files: 2 });
    const { removed, alarms } = await thinned();
    assert.deepEqual(
      alarms.map(({ kind, record, before: kept }) => [kind, record.id, kept.id]),
      [['shrunk', after?.id, before?.id]],
    );
    assert.equal(removed.length, 1);
    assert.ok(vault.snapshots().some(({ id }) => id === before?.id));
  });

  test('neither the newest nor the only proven one goes, however old', async () => {
    const [proven] = await backUpDaily(vault, ADA, [40, 30, 20]);
    if (proven !== undefined) await vault.labels.set(proven, { deepVerifiedAt: NOW, deepVerifyProblems: 0 });
    await thinned({ ...TWO_DAYS, dailyDays: 0 });
    assert.deepEqual(
      vault.snapshots().map(({ takenAt }) => takenAt.getTime()),
      [daysAgo(20).getTime(), daysAgo(40).getTime()],
    );
  });

  test('while another device is backed up its versions and the space wait; afterwards both are seen to', async () => {
    await backUpDaily(vault, ADA, [3, 2, 1, 0]);
    await backUpDaily(vault, BEN, [3, 2, 1, 0]);
    {
      await using draft = vault.openDraft(BEN);
      const { removed, deferred } = await thinned();
      assert.ok(removed.length === 2 && removed.every(({ udid }) => udid === ADA));
      assert.equal(deferred, 'backup-running');
      await draft.discard();
    }
    const { removed, pruned } = await thinned();
    assert.equal(removed.length, 2);
    assert.equal(pruned?.removedFiles, 4);
  });

  test('no backup begins while space is given back, and what is more urgent may interrupt it', async () => {
    await backUpDaily(vault, ADA, [3, 2, 1, 0]);
    const stop = new AbortController();
    const thinning = thinAfterBackup({ vault, rule: TWO_DAYS, timeZone: 'UTC', now: NOW, signal: stop.signal });
    stop.abort();
    assert.equal((await thinning).deferred, 'interrupted');
    const pruning = vault.prune();
    assert.throws(() => vault.openDraft(BEN), { code: 'VAULT_BUSY' });
    assert.equal((await pruning).removedFiles, 2);
    await vault.openDraft(BEN).discard();
  });

  test('a vault with a damaged record gives no space back', async () => {
    await backUpDaily(vault, ADA, [3, 2, 1, 0]);
    writeFileSync(join(vault.dir, 'snapshots', ADA, '20260101T000000Z-00000000.json'), '{}');
    assert.equal((await thinned()).deferred, 'damaged');
  });
});

/** Each has a large file of its own. Returns them in the order given. */
async function backUpDaily(
  vault: Vault,
  udid: string,
  ago: readonly number[],
  { files = 10 } = {},
): Promise<SnapshotRecord[]> {
  const records: SnapshotRecord[] = [];
  for (const days of ago) {
    await using draft = vault.openDraft(udid);
    for (let n = 0; n < 10; n++) {
      if (n >= files) draft.remove(`${udid}/small-${n}`);
      else await put(draft, `${udid}/small-${n}`, Buffer.from(`${udid} ${n}`));
    }
    await put(draft, `${udid}/large`, Buffer.alloc(1_100_000, `${udid} ${days}`));
    records.push(
      await draft.commit({
        device: { name: 'A phone', productType: 'iPhone14,5', productVersion: '18.1', buildVersion: '22B83' },
        kind: 'full',
        encrypted: false,
        takenAt: daysAgo(days),
      }),
    );
  }
  return records;
}

async function put(draft: ReturnType<Vault['openDraft']>, path: string, content: Buffer): Promise<void> {
  const sink = draft.create(path);
  await sink.write(content);
  await sink.finish();
}
