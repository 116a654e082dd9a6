import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { z } from 'zod';
import {
  Alarm,
  DeviceRule,
  DeviceStatus,
  ForgetPlan,
  Job,
  LostPhone,
  SnapshotSummary,
  Status,
} from '../contract/index.ts';
import { ANNAS, ANNAS_VERSION, BENS, BENS_VERSION } from './fake-service.test-helper.ts';
import { startTestServer, type Browser, type TestServer } from './server.test-helper.ts';

let server: TestServer;
let anna: Browser;
let root: Browser;

beforeEach(async () => {
  server = startTestServer();
  root = await server.signedIn('Root', ['administrator', 'owner']);
  anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
});
afterEach(() => server[Symbol.asyncDispose]());

const post = (who: Browser, path: string, body: unknown = {}): Promise<Response> =>
  who.ask(path, { method: 'POST', body });

test('an owner restores their versions, to a device of theirs or one that nobody owns', async () => {
  await server.accounts.book.create({
    name: 'Ben',
    password: 'long enough',
    roles: ['owner'],
    devices: [BENS],
    language: 'de',
  });
  const restore = { snapshot: ANNAS_VERSION, udid: ANNAS };
  assert.equal((await post(anna, 'restore', restore)).status, 202);
  assert.equal((await post(anna, 'restore', { ...restore, udid: 'a-new-phone' })).status, 202);
  for (const wrong of [{ udid: BENS }, { snapshot: BENS_VERSION }, { snapshot: 'cccccccc' }]) {
    assert.equal((await post(anna, 'restore', { ...restore, ...wrong })).status, 403);
  }
  assert.equal((await post(root, 'restore', restore)).status, 403);
  const rehearsal = Job.parse(await (await post(anna, 'restore/plan', restore)).json());
  assert.deepEqual(rehearsal.result, { rehearse: true });
});

test('guessing a backup password by restoring and checking has an end, and asking for nothing new does not begin it anew', async () => {
  const restore = { snapshot: ANNAS_VERSION, udid: ANNAS };
  const wrong = { code: 'WRONG_PASSWORD', message: 'wrong' };
  server.service.restoresEnd = { state: 'failed', problem: wrong };
  const guess = { ...restore, password: 'a guess' };
  for (const path of ['restore', 'restore/plan', 'restore', 'restore/plan']) {
    assert.equal((await post(anna, path, guess)).status, 202, path);
  }
  server.service.restoresEnd = { state: 'failed', problem: { code: 'CONNECTION_LOST', message: 'lost' } };
  assert.equal((await post(anna, 'restore', { ...guess, devicePassword: 'another' })).status, 202);
  server.service.restoresEnd = { state: 'done' };
  assert.equal((await post(anna, 'restore', guess)).status, 202);
  server.service.restoresEnd = { state: 'failed', problem: wrong };
  assert.equal((await post(anna, 'restore', guess)).status, 202);
  for (const path of ['restore', 'restore/plan', `snapshots/${ANNAS_VERSION}/verify`]) {
    const answer = await post(anna, path, path.startsWith('restore') ? guess : { password: 'a guess' });
    assert.equal(answer.status, 429, path);
  }
  assert.equal((await post(anna, 'restore', restore)).status, 202);
});

test('parts of a version go to a device of theirs only, after a backup, and are told to nobody else', async () => {
  const parts = { snapshot: ANNAS_VERSION, udid: ANNAS, only: ['messages', 'app:com.example.diary'] };
  assert.equal((await post(anna, 'restore', parts)).status, 202);
  for (const [who, result] of [
    [anna, { rehearse: false, only: parts.only }],
    [root, undefined],
  ] as const) {
    for (const path of ['jobs/restore', 'jobs', `devices/${ANNAS}/jobs`]) {
      const told = z.union([Job.transform((job) => [job]), z.array(Job)]).parse(await (await who.ask(path)).json());
      assert.deepEqual(told.find(({ id }) => id === 'restore')?.result, result, path);
    }
  }
  assert.equal((await post(anna, 'restore', { ...parts, udid: 'a-new-phone' })).status, 403);
  for (const wrong of [
    { only: [] },
    { only: ['health'] },
    { only: ['app:../x'] },
    { safetyBackup: false },
    { removeOthers: false },
    { preserveSettings: true },
  ]) {
    assert.equal((await post(anna, 'restore', { ...parts, ...wrong })).status, 400, JSON.stringify(wrong));
  }
  const apps = await anna.ask(`snapshots/${ANNAS_VERSION}/apps`);
  assert.deepEqual(await apps.json(), [{ id: 'com.example.diary', name: 'Diary' }]);
  assert.equal((await root.ask(`snapshots/${ANNAS_VERSION}/apps`)).status, 403);
});

