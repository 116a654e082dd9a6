import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAppError } from '../../shared/errors.ts';
import { openVaultWith } from '../open-vault.ts';
import { RecordedDisk, type Luck } from '../power-cut.test-helper.ts';
import { contentOf, packable, takeSnapshot, TemporaryVault, UNSYNCED_DISK } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';
import { finishMove, moveVault } from './move-vault.ts';

type Content = ReadonlyMap<string, string | null>;

test('the power may go at any moment of a move: one of both places has everything, and it can be gone on with', async (t) => {
  using place = new TemporaryVault();
  const contents = new Map<string, Content>();
  {
    await using vault = await place.open();
    for (let n = 0; n < 2; n++) {
      const files = {
        changing: `version ${n} `.repeat(900),
        [`large ${n}`]: n === 0 ? packable('large') : Buffer.alloc(1_060_000, `large ${n} `),
      };
      const record = await takeSnapshot(vault, files);
      await vault.labels.set(record, { name: `number ${n}` });
      contents.set(record.id, await contentOf(vault, record));
    }
  }
  const recorder = new RecordedDisk(place.root);
  recorder.start();
  const request = { from: place.dir, to: join(place.root, 'new'), noteMove: async () => {} };
  for await (const _event of moveVault(request, { disk: recorder.disk })) continue;
  recorder.stop();
  assert.ok(recorder.operations.length > 40);
  const root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (let count = 0; count <= recorder.operations.length; count++) {
    const [what, luck] = luckOf(count);
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root);
    recorder.replay(count, root, luck, count % 2 === 0);
    await assertNothingLost(root, contents, `after ${count} operations, ${what}`);
  }
});

/** What reached the disk of what was not synced: by turns nothing, everything, this and that. */
function luckOf(count: number): [string, Luck] {
  if (count % 3 === 0) return ['everything', () => true];
  if (count % 3 === 1) return ['nothing unsynced', () => false];
  let state = count;
  const random = (): boolean => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state > 2 ** 31;
  };
  return ['some of it', random];
}

/** The note in the old place names the folder of the recording, which is another one here. */
async function assertNothingLost(root: string, contents: ReadonlyMap<string, Content>, where: string): Promise<void> {
  const [from, to] = [join(root, 'vault'), join(root, 'new')];
  const [old, arrived] = [await openIfThere(from), await openIfThere(to)];
  assert.ok(old !== undefined || arrived !== undefined, `there is no vault ${where}`);
  for (const vault of [old, arrived]) if (vault !== undefined) await assertWhole(vault, contents, where);
  const isSwitched = old === undefined;
  await old?.close();
  await arrived?.close();
  const request = { from, to, noteMove: async () => {} };
  const goingOn = isSwitched ? finishMove(from, UNSYNCED_DISK) : moveVault(request, { disk: UNSYNCED_DISK });
  for await (const _event of goingOn) continue;
  await using vault = await openVaultWith(to, { purpose: 'a test' }, { disk: UNSYNCED_DISK });
  await assertWhole(vault, contents, `gone on with ${where}`);
}

async function openIfThere(dir: string): Promise<Vault | undefined> {
  try {
    return await openVaultWith(dir, { purpose: 'a test' }, { disk: UNSYNCED_DISK });
  } catch (error) {
    if (isAppError(error, 'VAULT_MOVED', 'VAULT_NOT_FOUND')) return undefined;
    throw error;
  }
}

async function assertWhole(vault: Vault, contents: ReadonlyMap<string, Content>, where: string): Promise<void> {
  const there = new Map(vault.snapshots().map((record) => [record.id, record]));
  for (const [id, content] of contents) {
    const record = there.get(id);
    assert.ok(record !== undefined, `${id} is lost ${where}`);
    assert.deepEqual(await contentOf(vault, record), content, where);
    assert.ok(vault.labels.get(record).name?.startsWith('number'), where);
  }
  for await (const event of vault.verify()) assert.notEqual(event.kind, 'problem', where);
}
