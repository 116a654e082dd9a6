import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { addFolderCopy } from './add-copy.ts';
import { CopiesScene, eventsOf, takeSnapshot } from './copies.test-helper.ts';
import { attemptsOf } from './history.ts';
import { findEntry, readRegistry, type CopyEntry } from './registry.ts';
import { removeCopy } from './remove-copy.ts';
import { runCopy, verifyCopy } from './work.ts';

describe('while something is done with a copy', () => {
  test('nobody else begins with it, which is no failure of the copy', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    await takeSnapshot(vault, { x: 'one' });
    await addFolderCopy(scene.context, vault, { name: 'disk', everyHours: 24, dir: scene.path('disk') });
    const entry = await findEntry(scene.context.stateDir, 'disk');
    const running = runCopy(scene.context, vault, entry);
    assert.notEqual((await running.next()).value?.kind, 'done');
    const busy = { code: 'ALREADY_RUNNING', message: /something is being done with the copy disk/ };
    await assert.rejects(Array.fromAsync(runCopy(scene.context, vault, entry)), busy);
    await assert.rejects(Array.fromAsync(verifyCopy(scene.context, vault, entry)), busy);
    await assert.rejects(removeCopy(scene.context, 'disk'), busy);
    assert.equal((await eventsOf(running, 'done'))[0]?.copied, 1);
    await eventsOf(verifyCopy(scene.context, vault, entry), 'done');
    assert.deepEqual(await outcomesOf(scene, entry), ['run done', 'verify done']);
    await removeCopy(scene.context, 'disk');
  });
});

test('what several processes change in the list at once is all kept', async () => {
  using scene = new CopiesScene();
  const { stateDir } = scene.context;
  await using vault = await scene.openVault();
  await addFolderCopy(scene.context, vault, { name: 'shared', everyHours: 24, dir: scene.path('disk') });
  const changer = fileURLToPath(import.meta.resolve('./list-changer.test-helper.ts'));
  const names = ['one', 'two'];
  await Promise.all(names.map((name) => promisify(execFile)(process.execPath, [changer, stateDir, name])));
  const entries = await readRegistry(stateDir);
  for (const name of names) assert.equal(entries.filter((entry) => entry.name.startsWith(`${name}-`)).length, 15);
  assert.equal(entries.find(({ name }) => name === 'shared')?.everyHours, 24 + 2 * 15);
});

async function outcomesOf({ context }: CopiesScene, { name }: CopyEntry): Promise<string[]> {
  return (await attemptsOf(context.stateDir, name)).map(({ kind, outcome }) => `${kind} ${outcome}`);
}