test('versions are forgotten by who sees all of them; tokens need leave to administer', async () => {
  const plan = await post(anna, 'snapshots/forget/plan', { snapshots: [ANNAS_VERSION] });
  assert.deepEqual(
    ForgetPlan.parse(await plan.json()).snapshots.map(({ id }) => id),
    [ANNAS_VERSION],
  );
  const both = { snapshots: [ANNAS_VERSION, BENS_VERSION] };
  for (const path of ['snapshots/forget/plan', 'snapshots/forget']) {
    assert.equal((await post(anna, path, both)).status, 403);
  }
  assert.equal((await post(root, 'snapshots/forget', both)).status, 202);
  const token = await server.token('Program', ['administrator'], [], ['status', 'operate']);
  const headers = { authorization: `Bearer ${token}` };
  const ask = { method: 'POST', body: both, headers };
  assert.equal((await server.ask('snapshots/forget/plan', ask)).status, 200);
  assert.equal((await server.ask('snapshots/forget', ask)).status, 403);
});

test('a version is shown, pinned and named by who sees its device', async () => {
  const pinned = await anna.ask(`snapshots/${ANNAS_VERSION}`, { method: 'PATCH', body: { pinned: true } });
  assert.equal(SnapshotSummary.parse(await pinned.json()).pinned, true);
  assert.equal((await anna.ask(`snapshots/${ANNAS_VERSION}`)).status, 200);
  assert.equal((await root.ask('snapshots/cccccccc')).status, 404);
});

test('the numbers of a lost phone are its owner’s alone', async () => {
  const lost = LostPhone.parse(await (await anna.ask(`devices/${ANNAS}/lost`)).json());
  assert.equal(lost.serialNumber, 'C39XXXXXXXXX');
  assert.equal((await root.ask(`devices/${ANNAS}/lost`)).status, 403);
});

test('encryption is changed by the owner alone, and no answer repeats a password', async () => {
  const body = { change: { kind: 'on', newPassword: 'secret of the backup' } };
  const answer = await post(anna, `devices/${ANNAS}/encryption`, body);
  assert.deepEqual([answer.status, (await answer.text()).includes('secret')], [202, false]);
  assert.equal((await post(root, `devices/${ANNAS}/encryption`, body)).status, 403);
  assert.doesNotMatch(server.logged.join('\n'), /secret/);
});

test('what would come of a rule is told without changing anything', async () => {
  const path = `devices/${ANNAS}/rule/preview`;
  const told = await post(anna, path, { everyHours: 12 });
  assert.deepEqual(await told.json(), { asksPasscode: true, next: ['2026-11-23T18:00:00.000Z'] });
  assert.equal((await post(anna, path, { everyHour: 12 })).status, 400);
  assert.equal((await post(anna, `devices/${BENS}/rule/preview`, {})).status, 403);
});

test('the rule of a device is what was said of it over what is said of all', async () => {
  const path = `devices/${ANNAS}/rule`;
  const changed = await anna.ask(path, { method: 'PATCH', body: { everyHours: 12, onPower: null } });
  const { said, rule } = DeviceRule.parse(await changed.json());
  assert.deepEqual([said.everyHours, rule.everyHours, rule.onPower], [12, 12, true]);
  const misspelt = await anna.ask(path, { method: 'PATCH', body: { everyHour: 12 } });
  assert.equal(misspelt.status, 400);
});

