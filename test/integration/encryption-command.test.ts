/** `holdfast encryption` as people run it. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesIn } from '../support/tidy.ts';
import { holdfast, type CliResult } from '../support/holdfast-cli.ts';
import { Scene } from '../support/scene.ts';

const OLD = 'a password for a winter';
const NEW = 'another one for summer';

test('from the first password to a forgotten one', async () => {
  await using scene = await Scene.start({ seed: 7, encrypted: false, files: 12 });
  const { directory } = scene.both;
  const env = { ...scene.cliEnv };
  const [oldFile, newFile] = [join(directory, 'old'), join(directory, 'new')];
  await Promise.all([writeFile(oldFile, `${OLD}\n`), writeFile(newFile, `${NEW}\n`)]);
  const said: CliResult[] = [];
  const run = async (...words: string[]): Promise<CliResult> => {
    const result = await holdfast(words, { env });
    said.push(result);
    return result;
  };
  const json = (...words: string[]): Promise<CliResult> => run(...words, '--json');
  const done = async (...words: string[]): Promise<Record<string, unknown>> => {
    const { status, stderr, events } = await json(...words);
    assert.equal(status, 0, stderr);
    return { ...events.at(-1) };
  };

  const plain = await done('backup');
  const turnedOn = await run('encryption', 'on', '--new-password-file', oldFile, '--keep');
  assert.equal(turnedOn.status, 0, turnedOn.stderr);
  assert.match(turnedOn.stdout, /encrypted from now on.*kept sealed/s);
  assert.equal((await json('encryption', 'on', '--new-password-file', newFile)).error?.['code'], 'DEVICE_REFUSED');
  const first = await done('backup');

  // What is kept opens it, without anybody being asked.
  assert.equal((await json('show', 'latest')).events[0]?.['contents'] === null, false);
  assert.equal((await json('ls', 'latest')).status, 0);

  scene.use();
  const second = await done('backup');
  const changed = await done('encryption', 'change', '--new-password-file', newFile);
  assert.deepEqual([changed['kept'], changed['passwordKept'], changed['encrypted']], ['snapshot', false, true]);
  scene.use();
  const third = await done('backup');
  assert.equal(third['full'], false);

  const kept = await json('encryption', 'check');
  assert.equal(kept.status, 20);
  assert.deepEqual(statesIn(kept), {
    [String(plain['snapshot'])]: 'readable',
    [String(first['snapshot'])]: 'opens kept',
    [String(second['snapshot'])]: 'opens kept',
    [String(changed['snapshot'])]: 'closed',
    [String(third['snapshot'])]: 'closed',
  });
  const given = await json('encryption', 'check', '--all', '--password-file', newFile, '--keep');
  assert.equal(given.status, 20);
  assert.equal(statesIn(given)[String(third['snapshot'])], 'opens given');
  assert.equal(statesIn(given)[String(second['snapshot'])], 'closed');
  const both = await run('encryption', 'check', scene.phone.udid);
  assert.equal(both.status, 0, both.stdout);
  assert.match(both.stdout, /opens; password kept/);
  assert.equal((await json('encryption', 'check', String(second['snapshot']))).events.length, 2);

  for (const id of [first, second, changed, third].map((each) => String(each['snapshot']))) {
    assert.equal((await json('verify', id, '--deep')).status, 0);
  }

  const wrong = await json('encryption', 'off', '--password-file', oldFile);
  assert.equal(wrong.status, 20);
  assert.match(String(wrong.error?.['hint']), /^Nothing was changed/);
  assert.equal((await done('encryption', 'off', '--password-file', newFile))['encrypted'], false);
  assert.equal((await done('encryption', 'forget-password', scene.phone.udid))['forgotten'], 3);
  assert.equal((await json('encryption', 'check')).status, 20);
  assert.match((await run('encryption', 'forgotten')).stdout, /Reset All\s+Settings/);

  for (const { stdout, stderr } of said) {
    for (const secret of [OLD, NEW]) assert.ok(!stdout.includes(secret) && !stderr.includes(secret));
  }
  // Neither on the disk, but for the files the passwords came from and the phone itself.
  for (const path of filesIn(directory)) {
    if (/^(phone\/|old$|new$|mux$)/.test(path)) continue;
    const bytes = await readFile(join(directory, path));
    for (const secret of [OLD, NEW]) assert.ok(!bytes.includes(secret), path);
  }
  assert.deepEqual(scene.phone.breaches.list(), []);
});

test('a password that could not be kept is told before anybody has to enter a passcode', async () => {
  await using scene = await Scene.start({ seed: 8, encrypted: false, files: 2 });
  const env = { ...scene.cliEnv, HOLDFAST_NEW_PASSWORD: NEW, HOLDFAST_SECRET_KEY_FILE: '/nowhere/key' };
  const result = await holdfast(['encryption', 'on', '--keep', '--json'], { env });
  assert.equal(result.error?.['code'], 'SECRETS_UNREADABLE');
  assert.notEqual(scene.phone.context.settings.get('backup.willEncrypt'), true);
});

/** What `check` says of each snapshot. */
function statesIn({ events }: CliResult): Record<string, string> {
  const checked = events.filter((event) => event['event'] === 'checked');
  return Object.fromEntries(
    checked.map(({ id, state, by }) => [String(id), typeof by === 'string' ? `${String(state)} ${by}` : String(state)]),
  );
}
