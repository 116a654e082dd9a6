/**
 * What every judge needs: a virtual iPhone of its own, and real clients run against it. A client that is not
 * installed fails the test that needs it.
 */
import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startVirtualIphone, type VirtualIphone, type VirtualIphoneOptions } from '../../src/virtual-iphone/index.ts';

export interface ToolResult {
  /** Exit status; 128 and the number of the signal when one ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Never in a file system that this process serves: starting the program would wait for it for ever. */
  readonly cwd?: string;
  /** Kills the tool after this; default one minute. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const SIGNAL_STATUS = 128 + 15;

/** Runs a program to its end. It may fail: the status is for the test to look at. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<ToolResult> {
  const { env = {}, cwd, timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { signal }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', (cause) => {
      reject(new Error(`${command} cannot be run; tools/install-judges.sh installs it`, { cause }));
    });
    child.once('close', (status) => resolve({ status: status ?? SIGNAL_STATUS, stdout, stderr }));
  });
}

/** A phone with its folder, and the clients pointed at it. */
export class JudgedPhone implements AsyncDisposable {
  readonly phone: VirtualIphone;
  /** Removed in the end, with the phone's state in it. */
  readonly directory: string;
  readonly socketPath: string;

  private constructor(phone: VirtualIphone, directory: string) {
    this.phone = phone;
    this.directory = directory;
    this.socketPath = join(directory, 'mux');
  }

  /** A new phone, or the one of `stateDir`. Plugged in, and trusting everyone unless told otherwise. */
  static async start(options: Partial<VirtualIphoneOptions> = {}): Promise<JudgedPhone> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-judge-'));
    const phone = await startVirtualIphone({
      stateDir: join(directory, 'phone'),
      socketPath: join(directory, 'mux'),
      tcpPort: 0,
      ...options,
      // libimobiledevice's tools keep no heartbeat; an iPhone would cut off a long job of theirs.
      ...(options.wifi === undefined ? {} : { wifi: { heartbeatGraceMs: Infinity, ...options.wifi } }),
    });
    return new JudgedPhone(phone, directory);
  }

  /** Runs one of the clients that are built on libimobiledevice. */
  run(command: string, args: readonly string[], options: RunOptions = {}): Promise<ToolResult> {
    const env = { USBMUXD_SOCKET_ADDRESS: `UNIX:${this.socketPath}`, LC_ALL: 'C.UTF-8', ...options.env };
    return run(command, args, { ...options, env });
  }

  /** As `run`, but anything other than success is an error that tells what the client said. */
  async ok(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    return succeeded(`${command} ${args.join(' ')}`, await this.run(command, args, options));
  }

  /** Runs go-ios, which must succeed, and returns its standard output. */
  async goIos(...args: readonly string[]): Promise<string> {
    const env = { USBMUXD_SOCKET_ADDRESS: this.socketPath };
    const program = await goIosProgram(this.directory);
    return succeeded(`go-ios ${args.join(' ')}`, await run(program, args, { env, cwd: this.directory }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.phone.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Waits until something holds, for as long as a busy machine may need. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEFAULT_TIMEOUT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it never came true that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function succeeded(command: string, { status, stdout, stderr }: ToolResult): string {
  if (status === 0) return stdout;
  throw new Error(`${command} ended with status ${status}\n${stdout}\n${stderr}`);
}

/** npm installs the program without the right to run it, in a folder that is not ours to change. */
async function goIosProgram(directory: string): Promise<string> {
  const installed = dirname(createRequire(import.meta.url).resolve('go-ios/package.json'));
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const program = join(directory, 'go-ios');
  await copyFile(join(installed, 'dist', `go-ios-linux-${architecture}_linux_${architecture}`, 'ios'), program);
  await chmod(program, 0o755);
  return program;
}
