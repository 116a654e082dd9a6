import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { CheckupLine } from '../contract/index.ts';
import { AppError } from '../shared/errors.ts';
import { CheckupScene } from './checkup.test-helper.ts';
import type { CheckupChoices, CheckupHost } from './host.ts';
import { checkupsOf } from './reports/report-folder.ts';
import { runCheckup, type CheckupEvent } from './run-checkup.ts';
import { unfinishedSince } from './unfinished.ts';

const PHOTOS = Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`ab/photo${at}`, randomBytes(1_200_000)]));

describe('a checkup', () => {
  test('of a whole vault raises no alarm, and writes its report in three forms', async () => {
    using scene = new CheckupScene();
    await scene.takeSnapshot({ x: 'one', ...PHOTOS });
    await scene.takeSnapshot({ x: 'two' });
    const { lines, done } = await checkUp(scene.host());
    assert.deepEqual(codesOf(lines, 'failed'), ['copy-none']);
    assert.deepEqual(codesOf(lines, 'repaired'), []);
    assert.ok(done.written);
    const html = readFileSync(join(done.written.dir, 'report.html'), 'utf8');
    assert.match(html, /Checkup 1/);
    assert.match(html, new RegExp(done.written.sha256));
    assert.equal(readFileSync(join(done.written.dir, 'report.pdf')).subarray(0, 5).toString('latin1'), '%PDF-');
    assert.equal((await checkupsOf(scene.stateDir))[0]?.verdict, 'attention');
  });

  test('speaks German where that is wished, and what comes out of a backup is text and never markup', async () => {
    using scene = new CheckupScene();
    const record = await scene.takeSnapshot({ x: 'one' });
    const name = '<img src=x onerror=alert(1)>';
    const { done } = await checkUp(
      scene.host({
        language: 'de',
        backups: async () => [
          { udid: record.udid, name, lastAt: record.takenAt, dueAt: undefined, pausedUntil: undefined, overdueDays: 9 },
        ],
      }),
    );
    const html = readFileSync(join(done.written?.dir ?? '', 'report.html'), 'utf8');
    assert.match(html, /<html lang="de">/);
    assert.match(html, /Käme die neueste Version zurück\?/);
    assert.doesNotMatch(html, /<img/);
    assert.match(html, /&lt;img src=x/);
  });

  test('that is quick says what it left out, and reads none of it', async () => {
    using scene = new CheckupScene();
    await scene.takeSnapshot({ ...PHOTOS });
    const { lines } = await checkUp(scene.host(), { quick: true });
    assert.deepEqual(codesOf(lines, 'unproven').slice(0, 2), ['vault-not-read', 'version-not-tried']);
    assert.equal(scene.verified, 0);
  });

  test('that cannot look at something says so and goes on', async () => {
    using scene = new CheckupScene();
    await scene.takeSnapshot({ x: 'one' });
    const away = new AppError('STORAGE_FAILED', 'the disk is gone');
    const { lines, done } = await checkUp(
      scene.host({
        backups: () => Promise.reject(away),
        tryPasswords: () => {
          throw new AppError('SECRETS_UNREADABLE', 'no key');
        },
        // oxlint-disable-next-line require-yield -- it fails before there is anything to tell
        verifyVersion: async function* () {
          throw new AppError('WRONG_PASSWORD', 'no password');
        },
      }),
    );
    const unproven = codesOf(lines, 'unproven');
    for (const code of ['passwords-sealed', 'version-no-password', 'vault-unreadable'])
      assert.ok(unproven.includes(code));
    assert.equal(done.report.verdict, 'attention');
  });

  test('for which the list of copies cannot be read says so, and looks at all else', async () => {
    using scene = new CheckupScene();
    await scene.takeSnapshot({ x: 'one' });
    mkdirSync(scene.stateDir);
    writeFileSync(join(scene.stateDir, 'copies.json'), '{"version":1,"cop');
    const { lines, done } = await checkUp(scene.host());
    assert.deepEqual(codesOf(lines, 'failed'), ['copies-list-unreadable']);
    assert.ok(codesOf(lines, 'proven').includes('vault-read'));
    assert.ok(!codesOf(lines, 'unproven').includes('vault-unreadable'));
    assert.equal(done.report.verdict, 'attention');
  });

  test('whose report cannot be kept still tells what it found, and why', async () => {
    using scene = new CheckupScene();
    await scene.takeSnapshot({ x: 'one' });
    mkdirSync(scene.stateDir);
    writeFileSync(join(scene.stateDir, 'checkups'), 'in the way');
    const { lines, done } = await checkUp(scene.host());
    assert.equal(done.written, undefined);
    assert.equal(done.problem?.code, 'STORAGE_FAILED');
    assert.ok(codesOf(lines, 'proven').includes('vault-read'));
  });

  test('of a vault that is not there is an error', async () => {
    using scene = new CheckupScene();
    const host = scene.host({ openVault: () => Promise.reject(new AppError('VAULT_NOT_FOUND', 'not mounted')) });
    await assert.rejects(Array.fromAsync(runCheckup(host, { quick: false, repair: false })), {
      code: 'VAULT_NOT_FOUND',
    });
  });
});

