/** `holdfast serve` as a process of its own, and the commands that talk to it. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { holdfast, startHoldfast } from '../support/holdfast-cli.ts';
import { ManyPhones } from '../support/many-phones.ts';
import { Serving } from '../support/serving.ts';

describe('the service as a process', () => {
  test('says where it is, answers, and ends in order when it is told to', async () => {
    const home = await mkdtemp(join(tmpdir(), 'holdfast-'));
    const env = { HOLDFAST_HOME: home, USBMUXD_SOCKET_ADDRESS: `UNIX:${home}/none` };
    await using serving = await Serving.start(env);
    const { url, setUpCode } = (await serving.said) ?? {};
    assert.match(String(setUpCode), /^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    const answer = await fetch(`${String(url)}api/v1/health`);
    assert.equal(answer.status, 200);
    const socket = await stat(join(serving.home, 'state', 'service.sock'));
    assert.equal(socket.mode & 0o777, 0o600);
    const second = await holdfast(['serve', '--port', '0', '--json'], { env: serving.env });
    assert.partialDeepStrictEqual(second.error, { code: 'SERVICE_RUNNING' });
    await serving.stop();
    await assert.rejects(stat(join(serving.home, 'state', 'service.sock')), { code: 'ENOENT' });
    await rm(home, { recursive: true });
  });

  test('backs up also where nobody can sign in, because the file of accounts is damaged', async () => {
    await using many = await ManyPhones.start(1, { productVersion: '15.5' });
    await mkdir(many.places.stateDir, { recursive: true });
    await writeFile(join(many.places.stateDir, 'accounts.json'), 'rotten');
    await using serving = await Serving.start(many.env);
    const { url, setUpCode } = (await serving.said) ?? {};
    assert.equal(setUpCode, null);
    assert.equal((await fetch(`${String(url)}api/v1/health`)).status, 200);
    assert.equal((await fetch(`${String(url)}api/v1/session`)).status, 500);
    await serving.sees(1);
    const { status, stderr } = await holdfast(['backup', '--json'], { env: serving.env });
    assert.equal(status, 0, stderr);
  });

  test('makes the backups that commands ask for, which follow them to their end', async () => {
    await using many = await ManyPhones.start(2, { productVersion: '15.5' });
    await using serving = await Serving.start(many.env);
    await serving.sees(2);
    const one = await holdfast(['backup', 'Ada', '--json'], { env: serving.env });
    assert.equal(one.status, 0, one.stderr);
    assert.partialDeepStrictEqual(one.events.at(-1), { event: 'done', udid: many.phones[0]?.udid, full: true });
    assert.match(one.stderr, /The service keeps this vault/);
    const all = await holdfast(['backup', '--all', '--json'], { env: serving.env });
    assert.equal(all.status, 0, all.stderr);
    assert.equal(all.events.filter(({ event }) => event === 'done').length, 2);
    const none = await holdfast(['backup', 'Nobody', '--json'], { env: serving.env });
    assert.partialDeepStrictEqual(none.error, { code: 'DEVICE_NOT_FOUND' });
    const listed = await holdfast(['snapshots', '--json'], { env: serving.env });
    assert.equal(listed.events.length, 3);
  });

  test('stops a backup whose command is stopped', async () => {
    const library = { files: 600, sizeBytes: 50_000 };
    await using many = await ManyPhones.start(1, { productVersion: '15.5', library });
    await using serving = await Serving.start(many.env);
    await serving.sees(1);
    const running = startHoldfast(['backup', '--json'], {
      env: serving.env,
      onEvent: ({ event }) => void (event === 'progress' && running.process.kill('SIGINT')),
    });
    const { status, error } = await running.ended;
    assert.equal(status, 130);
    assert.partialDeepStrictEqual(error, { code: 'CANCELLED' });
    const history = await serving.history(many.phones[0]?.udid ?? '');
    assert.ok(history.some(({ outcome }) => outcome === 'cancelled'));
  });
});

describe('the unit of systemd', () => {
  test('is written where systemd looks for it, and runs this very program', async () => {
    const home = await mkdtemp(join(tmpdir(), 'holdfast-'));
    const env = { HOME: home, HOLDFAST_VAULT: join(home, 'my vault') };
    const written = await holdfast(['install', '--user', '--json'], { env });
    assert.equal(written.status, 0, written.stderr);
    const file = join(home, '.config', 'systemd', 'user', 'holdfast.service');
    assert.partialDeepStrictEqual(written.events, [{ event: 'installed', file, kind: 'user', isNew: true }]);
    const unit = await readFile(file, 'utf8');
    assert.match(unit, new RegExp(`^ExecStart=${process.execPath} .*/bin/holdfast.js serve$`, 'm'));
    assert.match(unit, /^Environment="HOLDFAST_VAULT=.*my vault"$/m);
    const printed = await holdfast(['install', '--system', '--run-as', 'backup', '--print'], { env: { HOME: home } });
    assert.match(printed.stdout, /^User=backup$/m);
    assert.match(printed.stdout, /^Environment=HOLDFAST_HOME=\/var\/lib\/holdfast$/m);
    const removed = await holdfast(['install', '--user', '--remove'], { env });
    assert.match(removed.stdout, /^Removed: /);
    await assert.rejects(stat(file), { code: 'ENOENT' });
    await rm(home, { recursive: true });
  });
});
