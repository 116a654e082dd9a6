/** Alarms of the running service, with a virtual iPhone that stays away and a real mail server on loopback. */
import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { type MailServer, startMailServer, startWebServer } from '../../src/notify/loopback.test-helper.ts';
import { ServiceScene } from '../support/service-scene.ts';

const DAY_MS = 86_400_000;

async function startScene(notify: object): Promise<ServiceScene> {
  const scene = await ServiceScene.start({
    before: ({ places }) => writeFile(places.settingsFile, settingsWith(notify)),
  });
  // Versions are dated by the clock on the wall, which the one of the scene may be behind.
  scene.clock.jump(DAY_MS);
  return scene;
}

function settingsWith(notify: object): string {
  // Whether a checkup is late depends on today's date.
  return JSON.stringify({ checkup: { automatic: false }, notify });
}

function mailTo({ port }: MailServer, more: object = {}): object {
  const to = ['anna@example.org'];
  return {
    id: 'mail',
    kind: 'mail',
    host: 'localhost',
    port,
    security: 'none',
    sender: 'nas@example.org',
    to,
    ...more,
  };
}

const subjects = ({ mails }: MailServer): string[] =>
  mails.map(({ raw }) => /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(raw)?.[1]?.replaceAll(/\s+/g, ' ').trim() ?? '?');

const OVERDUE = 'Ada has not been backed up for 9 days';

describe('an overdue phone', () => {
  test('is told by mail once, not again by a service that starts anew, and that it is over', async () => {
    await using server = await startMailServer();
    const notify = { channels: [mailTo(server)] };
    await using scene = await startScene(notify);
    const { clock, phone } = scene;
    await scene.ended(scene.udid, 'done');
    await scene.waitsFor('not-due');
    phone.unplug();
    await scene.waitsFor('not-due');
    clock.jump(9.1 * DAY_MS);
    await scene.until('a mail', () => server.mails.length > 0);
    assert.deepEqual(subjects(server), [OVERDUE]);
    const [alarm] = scene.service.alarms();
    assert.partialDeepStrictEqual(alarm, { id: `overdue:${scene.udid}`, level: 'at-risk', grade: 1 });
    assert.equal((await scene.service.overview()).alarms.length, 1);
    assert.ok(scene.events.some((event) => event.event === 'changed' && event.what === 'alarms'));

    await scene.stopService();
    clock.jump(0.5 * DAY_MS);
    await scene.startService();
    await scene.waitsFor('out-of-reach');
    phone.plug();
    await scene.until('the second mail', () => server.mails.length > 1);
    assert.deepEqual(subjects(server), [OVERDUE, 'Ada is no longer overdue']);
    assert.deepEqual(scene.service.alarms(), []);
    // The server has it a moment before the service knows.
    await scene.until('that nothing waits', () => scene.service.alarmChannels()[0]?.waiting === 0);
  });

  test('is told when the mail server is there again, once', async () => {
    await using server = await startMailServer();
    let isDown = true;
    await using down = await startMailServer({
      onConnect: (_session, done) => done(isDown ? Object.assign(new Error('later'), { responseCode: 421 }) : null),
    });
    const notify = { channels: [mailTo(down), mailTo(server, { id: 'other' })] };
    await using scene = await startScene(notify);
    await scene.ended(scene.udid, 'done');
    scene.phone.unplug();
    scene.clock.jump(9.1 * DAY_MS);
    await scene.until('the failure', () => scene.service.alarmChannels()[0]?.failingSince);
    await scene.until('the mail over the other', () => server.mails.length === 1);
    await scene.stopService();
    isDown = false;
    scene.clock.jump(DAY_MS / 24);
    await scene.startService();
    await scene.until('the mail', () => down.mails.length > 0);
    scene.clock.jump(DAY_MS / 24);
    await scene.until('that nothing waits', () => scene.service.alarmChannels().every(({ waiting }) => waiting === 0));
    assert.deepEqual([subjects(down), subjects(server)], [[OVERDUE], [OVERDUE]]);
  });
});

test('a vault that goes away is an alarm, and the sign of life says so', async () => {
  await using web = await startWebServer();
  const notify = { ping: { url: `${web.url}/life`, everyMinutes: 60 } };
  await using scene = await startScene(notify);
  await scene.ended(scene.udid, 'done');
  const { vaultDir } = scene.service;
  const pinged = (path: string): boolean => web.requests.some((request) => request.path === path);
  await scene.until('a sign of life', () => pinged('/life'));
  assert.equal(pinged('/life/fail'), false);
  await rename(vaultDir, `${vaultDir}.away`);
  scene.clock.jump(DAY_MS / 24);
  await scene.until('the alarm', () => scene.service.alarms().some(({ id }) => id === 'vault-missing'));
  await scene.until('the other sign', () => pinged('/life/fail'));
  assert.equal((await scene.service.overview()).verdict, 'at-risk');
  await rename(`${vaultDir}.away`, vaultDir);
  scene.clock.jump(DAY_MS / 24);
  await scene.until('its end', () => scene.service.alarms().every(({ id }) => id !== 'vault-missing'));
});

test('a phone that is about to ask for its passcode is told of', async () => {
  await using server = await startMailServer();
  const phone = { productVersion: '18.5', passcode: { mode: 'accept', delayMs: 300 } } as const;
  await using scene = await ServiceScene.start({
    phone,
    before: ({ places }) => writeFile(places.settingsFile, settingsWith({ channels: [mailTo(server)] })),
  });
  scene.phone.setLocked(false);
  await scene.until('the mail', () => server.mails.length > 0);
  assert.deepEqual(subjects(server), [
    'Ada is due for a backup: unlock it at home and enter the passcode when it asks',
  ]);
});

test('the report of a checkup is sent with its file, and a test message reaches the channel on the way', async () => {
  await using server = await startMailServer();
  await using scene = await startScene({ channels: [mailTo(server)] });
  await scene.ended(scene.udid, 'done');
  await scene.service.startCheckup();
  await scene.until('the mails', () => server.mails.length >= 2);
  const raw = server.mails.map((mail) => mail.raw);
  assert.ok(raw.some((mail) => mail.includes('X-Holdfast-Kind: test')));
  const report = raw.find((mail) => mail.includes('X-Holdfast-Kind: report'));
  assert.match(report ?? '', /Content-Disposition: attachment; filename=holdfast-0001-[-0-9]+\.pdf/);
});
