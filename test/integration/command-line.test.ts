/** The commands as a script meets them: what they print under `--json` and how they end. */
import assert from 'node:assert/strict';
import { chmod, lstat, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { JudgedPhone, run, type ToolResult } from '../judges/harness.ts';

const HOLDFAST = join(import.meta.dirname, '..', '..', 'bin', 'holdfast.js');

describe('the command line', () => {
  let judge: JudgedPhone;
  before(async () => {
    judge = await JudgedPhone.start({ backupPassword: 'correct horse' });
  });
  after(async () => {
    await judge[Symbol.asyncDispose]();
  });

  test('devices, before and after pairing', async () => {
    const [unpaired] = await records('devices');
    assert.equal(unpaired?.['paired'], false);
    const events = await records('pair');
    assert.deepEqual(events.at(-1)?.['event'], 'paired');
    const [device, another] = await records('devices');
    assert.equal(another, undefined);
    assert.deepEqual(Object.keys(device ?? {}), [
      'udid',
      'name',
      'model',
      'productType',
      'productVersion',
      'connections',
      'paired',
      'encrypted',
      'battery',
    ]);
    assert.deepEqual([device?.['udid'], device?.['paired'], device?.['encrypted']], [judge.phone.udid, true, true]);
    assert.deepEqual(device?.['connections'], ['usb']);
  });

  test('backup ends with what was made, snapshots lists it', async () => {
    const first = (await records('backup')).at(-1) ?? {};
    assert.deepEqual(
      Object.keys(first).filter((key) => key !== 'readySeconds'),
      ['event', 'snapshot', 'udid', 'files', 'bytes', 'newBytes', 'full', 'encrypted', 'seconds'],
    );
    assert.deepEqual([first['event'], first['full'], first['encrypted']], ['done', true, true]);
    const second = (await records('backup', judge.phone.udid)).at(-1) ?? {};
    assert.equal(second['full'], false);
    const [newest, oldest] = await records('snapshots');
    assert.deepEqual(Object.keys(newest ?? {}), [
      'id',
      'udid',
      'name',
      'takenAt',
      'encrypted',
      'files',
      'bytes',
      'newBytes',
      'state',
      'keybag',
      'passwordSince',
      'pinned',
      'label',
      'note',
      'holdUntil',
      'verifiedAt',
      'verifyProblems',
      'knownProblems',
    ]);
    assert.deepEqual([newest?.['id'], oldest?.['id']], [second['snapshot'], first['snapshot']]);
    assert.equal(newest?.['files'], second['files']);
    assert.equal(newest?.['knownProblems'], 0);
  });

  test('show, verify and doctor find nothing wrong', async () => {
    const [shown] = await records('show', 'latest');
    assert.equal(shown?.['udid'], judge.phone.udid);
    const verified = (await records('verify')).at(-1);
    assert.deepEqual([verified?.['event'], verified?.['problems'], verified?.['snapshots']], ['done', 0, 2]);
    const states = (await records('doctor')).map(({ state }) => state);
    assert.ok(states.every((state) => state === 'ok'));
  });

  test('an export is a backup folder, which another vault takes in as the same files', async () => {
    const dir = join(judge.directory, 'export');
    await records('export', 'latest', dir);
    const names = await readdir(join(dir, judge.phone.udid));
    for (const name of ['Info.plist', 'Status.plist', 'Manifest.plist', 'Manifest.db']) assert.ok(names.includes(name));
    const other = join(judge.directory, 'other-vault');
    const imported = (await records('import', dir, '--vault', other)).at(-1);
    assert.equal(imported?.['isNew'], true);
    const again = (await records('import', dir, '--vault', other)).at(-1);
    assert.deepEqual([again?.['isNew'], again?.['snapshot']], [false, imported?.['snapshot']]);
    const [here, there] = [await records('show', 'latest'), await records('show', 'latest', '--vault', other)];
    assert.equal(there[0]?.['list'], here[0]?.['list']);
  });

  test('a folder with something else in it is not exported into', async () => {
    const dir = join(judge.directory, 'full');
    await mkdir(join(dir, 'photos'), { recursive: true });
    const { status, stderr } = await holdfast('export', 'latest', dir, '--json');
    assert.equal(status, 28);
    assert.equal(parse(stderr.trim())['code'], 'FOLDER_NOT_EMPTY');
  });

  test('a folder in the vault is not exported into, also by way of a link', async () => {
    const link = join(judge.directory, 'link');
    await symlink(join(judge.directory, 'home', 'vault', 'objects'), link);
    const { status, stderr } = await holdfast('export', 'latest', join(link, 'out'), '--json');
    assert.deepEqual([status, parse(stderr.trim())['code']], [2, 'USAGE']);
  });

  test('nobody else on the computer can read what is written, whatever the umask', async () => {
    const home = join(judge.directory, 'open-home');
    await mkdir(join(home, 'vault'), { recursive: true });
    for (const each of [home, join(home, 'vault')]) await chmod(each, 0o777);
    const env = { USBMUXD_SOCKET_ADDRESS: judge.socketPath, HOLDFAST_HOME: home };
    for (const words of ['pair', 'backup', 'verify', `export latest ${home}/export`, `import ${home}/export`]) {
      const { status, stderr } = await run(
        'sh',
        ['-c', `umask 000; exec "$0" "$@"`, process.execPath, HOLDFAST, ...words.split(' ')],
        { env },
      );
      assert.equal(status, 0, stderr);
    }
    assert.deepEqual(await openPaths(home), [home]);
  });

  test('wrong words end with 2 and say where help is', async () => {
    for (const words of [[], ['backpu'], ['backup', '--ful'], ['virtual-iphone'], ['virtual-iphone', '--tcp', 'x']]) {
      const { status, stderr } = await holdfast(...words);
      assert.deepEqual([status, /holdfast --help/.test(stderr)], [2, true], words.join(' '));
    }
    assert.equal((await holdfast('--help')).status, 0);
    assert.equal((await holdfast('--version')).status, 0);
  });

  test('an empty folder is a variable that nobody set, and never means the folder one is in', async () => {
    for (const words of [
      ['snapshots', '--vault', ''],
      ['backup', '--vault', ''],
      ['get', 'latest', '--to', ''],
      ['extract', 'contacts', 'latest', '--to', ''],
      ['export', 'latest', ''],
      ['import', ''],
    ]) {
      const { status, stderr } = await holdfast(...words, '--json');
      assert.deepEqual([status, parse(stderr.trim())['code']], [2, 'USAGE'], words.join(' '));
    }
  });

  test('a folder that was removed while a shell is in it is said to be gone', async () => {
    const { status, stderr } = await shell('cd "$(mktemp -d)" && rmdir "$PWD" && "$0" "$1" export latest here');
    assert.deepEqual([status, /does not exist any more/.test(stderr)], [2, true], stderr);
  });

  test('output that nobody reads or no disk holds ends it, and is no bug', async () => {
    assert.equal((await shell('"$0" "$1" --help | true')).status, 141);
    assert.equal((await shell('"$0" "$1" backpu 2>&1 >/dev/null | true')).status, 141);
    const full = await shell('"$0" "$1" --help >/dev/full');
    assert.deepEqual([full.status, /could not be written/.test(full.stderr)], [23, true], full.stderr);
  });

  test('the compiled code that one command keeps is of use to it after another one has run', async () => {
    const env = { HOLDFAST_CODE_CACHE: join(judge.directory, 'code'), NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    const commands = [
      ['snapshots', '--help'],
      ['devices', '--help'],
      ['backup', '--help'],
    ];
    for (const words of commands) await run(process.execPath, [HOLDFAST, ...words], { env });
    for (const words of commands) {
      const { stderr } = await run(process.execPath, [HOLDFAST, ...words], { env });
      assert.deepEqual([/was accepted/.test(stderr), /was rejected/.test(stderr)], [true, false], words.join(' '));
    }
  });

  async function records(...words: string[]): Promise<Record<string, unknown>[]> {
    const { status, stdout, stderr } = await holdfast(...words, '--json');
    assert.equal(status, 0, stderr);
    return stdout.trimEnd().split('\n').map(parse);
  }

  function holdfast(...words: string[]): Promise<ToolResult> {
    const env = { USBMUXD_SOCKET_ADDRESS: judge.socketPath, HOLDFAST_HOME: join(judge.directory, 'home') };
    return run(process.execPath, [HOLDFAST, ...words], { env });
  }
});

test('the demo runs to its end and names no breach, also a second time in its folder', async () => {
  const { status, stdout, stderr } = await run(process.execPath, [HOLDFAST, 'demo', '--no-serve']);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /Everything is intact: 23 snapshots/);
  assert.match(stdout, /nothing was said that their protocols do not allow/);
  const dir = /All of it lies in (\S+)\. Delete/.exec(stdout)?.[1] ?? '';

  const again = await run(process.execPath, [HOLDFAST, 'demo', '--no-serve', '--dir', dir]);
  assert.equal(again.status, 0, again.stderr);
  assert.match(again.stdout, /Everything is intact: 25 snapshots/);
  await run('rm', ['-rf', dir]);
});

/** What other users can get at: a closed folder protects everything in it. */
async function openPaths(path: string): Promise<string[]> {
  const stats = await lstat(path);
  if ((stats.mode & 0o077) === 0) return [];
  const names = stats.isDirectory() ? await readdir(path) : [];
  return [path, ...(await Promise.all(names.map((name) => openPaths(join(path, name))))).flat()];
}

function parse(line: string): Record<string, unknown> {
  const value: unknown = JSON.parse(line);
  assert.ok(typeof value === 'object' && value !== null, line);
  return { ...value };
}

/** A line of a shell in which $0 $1 is the program; it ends as the first command of the line does. */
function shell(line: string): Promise<ToolResult> {
  return run('bash', ['-c', `${line}; exit "\${PIPESTATUS[0]}"`, process.execPath, HOLDFAST]);
}
