/** Who may look into a version, what opens it, and what locks it again. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ContentLock, Conversations, type LiveEvent, Problem, SearchResult } from '../../src/contract/index.ts';
import { keepPassword, loadBrowsing, openSecretStore } from '../../src/service/index.ts';
import type { Browser } from '../../src/server/server.test-helper.ts';
import { BACKUP_PASSWORD, startBrowsingScene, type BrowsingScene } from '../support/browsing-scene.ts';
import { eventsOf } from '../support/events-of.ts';

const READING = [
  'coverage',
  'files',
  'files/folder?domain=HomeDomain',
  'files/find?name=sms.db',
  'files/content/SG9tZURvbWFpbgBMaWJyYXJ5L1NNUy9zbXMuZGI',
  'search?q=the',
  'messages/conversations',
  'messages/conversations/abc',
  'contacts',
  'calls',
  'voicemail',
  'notes',
  'calendar?month=2026-05',
  'safari/history',
  'whatsapp/chats',
  'whatsapp/place?message=abc',
  'reminders',
  'reminders/place?reminder=abc',
  'voice-memos',
  'voice-memos/place?memo=abc',
  'voice-memos/abc/transcript',
  'voice-memos/abc/recording',
  'installed-apps',
  'installed-apps/abc/icon',
  'wifi',
  'accounts',
  'alarms',
  'blocked',
  'health',
  'photos/days',
  'photos/0/thumbnail',
  'photos/0/original',
  'take-out',
  'take-out/formats',
];

describe('an encrypted version', () => {
  let scene: BrowsingScene;
  let version: string;
  before(async () => {
    scene = await startBrowsingScene();
    version = `snapshots/${scene.snapshot}`;
  });
  after(() => scene[Symbol.asyncDispose]());

  const stateNow = async (): Promise<ContentLock> => ContentLock.parse(await scene.get(`${version}/lock`));
  const unlock = (body: unknown, who = scene.owner): Promise<Response> =>
    who.ask(`${version}/unlock`, { method: 'POST', body });

  test('answers 401 to strangers, 403 to an administrator and 423 to its owner while it is locked', async () => {
    for (const path of READING) {
      assert.equal((await scene.server.ask(`${version}/${path}`)).status, 401, path);
      assert.equal((await scene.administrator.ask(`${version}/${path}`)).status, 403, path);
      const answer = await scene.owner.ask(`${version}/${path}`);
      assert.equal(answer.status, 423, path);
      assert.equal(Problem.parse(await answer.json()).code, 'CONTENT_LOCKED', path);
    }
    assert.equal((await unlock({ password: BACKUP_PASSWORD }, scene.administrator)).status, 403);
  });

  test('opens with its password alone, and says so', async () => {
    assert.deepEqual(await stateNow(), {
      snapshot: scene.snapshot,
      state: 'locked',
      needsPassword: true,
      canUseKept: false,
      opensUnasked: false,
    });
    const wrong = await unlock({ password: 'not the password' });
    assert.equal(wrong.status, 403);
    assert.equal(Problem.parse(await wrong.json()).code, 'WRONG_PASSWORD');
    assert.equal((await unlock({})).status, 423);
    assert.equal((await unlock({ password: BACKUP_PASSWORD })).status, 200);
    const state = await stateNow();
    assert.equal(state.state, 'unlocked');
    assert.ok(state.locksAt !== undefined);
    assert.ok(Conversations.parse(await scene.get(`${version}/messages/conversations`)).total > 0);
  });

  test('is open for that session only', async () => {
    const answer = await scene.server.ask('session', {
      method: 'POST',
      body: { name: 'Anna', password: 'correct horse battery' },
    });
    const cookie = answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const other = await scene.server.ask(`${version}/contacts`, { headers: { cookie } });
    assert.equal(other.status, 423);
  });

  test('locks on request, ends what is being sent, and is forgotten by the search that used its words', async () => {
    assert.ok(SearchResult.parse(await scene.get(`${version}/search?q=the`)).hits.length > 0);
    const file = Buffer.from('CameraRollDomain\0Media/PhotoData/Photos.sqlite').toString('base64url');
    const sending = await scene.owner.ask(`${version}/files/content/${file}`);
    assert.equal(sending.status, 200);
    const locked = await scene.owner.ask(`${version}/lock`, { method: 'POST' });
    assert.equal(ContentLock.parse(await locked.json()).state, 'locked');
    await assert.rejects(sending.arrayBuffer());
    assert.equal((await scene.owner.ask(`${version}/search?q=the`)).status, 423);
  });

  test('locks when its session ends', async () => {
    assert.equal((await unlock({ password: BACKUP_PASSWORD })).status, 200);
    const { cookie, csrfToken } = scene.owner;
    const headers = { cookie, 'x-holdfast-csrf': csrfToken };
    assert.ok((await scene.server.ask('session', { method: 'DELETE', headers })).ok);
    assert.equal((await scene.owner.ask(`${version}/contacts`)).status, 401);
  });
});

describe('guessing and keeping', () => {
  let scene: BrowsingScene;
  let version: string;
  before(async () => {
    scene = await startBrowsingScene();
    version = `snapshots/${scene.snapshot}`;
  });
  after(() => scene[Symbol.asyncDispose]());

  const unlock = (body: unknown): Promise<Response> => scene.owner.ask(`${version}/unlock`, { method: 'POST', body });

  test('a password kept for the service opens nothing until the owner has allowed it with the password', async () => {
    keepPassword(
      openSecretStore({ stateDir: scene.both.directory }, process.env),
      { udid: scene.udid, keybag: undefined },
      BACKUP_PASSWORD,
    );
    assert.equal((await unlock({})).status, 423);
    const use = (body: unknown): Promise<Response> =>
      scene.owner.ask(`devices/${scene.udid}/kept-password`, { method: 'PUT', body });
    assert.equal((await use({ useKept: true })).status, 423);
    assert.equal((await use({ useKept: true, password: 'wrong' })).status, 403);
    assert.equal((await use({ useKept: true, password: BACKUP_PASSWORD })).status, 200);
    await scene.owner.ask(`${version}/lock`, { method: 'POST' });
    assert.equal((await unlock({})).status, 200);
    await scene.owner.ask(`${version}/lock`, { method: 'POST' });
    assert.equal((await use({ useKept: false })).status, 200);
    assert.equal((await unlock({})).status, 423);
  });

  test('too many wrong passwords have to wait', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push((await unlock({ password: `guess ${i}` })).status);
    assert.deepEqual(statuses.slice(-2), [429, 429]);
    assert.equal((await unlock({ password: BACKUP_PASSWORD })).status, 429);
  });

  test('nothing of what was read lies in the clear in the state folder, and no password in the log', () => {
    const state = scene.both.directory;
    for (const name of readdirSync(state, { recursive: true, encoding: 'utf8' })) {
      const path = join(state, name);
      if (/^(?:vault|phone|mux|pairs)/.test(name) || !statSync(path).isFile()) continue;
      assert.doesNotMatch(readFileSync(path, 'latin1'), /SQLite format 3|Bahnhof|\xff\xd8\xff\xe0/, name);
    }
    assert.equal(existsSync(join(state, 'take-out')), false);
    assert.doesNotMatch(scene.server.logged.join('\n'), new RegExp(BACKUP_PASSWORD));
  });
});

describe('a version that nobody reads any more', () => {
  test('locks by itself, and its visitor is told', async () => {
    await using scene = await startBrowsingScene();
    const { vaultDir, directory: stateDir } = scene.both;
    const { Browsing } = await loadBrowsing();
    const clock = { now: Date.now() };
    const told: string[][] = [];
    await using browsing = new Browsing({
      vaultDir,
      stateDir,
      secrets: openSecretStore({ stateDir }, {}),
      limits: { idleMs: 60_000 },
      onLocked: (...what) => told.push(what),
      now: () => clock.now,
    });
    const visitor = { id: 'session a', accountId: 'anna', ended: new AbortController().signal };
    await browsing.unlock(visitor, scene.snapshot, BACKUP_PASSWORD);
    await browsing.lockIdle();
    assert.deepEqual(told, []);
    clock.now += 61_000;
    await browsing.lockIdle();
    assert.deepEqual(told, [['session a', scene.snapshot]]);
    assert.equal((await browsing.stateOf(visitor, scene.snapshot)).state, 'locked');
  });
});

test('whoever follows what happens is told that their version locked again, by hand and by time, and nobody else is', async (t) => {
  await using scene = await startBrowsingScene();
  const version = `snapshots/${scene.snapshot}`;
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: Date.now() });
  const leaving = new AbortController();
  const other = await scene.server.signedIn('Ben', ['owner'], [scene.udid]);
  const follow = async ({ ask }: Browser): Promise<() => Promise<LiveEvent>> => {
    const next = eventsOf(await ask('events', { signal: leaving.signal }));
    return () => next(({ event }) => event === 'changed');
  };
  const [theirs, others] = [await follow(scene.owner), await follow(other)];
  // Both listen from here on.
  const [first, othersFirst] = [theirs(), others()];
  const unlock = async (): Promise<void> => {
    const answer = await scene.owner.ask(`${version}/unlock`, { method: 'POST', body: { password: BACKUP_PASSWORD } });
    assert.equal(ContentLock.parse(await answer.json()).state, 'unlocked');
  };
  const told: LiveEvent = { event: 'changed', what: 'locks', snapshot: scene.snapshot };
  await unlock();
  await scene.owner.ask(`${version}/lock`, { method: 'POST' });
  assert.deepEqual(await first, told);
  await unlock();
  t.mock.timers.tick(16 * 60_000);
  assert.deepEqual(await theirs(), told);
  assert.equal(ContentLock.parse(await scene.get(`${version}/lock`)).state, 'locked');
  const forAll: LiveEvent = { event: 'changed', what: 'settings' };
  scene.server.service.tell(forAll);
  assert.deepEqual([await theirs(), await othersFirst], [forAll, forAll]);
  leaving.abort();
});

describe('a version without encryption', () => {
  test('opens by itself for its owner, and for nobody else', async () => {
    await using scene = await startBrowsingScene({ encrypted: false });
    const version = `snapshots/${scene.snapshot}`;
    const state = ContentLock.parse(await scene.get(`${version}/lock`));
    assert.deepEqual([state.state, state.needsPassword], ['unlocked', false]);
    assert.ok(Conversations.parse(await scene.get(`${version}/messages/conversations`)).total > 0);
    assert.equal((await scene.administrator.ask(`${version}/contacts`)).status, 403);
    assert.equal((await scene.owner.ask('snapshots/00000000/contacts')).status, 403);
  });
});
