/** `holdfast restore --only`: what it shows and asks for, and what is left when it is killed half-way. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { mutateLibrary } from '../../src/virtual-iphone/index.ts';
import { contentsOf, type Contents } from '../support/compare.ts';
import { holdfast, startHoldfast, type CliResult } from '../support/holdfast-cli.ts';
import { exchanged, openSnapshot, sorted } from '../support/selective-scene.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

const PASSWORD = 'correct horse';
const isMessages = (place: string): boolean => / Library\/SMS(?:\/|$)/.test(place);

let both: PhoneAndVault;
let older = '';
let then: Contents;

before(async () => {
  both = await PhoneAndVault.start({ library: 'small', files: 0, backupPassword: PASSWORD });
  older = (await both.backUp()).snapshot;
  then = contentsOf(both.phone);
});
after(() => both[Symbol.asyncDispose]());

describe('holdfast restore --only', () => {
  test('shows in a dry run what it would exchange, and changes nothing', async () => {
    const now = await aDayGoesBy();
    const snapshots = await countSnapshots();
    const { status, stdout } = await restore(['--only', 'messages,app:com.example.papermill', '--dry-run']);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /experimental/);
    assert.match(stdout, /Messages and their attachments +\d+ messages, \d+ files, .* {2}\d+ messages, \d+ files/);
    assert.match(stdout, /Everything else on the device stays as it is/);
    assert.match(stdout, /It would work/);
    assert.equal(await countSnapshots(), snapshots);
    assert.deepEqual(sorted(contentsOf(both.phone)), sorted(now));
  });

  test('backs up first, tells the way back, and restores what was chosen', async () => {
    const now = await aDayGoesBy();
    const { status, events, stderr } = await restore(['--only', 'messages', '--yes', '--json']);
    assert.equal(status, 0, stderr);
    const names = [...new Set(events.map(({ event }) => event))];
    const inOrder = ['opened', 'safety-backup', 'compared-with', 'plan', 'composing', 'way-back', 'started', 'done'];
    assert.deepEqual(
      names.filter((name) => inOrder.includes(String(name))),
      inOrder,
    );
    const safety = String(events.find(({ event }) => event === 'way-back')?.['snapshot']);
    assert.notEqual(safety, older);
    await assertHeld(safety);
    assert.deepEqual(sorted(contentsOf(both.phone)), sorted(exchanged(now, then, isMessages)));
    assertNothingLeft();
  });

  for (const { words, code, message } of [
    {
      words: ['--only', 'messages', '--no-safety-backup', '--yes'],
      code: 'USAGE',
      message: /always backs .* up first/,
    },
    { words: ['--only', 'messages', '--no-remove', '--yes'], code: 'USAGE', message: /--no-remove has no meaning/ },
    { words: ['--only', 'messages'], code: 'USAGE', message: /confirmed/ },
    { words: ['--only', 'health', '--yes'], code: 'USAGE', message: /“health” cannot be restored by itself/ },
    { words: ['--only', ',', '--yes'], code: 'USAGE', message: /nothing was chosen/ },
  ]) {
    test(`refuses ${words.join(' ')}`, async () => {
      const { error } = await restore([...words, '--json']);
      assert.equal(error?.['code'], code);
      assert.match(String(error?.['message']), message);
    });
  }

  test('takes the password of the device’s own backups beside that of the snapshot', async () => {
    await using other = await PhoneAndVault.start({ library: 'small', files: 0, backupPassword: 'new password' });
    const words = ['restore', await exported(), '--only', 'contacts', '--yes', '--json'];
    const refused = await holdfast(words, { env: envOf(other) });
    assert.equal(refused.error?.['code'], 'WRONG_PASSWORD');
    const file = join(other.directory, 'password');
    writeFileSync(file, 'new password\n');
    const done = await holdfast([...words, '--device-password-file', file], { env: envOf(other) });
    assert.equal(done.status, 0, done.stderr);
  });

  test('says how to get back when the connection breaks', async () => {
    await aDayGoesBy();
    both.phone.faults.at({ point: 'mobilebackup2:restore', nth: 2, action: { kind: 'disconnect' } });
    const { error } = await restore(['--only', 'messages', '--yes', '--json']);
    both.phone.faults.clear();
    assert.equal(error?.['code'], 'CONNECTION_LOST');
    assert.match(String(error?.['hint']), /`holdfast restore [0-9a-f]{8} --to \S+` brings it back/);
    assertNothingLeft();
  });

  test('killed half-way, leaves the vault whole and the phone restorable from its safety snapshot', async () => {
    const now = await aDayGoesBy();
    both.phone.faults.at({ point: 'mobilebackup2:restore', nth: 2, action: { kind: 'stall' } });
    let safety = '';
    const running = startHoldfast(wordsOf(['--only', 'messages,notes', '--yes', '--json']), {
      env: envOf(both),
      onEvent: (event) => {
        if (event['event'] === 'way-back') safety = String(event['snapshot']);
        if (event['event'] === 'progress' && event['phase'] === 'sending') running.process.kill('SIGKILL');
      },
    });
    assert.equal((await running.ended).signal, 'SIGKILL');
    both.phone.faults.clear();
    assert.deepEqual(sorted(contentsOf(both.phone)), sorted(now));
    const verified = await holdfast(['verify', '--json'], { env: envOf(both) });
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
    const undone = await holdfast(['restore', safety, '--yes', '--no-safety-backup', '--json'], { env: envOf(both) });
    assert.equal(undone.status, 0, undone.stderr);
    assert.deepEqual(sorted(contentsOf(both.phone)), sorted(now));
    both.phone.reboot();
    // The next one clears up after it.
    const next = await restore(['--only', 'messages', '--yes', '--json']);
    assert.equal(next.status, 0, next.stderr);
    assertNothingLeft();
  });
});

/** Something new everywhere; the phone has restarted since it was last restored. */
async function aDayGoesBy(): Promise<Contents> {
  both.phone.reboot();
  mutateLibrary(both.phone.disk, { share: 0.05 });
  return contentsOf(both.phone);
}

