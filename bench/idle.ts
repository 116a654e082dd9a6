/**
 * The service while nothing happens: memory and CPU after starting, with phones on the cable, after their backups, after
 * a checkup, and with a browser that listens. (What looking into versions leaves is told by `library`.)
 *
 * Options: `--phones N` (default 4), `--files N` (default 4,000) of 20,000 bytes each, `--seconds N` (default 20) that
 * each state is looked at.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Job, Overview } from '../src/contract/index.ts';
import { askLocally, localSocketPath } from '../src/server/index.ts';
import { startVirtualIphone, VirtualMux, type VirtualIphone } from '../src/virtual-iphone/index.ts';
import { measure } from './support/measure.ts';
import { HOLDFAST } from './support/phone.ts';
import { printTable } from './support/table.ts';
import { Workspace } from './support/workspace.ts';

const FILE_BYTES = 20_000;
/** Of the kernel: what /proc counts CPU time in. */
const TICKS_PER_SECOND = 100;
/** What was loaded and made for a job is garbage after it, and collected in a while. */
const SETTLE_MS = 25_000;

/** As the unit of systemd has it. */
const AS_INSTALLED = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '16384', MALLOC_TRIM_THRESHOLD_: '65536' };

interface Idle {
  /** Resident, with the pages of the Node.js program itself, which lie on the disk and are shared with every other. */
  readonly megabytes: number;
  readonly ownMegabytes: number;
  readonly cpuMsPerSecond: number;
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      phones: { type: 'string', default: '4' },
      files: { type: 'string', default: '4000' },
      seconds: { type: 'string', default: '20' },
    },
  });
  const [count, files, seconds] = [Number(values.phones), Number(values.files), Number(values.seconds)];
  using workspace = new Workspace(((count * files * FILE_BYTES) / 2 ** 30) * 2 + 1);
  await using stack = new AsyncDisposableStack();
  const directory = workspace.folder('phones');
  const mux = stack.use(await VirtualMux.start({ stateDir: directory, socketPath: join(directory, 'socket') }));
  const phones: VirtualIphone[] = [];
  for (let i = 0; i < count; i++) {
    const library = { files, sizeBytes: FILE_BYTES };
    const one = {
      library,
      stateDir: join(directory, `phone-${i}`),
      seed: i + 1,
      name: `Phone ${i}`,
      mux,
      plugged: false,
    };
    phones.push(stack.use(await startVirtualIphone(one)));
  }
  const env = { HOLDFAST_HOME: workspace.folder('home'), USBMUXD_SOCKET_ADDRESS: `UNIX:${directory}/socket` };
  // Only what is asked for: phones that are due would be backed up while it is looked at what waiting costs.
  writeFileSync(join(env.HOLDFAST_HOME, 'settings.json'), '{ "rule": { "automatic": false } }');
  const [program = '', ...words] = HOLDFAST;
  const serving = spawn(program, [...words, 'serve', '--port', '0', '--json'], {
    env: { ...process.env, ...env, ...AS_INSTALLED },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  stack.defer(async () => {
    serving.kill('SIGTERM');
    if (serving.exitCode === null) await once(serving, 'exit');
  });
  await once(serving.stdout, 'data');
  const { pid = 0 } = serving;
  const rows: string[][] = [];
  const look = async (what: string): Promise<void> => {
    const { megabytes, ownMegabytes, cpuMsPerSecond } = await idle(pid, seconds);
    const cells = [`${megabytes.toFixed(0)} MB`, `${ownMegabytes.toFixed(0)} MB`, `${cpuMsPerSecond.toFixed(1)} ms/s`];
    rows.push([what, ...cells]);
    process.stderr.write(`${what}\n`);
  };
  await look('just started, no phone');
  for (const phone of phones) phone.plug();
  for (const { udid } of phones) await measure([...HOLDFAST, 'pair', udid], { env: { ...process.env, ...env } });
  const socket = localSocketPath(join(env.HOLDFAST_HOME, 'state'));
  await look(`${count} phones on the cable`);
  await backUpAll(socket, phones);
  await look(`after their backups, ${files} files each`);
  await finished(socket, phones.length + 1, () => askLocally(socket, '/checkups', { method: 'POST', body: {} }));
  await look('after a checkup');
  const browser = new AbortController();
  void askLocally(socket, '/events', { signal: browser.signal }).catch(() => undefined);
  await look('a browser listening');
  browser.abort();
  process.stdout.write('\n## The service while nothing happens\n\n');
  printTable(['', 'memory', 'of it its own', 'CPU'], rows);
}

async function backUpAll(socket: string, phones: readonly VirtualIphone[]): Promise<void> {
  const ask = async (path: string, body?: unknown): Promise<unknown> =>
    (await askLocally(socket, path, body === undefined ? {} : { method: 'POST', body }))?.json();
  for (;;) {
    const { devices } = Overview.parse(await ask('/overview'));
    if (devices.filter(({ link, trusted, model }) => link && trusted && model).length === phones.length) break;
    await delay(100);
  }
  await finished(socket, phones.length, async () => {
    for (const { udid } of phones) await ask(`/devices/${udid}/backup`, {});
  });
}

/** Begins jobs and waits until so many, with those before them, are over. */
async function finished(socket: string, count: number, begin: () => Promise<unknown>): Promise<void> {
  await begin();
  for (;;) {
    const jobs = Job.array().parse(await (await askLocally(socket, '/jobs', {}))?.json());
    const failed = jobs.find(({ state }) => state === 'failed');
    if (failed !== undefined) throw new Error(failed.problem?.message);
    if (jobs.length >= count && jobs.every(({ state }) => state === 'done')) return;
    await delay(200);
  }
}

async function idle(pid: number, seconds: number): Promise<Idle> {
  await delay(SETTLE_MS);
  const before = cpuSeconds(pid);
  await delay(seconds * 1000);
  const cpuMsPerSecond = ((cpuSeconds(pid) - before) / seconds) * 1000;
  return { megabytes: resident(pid, 'VmRSS'), ownMegabytes: resident(pid, 'RssAnon'), cpuMsPerSecond };
}

/** Fields 14 and 15 of /proc/PID/stat; the name before them, in parentheses, may hold anything. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function resident(pid: number, field: 'VmRSS' | 'RssAnon'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
  return Number(/\d+/.exec(status.find((line) => line.startsWith(`${field}:`)) ?? '0')) / 1024;
}
