/** `holdfast restore` as people run it: what it looks at, what it asks, what it says, and what the phone is afterwards. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { restoreCommand } from '../../src/cli/commands/restore/restore.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { isAppError } from '../../src/shared/errors.ts';
import { placesFor } from '../../src/shared/files/places.ts';
import { SETTINGS } from '../../src/virtual-iphone/index.ts';
import { contentsOf } from '../support/compare.ts';
import { holdfast, type CliResult } from '../support/holdfast-cli.ts';
import { RestoreScene } from '../support/restore-scene.ts';

describe('a rehearsal', () => {
  test('proves that it would work, and changes nothing', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: true, files: 30, large: [] });
    const before = contentsOf(scene.phone);
    const { status, stdout, stderr } = await holdfast(['restore', scene.snapshot, '--dry-run'], { env: scene.cliEnv });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /✓ The password opens the backup\./);
    assert.match(stdout, /✓ All \d+ files .* can be read and decrypted/);
    assert.match(stdout, /It would work/);
    assert.deepEqual(contentsOf(scene.phone), before);
    assert.equal(scene.phone.isSyncLocked, false);
  });

  test('names everything that stands in the way, and what to do about it', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: false, files: 10, large: [] });
    const { settings } = scene.phone.context;
    settings.set(SETTINGS.findMy, true);
    settings.set(SETTINGS.setUp, false);
    settings.set(SETTINGS.battery, { percent: 7, charging: false });
    const words = ['restore', scene.snapshot, '--dry-run'];
    const { status, events, error } = await holdfast([...words, '--json'], { env: scene.cliEnv });
    assert.deepEqual([status, error?.['code']], [36, 'RESTORE_BLOCKED']);
    const stopping = events.filter((event) => event['outcome'] === 'stops');
    assert.deepEqual(
      stopping.map((event) => event['id']),
      ['find-my', 'setup', 'battery'],
    );
    for (const { message, hint } of stopping) assert.match(`${String(message)} ${String(hint)}`, /\. \p{Lu}.*\.$/u);
    const shown = await holdfast(words, { env: scene.cliEnv });
    assert.match(shown.stdout, /✗ Find My is on.*\n {4}Turn it off: Settings/);
    assert.match(shown.stderr, /3 things stand in the way/);
  });

  test('looks at the backup also when the phone is not there', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: false, files: 10, large: [] });
    scene.phone.unplug();
    const words = ['restore', scene.snapshot, '--dry-run', '--json'];
    const { status, events } = await holdfast(words, { env: scene.cliEnv });
    assert.equal(status, 36);
    const checks = new Map(events.map((event) => [event['id'], event['outcome']]));
    assert.deepEqual([checks.get('device'), checks.get('files')], ['stops', 'passed']);
  });

  test('a newer iOS in the backup and a phone without room are found before the phone says so', async () => {
    await using scene = await RestoreScene.start({
      seed: 1,
      encrypted: false,
      files: 30,
      phone: { productVersion: '17.5', totalDiskBytes: 5_000_000 },
    });
    const { status, events } = await restored(scene, []);
    assert.equal(status, 36);
    const stopping = events.filter((event) => event['outcome'] === 'stops').map((event) => event['id']);
    assert.deepEqual(stopping, ['ios', 'space']);
    assert.ok(!events.some((event) => event['event'] === 'started'));
    const forced = await restored(scene, ['--force', '--no-safety-backup']);
    assert.deepEqual([forced.status, detailsOf(forced)['deviceCode']], [19, 203]);
  });
});

describe('a restore', () => {
  test('backs up what is on the phone first, and brings either back', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: false, files: 30, large: [] });
    const before = contentsOf(scene.phone);
    const { status, events, stderr } = await restored(scene, []);
    assert.equal(status, 0, stderr);
    await scene.restarted();
    scene.assertRestored();
    const safety = events.map((event) => event['backup'] as { event?: string; snapshot?: string } | undefined);
    const made = safety.find((backup) => backup?.event === 'done')?.snapshot ?? '';
    const order = ['opened', 'check', 'safety-backup', 'started', 'done'];
    assert.deepEqual(
      order.map((name) => events.findIndex((event) => event['event'] === name)).toSorted((a, b) => a - b),
      order.map((name) => events.findIndex((event) => event['event'] === name)),
    );
    assert.equal((await restored(scene, ['--no-safety-backup'], made)).status, 0);
    await scene.restarted();
    assert.deepEqual(Object.fromEntries(contentsOf(scene.phone)), Object.fromEntries(before));
    scene.assertClean();
  });

  test('from a folder, with a password file, without a vault', async () => {
    await using scene = await RestoreScene.start({ seed: 2, encrypted: true, files: 30, large: [] });
    const folder = join(scene.target.directory, 'exported');
    assert.equal((await holdfast(['export', scene.snapshot, folder], { env: scene.cliEnv })).status, 0);
    const env = { ...scene.cliEnv, HOLDFAST_VAULT: join(scene.target.directory, 'none') };
    const words = ['restore', folder, '--yes', '--no-safety-backup', '--json'];
    assert.equal((await holdfast(words, { env: { ...env, HOLDFAST_PASSWORD: 'wrong' } })).status, 20);
    const { status, stderr } = await holdfast(words, { env });
    assert.equal(status, 0, stderr);
    await scene.restarted();
    scene.assertRestored();
  });

  test('tells that the phone asks for its passcode, and that nobody entered it', async () => {
    await using scene = await RestoreScene.start({
      seed: 1,
      encrypted: false,
      files: 10,
      large: [],
      phone: { passcode: { mode: 'accept', delayMs: 200 }, backup: { asksPasscodeToRestore: true } },
    });
    const phases: string[] = [];
    await scene.finish({ onEvent: (event) => void (event.event === 'progress' && phases.push(event.phase)) });
    assert.ok(phases.includes('waiting-for-passcode'));
    scene.phone.setPasscode({ mode: 'deny', delayMs: 10 });
    const { status, error } = await restored(scene, ['--no-safety-backup']);
    assert.deepEqual([status, error?.['code']], [18, 'PASSCODE_NOT_ENTERED']);
  });

  test('leaves a line in the history of the phone', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: false, files: 10, large: [] });
    scene.phone.faults.at({ point: 'mobilebackup2:restore-checks', action: { kind: 'error', code: 22 } });
    assert.equal((await restored(scene, ['--no-safety-backup'])).status, 19);
    assert.equal((await restored(scene, ['--no-safety-backup'])).status, 0);
    const { triesOf } = await import('../../src/service/index.ts');
    const { stateDir } = placesFor(scene.cliEnv);
    const tries = await triesOf(stateDir, scene.phone.udid);
    const told = tries.filter(({ kind }) => kind === 'restore').map(({ outcome, code }) => `${outcome} ${code ?? ''}`);
    assert.deepEqual(told.toSorted(), ['done ', 'failed DEVICE_REFUSED']);
  });

  test('is not begun where nobody can be asked', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: false, files: 1, large: [] });
    const { status, stderr } = await holdfast(['restore', scene.snapshot], { env: scene.cliEnv });
    assert.equal(status, 2);
    assert.match(stderr, /--yes/);
  });
});

describe('at a terminal', () => {
  test('what is lost is said, and a backup before is offered', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: false, files: 10, large: [] });
    const { text } = await atTerminal(scene, ['n', 'restore']);
    assert.match(text, /photos? (or|and) videos?.*\n.*takes the place of what is there.*\n.*removed/);
    assert.match(text, /There is no backup of this device in the vault/);
    assert.match(text, /Back up what is on it first\? \[Y\/n\]/);
    assert.doesNotMatch(text, /Backing up/);
    await scene.restarted();
    scene.assertRestored();
  });

  test('anything but the word stops it, with nothing written', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: false, files: 10, large: [] });
    const before = contentsOf(scene.phone);
    const { error } = await atTerminal(scene, ['perhaps', 'y', 'yes']);
    assert.ok(isAppError(error, 'CANCELLED'));
    assert.match(error.hint ?? '', /Nothing was written/);
    assert.deepEqual(contentsOf(scene.phone), before);
  });
});

/** Runs the command with --yes. */
function restored(scene: RestoreScene, words: readonly string[], wanted = scene.snapshot): Promise<CliResult> {
  return holdfast(['restore', wanted, '--yes', '--json', ...words], { env: scene.cliEnv });
}

function detailsOf({ error }: CliResult): Record<string, unknown> {
  return (error?.['details'] ?? {}) as Record<string, unknown>;
}

/** Runs the command in front of somebody who types these lines, one whenever something is asked. */
async function atTerminal(scene: RestoreScene, lines: readonly string[]): Promise<{ text: string; error: unknown }> {
  const input = new PassThrough();
  const answers = [...lines];
  let text = '';
  const write = (words: string): void => {
    text += words;
    if (/[:\]] $/.test(words)) setImmediate(() => input.write(`${answers.shift() ?? ''}\n`));
  };
  const context: CliContext = {
    env: scene.cliEnv,
    places: placesFor(scene.cliEnv),
    out: { write },
    err: { write },
    input: input as unknown as NodeJS.ReadStream,
    signal: new AbortController().signal,
    setExitCode: () => {},
  };
  try {
    await restoreCommand(context).parseAsync([scene.snapshot], { from: 'user' });
    return { text, error: undefined };
  } catch (error) {
    return { text, error };
  }
}
