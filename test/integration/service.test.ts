/** The service with virtual iPhones: backs up by itself, waits for what it has to wait for, and says so. */
import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { startService } from '../../src/service/index.ts';
import { openKnownVault } from '../../src/vault/index.ts';
import { ServiceScene } from '../support/service-scene.ts';

const HOUR_MS = 3_600_000;

describe('a device that is due', () => {
  test('is backed up by itself, once, and again a day later', async () => {
    await using scene = await ServiceScene.start();
    const { service, udid, clock } = scene;
    const job = await scene.ended();
    assert.partialDeepStrictEqual(job, { kind: 'backup', state: 'done', automatic: true });
    assert.partialDeepStrictEqual(await service.history(udid), [
      { kind: 'backup', outcome: 'done', automatic: true, asked: false, snapshot: job.snapshot },
    ]);
    const { next, verdict, lastBackup } = await scene.waitsFor('not-due');
    assert.equal(lastBackup?.snapshot, job.snapshot);
    assert.equal(verdict, 'attention');
    const dueInHours = (Date.parse(next.dueAt ?? '') - clock.now().getTime()) / HOUR_MS;
    assert.ok(dueInHours > 23 && dueInHours <= 24);
    clock.jump(23 * HOUR_MS);
    assert.equal((await scene.device()).next.waitingFor[0]?.code, 'not-due');
    clock.jump(2 * HOUR_MS);
    await scene.until('the second backup', () => service.jobs().filter(({ state }) => state === 'done').length === 2);
    assert.deepEqual(scene.phone.breaches.list(), []);
  });

  test('is waited for while somebody uses it, and when it is not there; each reason makes one line', async () => {
    await using scene = await ServiceScene.start({ before: ({ phones }) => phones[0]?.setLocked(false) });
    const { phone, service, udid } = scene;
    await scene.skipped('needs-lock');
    phone.unplug();
    await scene.skipped('out-of-reach');
    assert.equal((await scene.device()).link, undefined);
    phone.plug();
    await scene.waitsFor('needs-lock');
    phone.setLocked(true);
    await scene.ended(udid, 'done');
    const history = await service.history(udid);
    const skipped = history.filter(({ outcome }) => outcome === 'skipped');
    const codes = skipped.map(({ reasons }) => reasons?.[0]?.code);
    assert.deepEqual(codes, ['out-of-reach', 'needs-lock']);
  });

  test('that asks for its passcode is announced, asked when it is unlocked, and waited for while it asks', async () => {
    const phone = { productVersion: '18.5', passcode: { mode: 'accept', delayMs: 300 } } as const;
    await using scene = await ServiceScene.start({ phone });
    const { udid } = scene;
    assert.equal((await scene.waitsFor('waits-for-unlock')).locked, true);
    await scene.unlock();
    await scene.until('the question', () => scene.service.jobs().find(({ asksPasscode }) => asksPasscode));
    const job = await scene.ended(udid, 'done');
    assert.equal(job.asksPasscode, false);
    assert.partialDeepStrictEqual(await scene.tried({ outcome: 'done' }), { asked: true, automatic: true });
    assert.ok(scene.events.some((event) => event.event === 'job' && event.job.asksPasscode));
  });

  test('is not confirmed when nobody enters the passcode, and is not asked again at once', async () => {
    const phone = { productVersion: '18.5', passcode: { mode: 'deny', delayMs: 20 } } as const;
    await using scene = await ServiceScene.start({ phone });
    await scene.waitsFor('waits-for-unlock');
    await scene.unlock();
    const job = await scene.ended();
    assert.equal(job.state, 'not-confirmed');
    assert.partialDeepStrictEqual(await scene.tried({ outcome: 'not-confirmed' }), { code: 'PASSCODE_NOT_ENTERED' });
    await scene.waitsFor('prompt-unanswered');
  });

  test('waits for its turn when there is one slot', async () => {
    await using scene = await ServiceScene.start({
      phones: 3,
      before: ({ places }) => writeFile(places.settingsFile, '{ "slots": 1 }'),
    });
    const { service } = scene;
    await scene.until('three backups', () => service.jobs().filter(({ state }) => state === 'done').length === 3);
    const running = scene.events.flatMap((event) => (event.event === 'job' ? [event.job] : []));
    let now = 0;
    let most = 0;
    const states = new Map<string, string>();
    for (const { id, state } of running) {
      if (state === 'running' && states.get(id) !== 'running') most = Math.max(most, ++now);
      if (state === 'done' && states.get(id) === 'running') now--;
      states.set(id, state);
    }
    assert.equal(most, 1);
  });
});

