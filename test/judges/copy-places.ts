/** Servers that copies lie on, each on loopback and gone after use: openssh, rclone, restic's rest-server, an S3 server. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { run } from './harness.ts';

/** Programs newer than the system's, which tools/install-judges.sh unpacks. */
export const NEWER =
  process.env['HOLDFAST_JUDGES'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'holdfast-judges');

export const NEW_RESTIC = join(NEWER, 'usr', 'bin', 'restic');
/** Debian 12's, 0.14. */
export const OLD_RESTIC = '/usr/bin/restic';

/** Where a restic repository can be made. */
export interface CopyPlace extends AsyncDisposable {
  readonly repository: string;
  /** What whoever goes there needs in the environment. */
  readonly env: Readonly<Record<string, string>>;
}

export function folderPlace(dir: string): CopyPlace {
  return { repository: join(dir, 'repository'), env: {}, [Symbol.asyncDispose]: async () => {} };
}

/** openssh's server, for this user, with keys of its own. */
export async function sftpPlace(dir: string): Promise<CopyPlace> {
  const port = await freePort();
  await mkdir(join(dir, 'bin'));
  await mkdir(join(dir, 'there'));
  // The system's package makes it when it starts its own service.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  for (const key of ['host-key', 'user-key']) {
    await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, key)]);
  }
  const server = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${dir}/host-key`,
    `AuthorizedKeysFile ${dir}/user-key.pub`,
    `PidFile ${dir}/sshd.pid`,
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'Subsystem sftp internal-sftp',
  ];
  const client = [
    'Host away',
    'HostName 127.0.0.1',
    `Port ${port}`,
    `User ${userInfo().username}`,
    `IdentityFile ${dir}/user-key`,
    'StrictHostKeyChecking no',
    `UserKnownHostsFile ${dir}/known-hosts`,
    'LogLevel ERROR',
  ];
  await writeFile(join(dir, 'sshd.conf'), `${server.join('\n')}\n`);
  await writeFile(join(dir, 'ssh.conf'), `${client.join('\n')}\n`);
  // As ~/.ssh/config has it for a person.
  await writeFile(join(dir, 'bin', 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${dir}/ssh.conf "$@"\n`);
  await chmod(join(dir, 'bin', 'ssh'), 0o755);
  const sshd = await startServer('/usr/sbin/sshd', ['-D', '-e', '-f', join(dir, 'sshd.conf')], port);
  return {
    repository: `sftp:away:${dir}/there/repository`,
    env: { PATH: `${dir}/bin:${process.env['PATH'] ?? ''}` },
    [Symbol.asyncDispose]: () => stop(sshd),
  };
}

/** rclone as a server of restic's own protocol. */
export async function rclonePlace(dir: string, words: readonly string[] = []): Promise<CopyPlace> {
  const port = await freePort();
  const args = ['serve', 'restic', '--config', '', '--addr', `127.0.0.1:${port}`, ...words, join(dir, 'there')];
  const server = await startServer('rclone', args, port);
  return { repository: `rest:http://127.0.0.1:${port}/`, env: {}, [Symbol.asyncDispose]: () => stop(server) };
}

/** restic's rest-server, which lets nothing that is there be removed. */
export async function appendOnlyPlace(dir: string): Promise<CopyPlace> {
  const port = await freePort();
  const args = ['--path', join(dir, 'there'), '--listen', `127.0.0.1:${port}`, '--no-auth', '--append-only'];
  const server = await startServer(join(NEWER, 'usr', 'bin', 'restic-rest-server'), args, port);
  return { repository: `rest:http://127.0.0.1:${port}/`, env: {}, [Symbol.asyncDispose]: () => stop(server) };
}

/** moto: Amazon's S3 as its clients see it, in memory. */
export async function s3Place(): Promise<CopyPlace> {
  const port = await freePort();
  const env = { PYTHONPATH: join(NEWER, 'usr', 'lib', 'python3', 'dist-packages') };
  const args = [join(NEWER, 'usr', 'bin', 'moto_server'), '-H', '127.0.0.1', '-p', String(port)];
  const server = await startServer('python3', args, port, env);
  return {
    repository: `s3:http://127.0.0.1:${port}/backups`,
    env: { AWS_ACCESS_KEY_ID: 'holdfast', AWS_SECRET_ACCESS_KEY: 'secret' },
    [Symbol.asyncDispose]: () => stop(server),
  };
}

async function startServer(
  command: string,
  args: readonly string[],
  port: number,
  env: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const server = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  let problem: Error | undefined;
  server.once('error', (error) => (problem = error));
  server.once('exit', (status) => (problem ??= new Error(`${command} ended with ${status} before it could be used`)));
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 50) {
    if (problem !== undefined) throw new Error(`${command} does not run`, { cause: problem });
    if (await answers(port)) return server;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  server.kill('SIGKILL');
  throw new Error(`${command} does not answer`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A port of the loopback address that nobody has at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}

async function succeed(command: string, args: readonly string[]): Promise<void> {
  const { status, stderr } = await run(command, args);
  if (status !== 0) throw new Error(`${command} ended with status ${status}: ${stderr}`);
}