function wordsOf(words: readonly string[]): string[] {
  return ['restore', older, ...words];
}

function restore(words: readonly string[]): Promise<CliResult> {
  return holdfast(wordsOf(words), { env: envOf(both) });
}

function envOf({ directory, vaultDir }: PhoneAndVault): Record<string, string> {
  return {
    HOME: directory,
    HOLDFAST_HOME: join(directory, 'home'),
    HOLDFAST_VAULT: vaultDir,
    HOLDFAST_PASSWORD: PASSWORD,
    USBMUXD_SOCKET_ADDRESS: `UNIX:${directory}/mux`,
  };
}

async function countSnapshots(): Promise<number> {
  await using vault = await both.openVault('none');
  return vault.snapshots().length;
}

/** No rule for clearing up takes it soon. */
async function assertHeld(id: string): Promise<void> {
  await using vault = await both.openVault('none');
  const { holdUntil, note } = vault.labels.get(vault.findSnapshot(id));
  assert.ok((holdUntil?.getTime() ?? 0) > Date.now());
  assert.match(note ?? '', /messages/);
}

/** The older snapshot as a folder. */
async function exported(): Promise<string> {
  const dir = join(both.directory, 'exported');
  await using vault = await both.openVault('none');
  await Array.fromAsync(vault.export(vault.findSnapshot(older), dir));
  using backup = await openSnapshot(vault, older, PASSWORD);
  assert.ok(backup.isEncrypted);
  return join(dir, both.phone.udid);
}

/** No list of a composed backup lies about. */
function assertNothingLeft(): void {
  const dirs = readdirSync(both.directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /composed-/.test(path),
  );
  assert.deepEqual(dirs, []);
  assert.ok(existsSync(both.vaultDir));
}
