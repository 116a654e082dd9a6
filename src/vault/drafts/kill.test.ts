import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { contentOf, FACTS, TemporaryVault, UDID } from '../vault.test-helper.ts';

const ROUNDS = 4;

/** Writes files with increasing numbers for ever, and a snapshot now and then, until it is killed. */
const WRITER = `
  const { openVaultWith } = await import(process.argv[1]);
  const { FACTS, UDID, putFiles } = await import(process.argv[2]);
  const vault = await openVaultWith(process.argv[3], { create: true, purpose: 'a test' }, { groupLimits: { operations: 7 } });
  for (let snapshot = 0; ; snapshot++) {
    const draft = vault.openDraft(UDID);
    const first = draft.list(UDID).length;
    console.log('going');
    for (let i = first; i < first + 50; i++) {
      await putFiles(draft, { ['n' + String(i).padStart(6, '0')]: i % 10 === 9 ? Buffer.alloc(200000, String(i)) : String(i) });
    }
    await draft.commit(FACTS);
  }
`;

test('a process killed at any moment leaves whole snapshots and a draft to go on from', async () => {
  using place = new TemporaryVault();
  for (let round = 0; round < ROUNDS; round++) {
    await writeUntilKilled(place.dir, round);
    await using vault = await place.open();
    const records = vault.snapshots();
    for (const record of records.slice(0, 2)) assertConsecutive([...(await contentOf(vault, record)).keys()]);
    for await (const event of vault.verify()) assert.notEqual(event.kind, 'problem');
    const draft = vault.openDraft(UDID);
    assertConsecutive(draft.list(UDID).map(({ name }) => name));
    for (const { name } of draft.list(UDID))
      await Array.fromAsync(draft.read(`${UDID}/${name}`).chunks(), () => undefined);
    if (round % 2 === 1) await draft.commit(FACTS);
    const left = readdirSync(place.dir, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      left.filter((name) => /\.(tmp|removed)$|^tmp\/./.test(name)),
      [],
    );
  }
});

/** Files are written in order, and a group commit cuts that order at one place. */
function assertConsecutive(names: string[]): void {
  assert.deepEqual(
    names.toSorted(),
    names.map((_, i) => `n${String(i).padStart(6, '0')}`),
  );
}

async function writeUntilKilled(vaultDir: string, round: number): Promise<void> {
  const modules = ['../open-vault.ts', '../vault.test-helper.ts'].map((each) => new URL(each, import.meta.url).href);
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, ...modules, vaultDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  // Killed some way into the writing, elsewhere each time.
  let lines = 0;
  for await (const _ of createInterface({ input: child.stdout })) if (++lines > round % 3) break;
  await new Promise((resolve) => setTimeout(resolve, 3 + round * 7));
  child.kill('SIGKILL');
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL');
}
