/** `holdfast recovery-sheet` and the way back from its shares. */
import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdfast, type CliResult } from '../support/holdfast-cli.ts';
import { Scene } from '../support/scene.ts';

test('a sheet, a sheet with the password, and shares of it that give it back', async () => {
  await using scene = await Scene.start({ seed: 3, encrypted: true, files: 8 });
  const { directory } = scene.both;
  const password = scene.password ?? '';
  await scene.finish();
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, password);
  const run = (...words: string[]): Promise<CliResult> => holdfast([...words, '--json'], { env: scene.cliEnv });
  const at = (name: string): string => join(directory, name);

  const blank = await run('recovery-sheet', '--to', at('blank.html'));
  assert.equal(blank.status, 0, blank.stderr);
  const sheet = await readFile(at('blank.html'), 'utf8');
  for (const told of [
    scene.phone.udid,
    scene.both.vaultDir,
    'Write it down by hand',
    scene.phone.context.identity.imei,
  ]) {
    assert.ok(sheet.includes(told), told);
  }
  assert.equal((await stat(at('blank.html'))).mode & 0o077, 0);
  assert.equal((await run('recovery-sheet', '--to', at('blank.html'))).error?.['code'], 'USAGE');

  const withPassword = ['recovery-sheet', scene.phone.udid, '--with-password', '--password-file', passwordFile];
  assert.equal((await run(...withPassword, '--to', at('printed.html'))).status, 0);
  assert.match(await readFile(at('printed.html'), 'utf8'), /<small\s*>small<\/small/);

  // Only what opens the newest version is printed.
  await writeFile(at('wrong'), 'not the password');
  const wrong = await run(
    'recovery-sheet',
    '--with-password',
    '--password-file',
    at('wrong'),
    '--to',
    at('never.html'),
  );
  assert.equal(wrong.status, 20);
  await assert.rejects(stat(at('never.html')), { code: 'ENOENT' });

  const split = await run(
    'recovery-sheet',
    '--shares',
    '3',
    '--needed',
    '2',
    '--password-file',
    passwordFile,
    '--to',
    at('s.html'),
  );
  assert.equal(split.status, 0, split.stderr);
  const files = ['s-share-1-of-3.html', 's-share-2-of-3.html', 's-share-3-of-3.html'].map(at);
  assert.deepEqual(split.events.at(-1)?.['shares'], files);
  for (const file of ['s.html', ...files.map((path) => path.slice(directory.length + 1))]) {
    assert.ok(!(await readFile(at(file), 'utf8')).includes(password), file);
  }
  const joined = await run('recovery-sheet', 'join', ...files.slice(1));
  assert.equal(joined.events[0]?.['password'], password);
  const tooFew = await run('recovery-sheet', 'join', ...files.slice(1, 2));
  assert.equal(tooFew.status, 2);
  assert.match(String(tooFew.error?.['message']), /2 shares are needed/);
  assert.equal((await run('recovery-sheet', 'join', passwordFile)).error?.['code'], 'FORMAT_INVALID');
  assert.equal((await run('recovery-sheet', 'join')).error?.['code'], 'USAGE');

  for (const words of [
    ['--shares', '2'],
    ['--shares', '2', '--needed', '3'],
    ['--shares', '2', '--needed', '2', '--with-password'],
  ]) {
    assert.equal((await run('recovery-sheet', ...words, '--to', at('no.html'))).status, 2);
  }
  assert.equal(
    (await run('recovery-sheet', 'Nobody’s iPhone', '--to', at('no.html'))).error?.['code'],
    'DEVICE_NOT_FOUND',
  );
});