test('a device belongs to who pairs with it, unless it has an owner', async () => {
  assert.equal((await post(root, `devices/${BENS}/pair`)).status, 202);
  await new Promise((go) => void setImmediate(go));
  assert.deepEqual(ownersOf(BENS), ['Root']);
  assert.equal((await post(root, `devices/${ANNAS}/pair`)).status, 202);
  await new Promise((go) => void setImmediate(go));
  assert.deepEqual(ownersOf(ANNAS), ['Anna']);
});

test('as long as there is one account, devices that come are its', async () => {
  await using alone = startTestServer();
  await alone.accounts.book.create({
    name: 'Anna',
    password: 'long enough',
    roles: ['administrator', 'owner'],
    devices: [],
    language: 'en',
  });
  const device = await alone.service.device(BENS);
  assert.ok(device);
  alone.service.tell({ event: 'device', device: { ...device, trusted: false } });
  alone.service.tell({ event: 'device', device: { ...device, udid: 'another' } });
  await new Promise((go) => void setImmediate(go));
  assert.deepEqual(alone.accounts.book.list()[0]?.devices, ['another']);
});

test('alarms are seen and muted by who sees the device, those of the machine by administrators', async () => {
  assert.deepEqual([await alarmsOf(anna), await alarmsOf(root)], [[], ['overdue', 'disk-filling']]);
  const mute = { method: 'PATCH', body: { mutedUntil: '2026-12-01T00:00:00.000Z' } };
  const muted = await root.ask('alarms/disk-filling', mute);
  assert.equal(Alarm.parse(await muted.json()).mutedUntil, '2026-12-01T00:00:00.000Z');
  assert.equal((await root.ask('alarms/none', mute)).status, 404);
  assert.equal((await anna.ask('alarms/overdue', mute)).status, 403);
  const ben = await server.signedIn('Ben', ['owner'], [BENS]);
  assert.equal((await ben.ask('alarms/overdue', mute)).status, 200);
});

test('the secret of a channel goes in and is in no answer', async () => {
  const put = { method: 'PUT', body: { secret: 'hunter2' } };
  assert.equal((await root.ask('alarms/channels/mail/secret', put)).status, 204);
  assert.equal((await anna.ask('alarms/channels/mail/secret', put)).status, 403);
  assert.doesNotMatch(await (await root.ask('alarms/channels')).text(), /hunter2/);
  assert.equal((await post(root, 'alarms/channels/mail/test')).status, 204);
});

test('reports of checkups are for administrators, as pages that run nothing and files that are kept', async () => {
  assert.equal((await post(root, 'checkups', { quick: true })).status, 202);
  const page = await root.ask('checkups/0001-2026-11-01/report.html');
  assert.deepEqual([page.status, await page.text()], [200, 'the report.html']);
  assert.match(page.headers.get('content-security-policy') ?? '', /^sandbox; default-src 'none'/);
  const pdf = await root.ask('checkups/0001-2026-11-01/report.pdf');
  assert.equal(pdf.headers.get('content-disposition'), 'attachment; filename="checkup-0001-2026-11-01.pdf"');
  assert.equal((await root.ask('checkups/0002-2026-12-01/report.json')).status, 404);
  assert.equal((await root.ask('checkups/0001-2026-11-01/secrets.key')).status, 400);
  assert.equal((await root.ask('checkups/..%2f..%2faccounts/report.json')).status, 400);
  assert.equal((await anna.ask('checkups/0001-2026-11-01/report.html')).status, 403);
});

test('where versions lie is told of their device to its owner, of all to administrators', async () => {
  const own = DeviceStatus.parse(await (await anna.ask(`devices/${ANNAS}/status`)).json());
  assert.equal(own.udid, ANNAS);
  const all = Status.parse(await (await root.ask('status')).json());
  assert.deepEqual(
    all.devices.map(({ udid }) => udid),
    [ANNAS, BENS],
  );
});

async function alarmsOf(who: Browser): Promise<string[]> {
  const alarms = z.array(Alarm).parse(await (await who.ask('alarms')).json());
  return alarms.map(({ id }) => id);
}

function ownersOf(udid: string): string[] {
  return server.accounts.book.ownersOf(udid).map(({ name }) => name);
}
