/** The Debian package in a bare Debian 12: installed, serving, backing up, upgraded, removed, purged; the vault stays. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { freePort, NEWER } from './copy-places.ts';
import { eventually, JudgedPhone, run, type ToolResult } from './harness.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BUILD_MS = 5 * 60_000;
const VAULT = '/var/lib/holdfast/vault';

test('the package installs, serves, backs up, is upgraded and purged, and the vault stays as it was', async () => {
  await using debian = await BareDebian.make();
  const first = await debian.build();
  await debian.ok('dpkg', '-i', first);
  assert.match(await debian.ok('stat', '-c', '%U %a', '/var/lib/holdfast'), /^holdfast 700$/m);
  await assertUnit(debian.pathOf('/lib/systemd/system/holdfast.service'));
  await debian.serves();

  await using phone = await JudgedPhone.start();
  const env = { USBMUXD_SOCKET_ADDRESS: `127.0.0.1:${phone.phone.tcpPort}` };
  await debian.holdfast(['pair'], env);
  await debian.holdfast(['backup'], env);
  assert.deepEqual(phone.phone.breaches.list(), []);
  const before = await debian.sumOf(VAULT);

  await debian.ok('dpkg', '-i', await debian.nextRelease(first, '99.0.0'));
  assert.match(await debian.ok('dpkg-query', '-W', '-f', '${Version}', 'holdfast'), /^99\.0\.0$/);
  await debian.serves();
  await debian.holdfast(['verify'], env);

  await debian.ok('dpkg', '--remove', 'holdfast');
  await debian.ok('dpkg', '--purge', 'holdfast');
  assert.equal(await debian.sumOf(VAULT), before);
  for (const gone of ['/usr/lib/holdfast', '/usr/bin/holdfast', '/etc/default/holdfast', '/var/cache/holdfast']) {
    assert.equal((await debian.run('test', '-e', gone)).status, 1, `${gone} is still there`);
  }
});

/** The unit as it is installed: right, and kept from what it has no need of. */
async function assertUnit(unit: string): Promise<void> {
  const { stderr } = await run('systemd-analyze', ['verify', '--man=no', unit]);
  // The program itself is in there, not on this computer.
  const complaints = stderr.split('\n').filter((line) => line.includes('holdfast') && !line.includes('not executable'));
  assert.deepEqual(complaints, []);
  const { stdout } = await run('systemd-analyze', ['security', '--offline=true', unit]);
  const exposure = Number(/Overall exposure level for holdfast\.service: ([\d.]+)/.exec(stdout)?.[1]);
  assert.ok(exposure < 2.5, stdout);
}

/** A copy of the bare Debian that tools/install-judges.sh makes. Only root can go into one. */
class BareDebian implements AsyncDisposable {
  readonly #dir: string;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  static async make(): Promise<BareDebian> {
    const dir = await mkdtemp(join(tmpdir(), 'holdfast-debian-'));
    const debian = new BareDebian(dir);
    await debian.#outside('cp', '-a', '--reflink=auto', join(NEWER, 'debian'), debian.#root);
    await debian.#outside('mount', '--bind', '/proc', join(debian.#root, 'proc'));
    return debian;
  }

  /** Builds the package. @returns its path in here */
  async build(): Promise<string> {
    const built = await run('sh', [join(ROOT, 'tools', 'deb', 'build.sh'), this.#dir], { timeoutMs: BUILD_MS });
    assert.equal(built.status, 0, built.stderr);
    return this.#takeIn(built.stdout.trim());
  }

  /** The same package under another version, as the next release would be. @returns its path in here */
  async nextRelease(first: string, version: string): Promise<string> {
    const unpacked = join(this.#dir, 'unpacked');
    await this.#outside('dpkg-deb', '-R', join(this.#root, first), unpacked);
    await this.#outside('sed', '-i', `s/^Version: .*/Version: ${version}/`, join(unpacked, 'DEBIAN', 'control'));
    const next = join(this.#dir, `holdfast_${version}.deb`);
    await this.#outside('dpkg-deb', '--root-owner-group', '-Zgzip', '-z1', '--build', unpacked, next);
    await this.#outside('rm', '-rf', unpacked);
    return this.#takeIn(next);
  }

  /** Where a file of it lies on this computer. */
  pathOf(path: string): string {
    return join(this.#root, path);
  }

  run(...words: readonly string[]): Promise<ToolResult> {
    return this.#asRoot(['chroot', this.#root, 'env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', ...words]);
  }

  async ok(...words: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(...words);
    assert.equal(status, 0, `${words.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs the command line as the user of the service. */
  async holdfast(words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    return this.ok(
      'setpriv',
      '--reuid=holdfast',
      '--regid=holdfast',
      '--init-groups',
      'env',
      ...set,
      'holdfast',
      ...words,
    );
  }

  /** Starts the service as its unit does, asks it whether it is well, and stops it. */
  async serves(): Promise<void> {
    const port = await freePort();
    const inside = ['setpriv', '--reuid=holdfast', '--regid=holdfast', '--init-groups', 'holdfast', 'serve'];
    const words = [...sudo(), 'chroot', this.#root, ...inside, '--port', String(port)];
    const [program = '', ...args] = words;
    const service = spawn(program, args, { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => service.once('exit', resolve));
    try {
      await eventually('the service answers', async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/api/v1/health`).catch(() => undefined);
        return answer?.status === 200;
      });
      const page = await fetch(`http://127.0.0.1:${port}/`);
      assert.match(await page.text(), /<!doctype html>/);
    } finally {
      service.kill('SIGTERM');
    }
    assert.equal(await ended, 0);
  }

  /** One hash over everything below a folder. */
  async sumOf(path: string): Promise<string> {
    const script = `cd ${path} && find . -type f ! -name '*-wal' ! -name '*-shm' | sort | xargs sha256sum | sha256sum`;
    return this.ok('sh', '-c', script);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#outside('umount', join(this.#root, 'proc'));
    await this.#outside('rm', '-rf', '--one-file-system', this.#root);
    await rm(this.#dir, { recursive: true, force: true });
  }

  get #root(): string {
    return join(this.#dir, 'root');
  }

  async #takeIn(path: string): Promise<string> {
    await this.#outside('cp', path, join(this.#root, 'tmp'));
    return `/tmp/${basename(path)}`;
  }

  async #outside(...words: readonly string[]): Promise<void> {
    const { status, stderr } = await this.#asRoot(words);
    assert.equal(status, 0, `${words.join(' ')}\n${stderr}`);
  }

  #asRoot(words: readonly string[]): Promise<ToolResult> {
    const [program = '', ...args] = [...sudo(), ...words];
    return run(program, args, { timeoutMs: BUILD_MS });
  }
}

const sudo = (): string[] => (process.getuid?.() === 0 ? [] : ['sudo']);