describe('of two checkups at once', () => {
  test('the second is told of the first, spoils nothing of it, and can be made after it', async () => {
    using scene = new CheckupScene();
    await scene.takeSnapshot({ x: 'one' });
    const first = runCheckup(scene.host(), { quick: true, repair: false });
    await first.next();
    await assert.rejects(checkUp(scene.host(), { quick: true }), { code: 'ALREADY_RUNNING', message: /checkup/ });
    assert.ok(unfinishedSince(scene.stateDir, new Date()));
    await Array.fromAsync(first);
    await checkUp(scene.host(), { quick: true });
    assert.deepEqual(
      (await checkupsOf(scene.stateDir)).map(({ number }) => number),
      [2, 1],
    );
  });
});

describe('a checkup that is cut off', () => {
  test('goes on where it stopped', async () => {
    using scene = new CheckupScene();
    await scene.takeSnapshot({ x: 'one', ...PHOTOS });
    await stopAt(scene.host(), (event) => event.kind === 'line' && event.line.topic === 'passwords');
    assert.equal(scene.verified, 1);
    assert.ok(unfinishedSince(scene.stateDir, new Date()));
    const { lines, done, began } = await checkUp(scene.host());
    assert.equal(began.resumed, true);
    assert.equal(done.report.resumed, true);
    assert.equal(scene.verified, 1);
    assert.ok(codesOf(lines, 'proven').includes('vault-read'));
    assert.equal(unfinishedSince(scene.stateDir, new Date()), undefined);
  });

  test('begins anew where it is to repair, or too long ago', async () => {
    using scene = new CheckupScene();
    await scene.takeSnapshot({ x: 'one' });
    await stopAt(scene.host(), (event) => event.kind === 'line' && event.line.topic === 'passwords');
    assert.equal((await checkUp(scene.host(), { repair: true })).began.resumed, false);
    await stopAt(scene.host(), (event) => event.kind === 'line' && event.line.topic === 'passwords');
    const host = scene.host({ now: () => new Date(Date.now() + 8 * 86_400_000) });
    assert.equal((await checkUp(host)).began.resumed, false);
  });

  test('looks again at what had failed, or could not be looked at: somebody may have seen to it', async () => {
    using scene = new CheckupScene();
    await scene.takeSnapshot({ x: 'one', ...PHOTOS });
    const damage = spoil(scene, 'ab/photo2');
    const sealed = scene.host({
      // oxlint-disable-next-line require-yield -- it fails before there is anything to tell
      verifyVersion: async function* () {
        throw new AppError('WRONG_PASSWORD', 'no password');
      },
    });
    await stopAt(sealed, (event) => event.kind === 'line' && event.line.topic === 'passwords');
    damage.putBack();
    const { lines, began } = await checkUp(scene.host());
    assert.equal(began.resumed, true);
    assert.deepEqual(codesOf(lines, 'failed'), ['copy-none']);
    assert.ok(codesOf(lines, 'proven').includes('version-proven'));
  });

  test('takes nothing of what it has read for read in a copy of all files of the vault', async () => {
    using scene = new CheckupScene();
    await scene.takeSnapshot({ x: 'one', ...PHOTOS });
    await stopAt(scene.host(), (event) => event.kind === 'line' && event.line.topic === 'passwords');
    cpSync(scene.vaultDir, `${scene.vaultDir} before`, { recursive: true, preserveTimestamps: true });
    rmSync(scene.vaultDir, { recursive: true });
    renameSync(`${scene.vaultDir} before`, scene.vaultDir);
    spoil(scene, 'ab/photo2');
    const { lines, began, done } = await checkUp(scene.host());
    assert.equal(began.resumed, false);
    assert.ok(codesOf(lines, 'failed').includes('vault-damaged'));
    assert.equal(done.report.verdict, 'at-risk');
  });

  test('reads each file of the vault once, also in the middle of reading', async () => {
    using scene = new CheckupScene();
    await scene.takeSnapshot({ x: 'one', ...PHOTOS });
    await stopAt(scene.host(), (event) => event.kind === 'progress' && event.bytes > 2_000_000);
    const first: number[] = [];
    const overall: number[] = [];
    for await (const event of runCheckup(scene.host(), { quick: false, repair: false })) {
      if (event.kind !== 'progress') continue;
      overall.push(event.overall);
      if (event.topic === 'vault') first.push(event.bytes);
    }
    assert.deepEqual(
      overall,
      overall.toSorted((a, b) => a - b),
    );
    assert.ok((first[0] ?? 0) > 2_400_000, `it went on after ${first[0]} bytes`);
  });
});

