/** Parts of a version brought back over the API by the service, to a virtual iPhone that watches every word. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { Job, RestoreCheck, RestoreParts, VersionApps } from '../../src/contract/index.ts';
import { startTestServer, type Browser, type TestServer } from '../../src/server/server.test-helper.ts';
import { mutateLibrary } from '../../src/virtual-iphone/index.ts';
import { contentsOf, type Contents } from '../support/compare.ts';
import { exchanged, sorted } from '../support/selective-scene.ts';
import { ServiceScene } from '../support/service-scene.ts';

const PASSWORD = 'correct horse';
const isMessages = (place: string): boolean => / Library\/SMS(?:\/|$)/.test(place);

const Result = z.object({
  checks: z.array(RestoreCheck),
  parts: RestoreParts,
  comparedWith: z.object({ snapshot: z.string() }),
  wayBack: z.string().optional(),
});

let scene: ServiceScene;
let server: TestServer;
let owner: Browser;
let administrator: Browser;
let older: string;
let then: Contents;

before(async () => {
  scene = await ServiceScene.start({
    phone: { library: 'small', backupPassword: PASSWORD },
    service: { automatic: false },
  });
  const { service, udid, phone } = scene;
  server = startTestServer({ service });
  owner = await server.signedIn('Anna', ['owner'], [udid]);
  administrator = await server.signedIn('Root', ['administrator']);
  await present();
  older = (await service.waitForJob((await service.startBackup(udid)).id))?.snapshot ?? '';
  then = contentsOf(phone);
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await scene[Symbol.asyncDispose]();
});

test('the apps of a version are named to its owner, without its password', async () => {
  const apps = VersionApps.parse(await (await owner.ask(`snapshots/${older}/apps`)).json());
  assert.ok(apps.some(({ id }) => id === 'com.example.papermill'));
  assert.equal((await administrator.ask(`snapshots/${older}/apps`)).status, 403);
});

test('a rehearsal tells what would be exchanged, and changes nothing', async () => {
  const now = aDayGoesBy();
  const job = await restored('restore/plan', { only: ['messages', 'app:com.example.papermill'] });
  assert.equal(job.state, 'done', JSON.stringify(job.problem));
  const { checks, parts, comparedWith } = Result.parse(job.result);
  assert.deepEqual(
    parts.exchanged.map(({ id }) => id),
    ['messages', 'app:com.example.papermill'],
  );
  assert.ok((parts.exchanged[0]?.after.items ?? 0) > 0);
  assert.ok(checks.every(({ outcome }) => outcome !== 'stops'));
  assert.equal(comparedWith.snapshot, older);
  assert.equal((await scene.service.snapshots()).length, 1);
  assert.deepEqual(sorted(contentsOf(scene.phone)), sorted(now));
});

test('what was chosen comes back, the rest stays, and what was there is kept', async () => {
  const now = aDayGoesBy();
  const job = await restored('restore', { only: ['messages'] });
  assert.equal(job.state, 'done', JSON.stringify(job.problem));
  const { wayBack } = Result.parse(job.result);
  assert.equal(wayBack, job.snapshot);
  assert.notEqual(wayBack, older);
  assert.deepEqual(sorted(contentsOf(scene.phone)), sorted(exchanged(now, then, isMessages)));
  assert.deepEqual(scene.phone.breaches.list(), []);
  const kept = (await scene.service.snapshots()).find(({ id }) => id === wayBack);
  assert.match(kept?.note ?? '', /messages/);
});

test('who runs the machine sees that it ran, and neither what came back nor a password', async () => {
  const jobs = z.array(Job).parse(await (await administrator.ask('jobs')).json());
  const restores = jobs.filter(({ kind }) => kind === 'restore');
  assert.deepEqual(
    restores.map(({ state, result, warnings }) => ({ state, result, warnings })),
    restores.map(() => ({ state: 'done', result: undefined, warnings: [] })),
  );
  const everything = JSON.stringify([scene.service.jobs(), scene.events, scene.logged, server.logged]);
  assert.ok(!everything.includes(PASSWORD));
});

test('a wrong password stops it before anything is written', async () => {
  const now = aDayGoesBy();
  const job = await restored('restore', { only: ['messages'], password: 'guessed' });
  assert.deepEqual([job.state, job.problem?.code], ['failed', 'WRONG_PASSWORD']);
  assert.deepEqual(sorted(contentsOf(scene.phone)), sorted(now));
});

/** Something new everywhere; the phone has restarted since it was last restored. */
function aDayGoesBy(): Contents {
  scene.phone.reboot();
  mutateLibrary(scene.phone.disk, { share: 0.05 });
  return contentsOf(scene.phone);
}

/** A phone that has restarted is away for a moment. */
function present(): Promise<unknown> {
  return scene.until('the phone', async () => (await scene.service.device(scene.udid))?.link !== undefined);
}

async function restored(path: string, wanted: object): Promise<Job> {
  const { udid } = scene;
  await present();
  const body = { snapshot: older, udid, password: PASSWORD, ...wanted };
  const answer = await owner.ask(path, { method: 'POST', body });
  const said: unknown = await answer.json();
  assert.equal(answer.status, 202, JSON.stringify(said));
  const job = await scene.service.waitForJob(Job.parse(said).id);
  assert.ok(job);
  return job;
}
