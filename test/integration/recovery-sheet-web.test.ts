/** Recovery sheets over the API: pages to print, for the owner, for a while. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RecoverySheet } from '../../src/contract/index.ts';
import { BACKUP_PASSWORD, startBrowsingScene, type BrowsingScene } from '../support/browsing-scene.ts';

let scene: BrowsingScene;
before(async () => void (scene = await startBrowsingScene()));
after(() => scene[Symbol.asyncDispose]());

const make = (body: unknown): Promise<Response> =>
  scene.owner.ask(`devices/${scene.udid}/recovery-sheet`, { method: 'POST', body });

test('the owner gets a page that runs nothing; nobody else does', async () => {
  const made = await make({});
  assert.equal(made.status, 201);
  const { sheet, shares } = RecoverySheet.parse(await made.json());
  assert.deepEqual(shares, []);
  const page = await scene.owner.ask(sheet);
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  assert.match(page.headers.get('content-security-policy') ?? '', /^sandbox; default-src 'none'/);
  assert.equal(page.headers.get('cache-control'), 'no-store');
  assert.equal((await scene.administrator.ask(sheet)).status, 404);
  const asked = await scene.administrator.ask(`devices/${scene.udid}/recovery-sheet`, { method: 'POST', body: {} });
  assert.equal(asked.status, 403);
});

test('the password goes onto paper only when it opens the backup, and guessing has an end', async () => {
  const right = await make({ content: 'password', password: BACKUP_PASSWORD });
  assert.deepEqual([await isOnIt(await make({})), await isOnIt(right)], [false, true]);
  const split = await make({ content: { needed: 2, count: 3 }, password: BACKUP_PASSWORD });
  assert.equal(RecoverySheet.parse(await split.json()).shares.length, 3);
  for (let i = 0; i < 5; i++) {
    assert.equal((await make({ content: 'password', password: 'guessed' })).status, 403);
    // Needs no password: says nothing of the one that is sent.
    assert.equal((await make({ password: 'guessed' })).status, 201);
  }
  assert.equal((await make({ content: 'password', password: BACKUP_PASSWORD })).status, 429);
  const unlock = { method: 'POST', body: { password: BACKUP_PASSWORD } };
  assert.equal((await scene.owner.ask(`snapshots/${scene.snapshot}/unlock`, unlock)).status, 429);
});

/** A page says so where the password is on it. */
async function isOnIt(made: Response): Promise<boolean> {
  const page = await scene.owner.ask(RecoverySheet.parse(await made.json()).sheet);
  return (await page.text()).includes('Proven to open it when this page was made');
}