test('after a checkup everything is read again by the next one', async () => {
  using scene = new CheckupScene();
  await scene.takeSnapshot({ ...PHOTOS });
  await checkUp(scene.host());
  spoil(scene, 'ab/photo2');
  const { lines, done } = await checkUp(scene.host());
  assert.ok(codesOf(lines, 'failed').includes('vault-damaged'));
  const { more } = lines.find(({ reason }) => reason.code === 'vault-damaged') ?? { more: [] };
  assert.equal(more[0]?.code, 'piece-changed');
  assert.equal(more[0]?.values['path'], 'ab/photo2');
  assert.equal(done.report.verdict, 'at-risk');
});

test('a repair that nobody can help with is told', async () => {
  using scene = new CheckupScene();
  await scene.takeSnapshot({ ...PHOTOS });
  spoil(scene, 'ab/photo2');
  const { lines } = await checkUp(scene.host(), { repair: true });
  assert.ok(codesOf(lines, 'failed').includes('vault-damaged'));
  assert.deepEqual(codesOf(lines, 'repaired'), []);
});

/** Takes the file away that a large object lies in, and puts another in its place. */
function spoil(scene: CheckupScene, path: string): { putBack(): void } {
  const whole = Buffer.from(PHOTOS[path] ?? '');
  const bytes = Buffer.from(whole);
  const name = createHash('sha256').update(bytes).digest('hex');
  const file = join(scene.vaultDir, 'objects', name.slice(0, 2), name.slice(2));
  rmSync(file, { force: true });
  bytes[7] = (bytes[7] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  return { putBack: () => writeFileSync(file, whole) };
}

async function checkUp(host: CheckupHost, choices: Partial<CheckupChoices> = {}) {
  const lines: CheckupLine[] = [];
  let [began, done]: [CheckupEvent?, CheckupEvent?] = [];
  for await (const event of runCheckup(host, { quick: false, repair: false, ...choices })) {
    if (event.kind === 'line') lines.push(event.line);
    if (event.kind === 'began') began = event;
    if (event.kind === 'done') done = event;
  }
  assert.ok(began?.kind === 'began' && done?.kind === 'done');
  return { lines, began, done };
}

/** Ends a checkup as a process ends that is killed: nothing is tidied up. */
async function stopAt(host: CheckupHost, isThere: (event: CheckupEvent) => boolean): Promise<void> {
  for await (const event of runCheckup(host, { quick: false, repair: false })) if (isThere(event)) return;
  assert.fail('it came to its end');
}

function codesOf(lines: readonly CheckupLine[], state: CheckupLine['state']): string[] {
  return lines.filter((each) => each.state === state).map(({ reason }) => reason.code);
}
