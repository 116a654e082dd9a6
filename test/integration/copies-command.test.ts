/** `holdfast copies change`, against a repository that a script plays. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openVault } from '../../src/vault/index.ts';
import { holdfast } from '../support/holdfast-cli.ts';

const home = mkdtempSync(join(tmpdir(), 'holdfast-'));
const env = { HOLDFAST_HOME: home, PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}` };
const secret = (name: string, text: string): string => {
  const path = join(home, name);
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
  return path;
};

before(async () => {
  mkdirSync(join(home, 'bin'));
  opensWith('first');
  await using _vault = await openVault(join(home, 'vault'), { create: true, purpose: 'a test' });
  const { status, stderr } = await copies(
    'add',
    'offsite',
    '--restic',
    'b2:bucket',
    '--password-file',
    secret('1', 'first'),
  );
  assert.equal(status, 0, stderr);
});
after(() => rmSync(home, { recursive: true, force: true }));

const copies = (...args: string[]): ReturnType<typeof holdfast> => holdfast(['copies', ...args], { env });

/** The restic of this test opens its repository with one password. */
function opensWith(password: string): void {
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo "restic 0.18.0 compiled with go"; exit 0; fi
read -r password
[ "$password" = "${password}" ] || { echo "Fatal: wrong password or no key found" >&2; exit 12; }
echo '{"version":2,"id":"${'5'.repeat(64)}","chunker_polynomial":"25b468838dcb75"}'
`;
  writeFileSync(join(home, 'bin', 'restic'), script, { mode: 0o755 });
}

test('a password is kept once the repository has opened with it, and nothing changes before', async () => {
  opensWith('second');
  const wrong = await copies('change', 'offsite', '--password-file', secret('3', 'third'), '--every', '48');
  assert.equal(wrong.status, 20);
  assert.match(wrong.stderr, /the password of the copy is wrong/);
  assert.equal(await everyHours(), 24);
  const right = await copies('change', 'offsite', '--password-file', secret('2', 'second'), '--every', '48');
  assert.deepEqual([right.status, await everyHours()], [0, 48]);
  assert.ok(![wrong, right].some(({ stdout, stderr }) => /second|third/.test(stdout + stderr)));
});

test('how it is kept changes word by word, and is taken away with --no-', async () => {
  const said = await copies(
    'change',
    'offsite',
    '--keep',
    'last=3',
    '--window',
    '22:00-06:00',
    '--no-off-site',
    '--json',
  );
  assert.deepEqual(said.events[0], { event: 'changed', name: 'offsite', proven: false });
  assert.equal((await copies('change', 'offsite', '--no-keep', '--no-window')).status, 0);
  for (const args of [['offsite'], ['offsite', '--every', '0']])
    assert.equal((await copies('change', ...args)).status, 2);
  assert.notEqual((await copies('change', 'nobody', '--every', '5')).status, 0);
});

async function everyHours(): Promise<unknown> {
  return (await copies('list', '--json')).events[0]?.['everyHours'];
}