describe('what stands in the way of everything', () => {
  test('a vault that is not mounted asks nobody for anything, and is gone on with when it is back', async () => {
    await using scene = await ServiceScene.start();
    const { service, udid, clock, many } = scene;
    await scene.ended(udid, 'done');
    await rename(many.places.vaultDir, `${many.places.vaultDir}-away`);
    clock.jump(25 * HOUR_MS);
    await scene.waitsFor('vault-away');
    await scene.skipped('vault-away');
    assert.equal(service.jobs().length, 1);
    await rename(`${many.places.vaultDir}-away`, many.places.vaultDir);
    await scene.until('the next backup', () => service.jobs().filter(({ state }) => state === 'done').length === 2);
  });

  test('a command that has the vault is waited for', async () => {
    await using scene = await ServiceScene.start({ service: { automatic: false } });
    const { service, udid, many } = scene;
    await scene.until('the phone', async () => (await service.device(udid))?.trusted);
    const dir = many.places.vaultDir;
    const { stateDir } = many.places;
    const vault = await openKnownVault({ dir, stateDir, purpose: 'an import', create: true, lock: 'write' });
    const { id } = await service.startBackup(udid);
    const waiting = await scene.until('waiting', () => service.job(id)?.warnings[0]);
    assert.match(waiting, /^The vault is busy with an import/);
    assert.equal(service.job(id)?.state, 'waiting');
    await vault.close();
    assert.equal((await service.waitForJob(id))?.state, 'done');
  });

  test('a second service is told who is there', async () => {
    await using scene = await ServiceScene.start();
    const { places, env } = scene.many;
    await assert.rejects(startService({ places, env, network: false }), {
      code: 'SERVICE_RUNNING',
      message: new RegExp(`process ${process.pid} `),
    });
  });
});

describe('a service that is stopped', () => {
  test('in the middle of a backup keeps what it has, and goes on when it runs again', async () => {
    await using scene = await ServiceScene.start({ phone: { library: { files: 400, sizeBytes: 20_000 } } });
    await scene.until('the middle', () => {
      const [job] = scene.service.jobs();
      return job?.progress?.phase === 'receiving' && (job.progress.files ?? 0) > 0;
    });
    await scene.stopService();
    await scene.startService();
    assert.partialDeepStrictEqual((await scene.service.history(scene.udid))[0], {
      outcome: 'interrupted',
      sentence: 'The service was stopped.',
    });
    const job = await scene.ended(scene.udid, 'done');
    assert.equal(job.automatic, true);
    assert.deepEqual(scene.phone.breaches.list(), []);
  });
});

describe('the settings', () => {
  test('are in use as soon as they are written, and a broken file changes nothing', async () => {
    await using scene = await ServiceScene.start({ before: ({ phones }) => phones[0]?.unplug() });
    const { service } = scene;
    const { settingsFile } = scene.many.places;
    await service.settings.write({ rule: { everyHours: 12 } });
    assert.equal(service.settings.read().rule.everyHours, 12);
    await writeFile(settingsFile, '{ "rule": { "everyHours": 6 } }');
    await scene.until('the new settings', () => service.settings.read().rule.everyHours === 6);
    await writeFile(settingsFile, '{ "rule": { "everyHour": 3 } }');
    const problem = await scene.until('the problem', () => service.settings.problem());
    assert.match(problem.message, /rule: .*everyHour/);
    assert.equal(service.settings.read().rule.everyHours, 6);
    await assert.rejects(service.settings.write({ slots: 3 }), { code: 'SETTINGS_INVALID' });
    await scene.stopService();
    await scene.startService();
    assert.equal(scene.service.settings.read().rule.everyHours, 6);
    await writeFile(settingsFile, '{}');
    await scene.until('defaults', () => scene.service.settings.read().rule.everyHours === 24);
    assert.equal(scene.service.settings.problem(), undefined);
  });
});
