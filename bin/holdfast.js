#!/usr/bin/env node
// Plain JavaScript, because the Node.js that starts it may be too old to read anything newer. It finds a Node.js that
// can run the product (this one, or the one that `npm ci` brought into the checkout) and hands over to it.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import v8 from 'node:v8';

const NEEDED = [24, 16];
/** EX_UNAVAILABLE of sysexits.h. */
const EXIT_UNAVAILABLE = 69;
const HANDED_OVER = 'HOLDFAST_HANDED_OVER';
/**
 * How the C library is to keep memory, for the commands it matters to. By itself it learns from a large block that was
 * given back to keep such blocks from then on. With a fixed limit they go back to the system: a first backup of 500,000
 * files peaks 20 to 30 MB lower; where a backup had it given back five times a second instead, it peaked at up to 215 MB.
 * With one place for all threads in place of one each it peaks 6 MB lower, and 25 MB where lists are compared. What runs
 * all day gives back more, as in `src/service/systemd/unit.ts`. That of a backup `tools/deb/holdfast` sets, too, with its flags.
 */
const ALLOCATION = {
  backup: { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '32768', MALLOC_TRIM_THRESHOLD_: '65536' },
  space: { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '1048576' },
  forget: { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '1048576' },
  import: { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '32768', MALLOC_TRIM_THRESHOLD_: '65536' },
  serve: { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '16384', MALLOC_TRIM_THRESHOLD_: '65536' },
};

/**
 * What V8 has to know before it begins. Of a backup, new objects get 2 MB in place of 1: half as many collections, each of
 * which costs as much, are 3 % of its time; 4 MB gain nothing more.
 */
const FLAGS = { backup: ['--min-semi-space-size=2'] };

/** A virtual iPhone stands for a machine of its own; a list of versions is made at once, shown, and over. */
const MAY_TAKE_MEMORY = new Set(['virtual-iphone', 'snapshots']);

const command = process.argv[2] ?? '';
const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (isNewEnough(process.versions.node)) {
  if (process.env[HANDED_OVER]) dieWithParent();
  else startOverAllocating();
  if (!MAY_TAKE_MEMORY.has(command)) keepMemoryLow();
  if (command === 'backup') optimizeLittle();
  keepCompiledCode();
  // Before the first use of the thread pool: making files durable is waiting, and four threads do too little of it.
  process.env.UV_THREADPOOL_SIZE ??= '8';
  // A checkout runs its sources; the published package ships them compiled, without src/.
  const source = join(root, 'src', 'cli', 'main.ts');
  const compiled = join(root, 'dist', 'cli', 'main.js');
  await import(pathToFileURL(existsSync(source) ? source : compiled).href);
} else {
  const bundled = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(bundled) && !process.env[HANDED_OVER]) await handOver(bundled);
  else {
    process.stderr.write(
      `holdfast needs Node.js ${NEEDED.join('.')} or newer; this is ${process.versions.node}.\n` +
        'In a checkout run `npm ci`, which brings it along; elsewhere install a current Node.js.\n',
    );
    process.exitCode = EXIT_UNAVAILABLE;
  }
}

/**
 * Code is kept as it was compiled, without its types: it starts in half the time and needs a fifth less memory. Where
 * the folder cannot be written, nothing is kept. Threads learn of it by the variable.
 *
 * Only after all flags are set: what was compiled under other flags is thrown away, and each set of flags gets a folder
 * of its own by those it has now. Were the variable set from outside, Node.js would choose the folder before.
 */
function keepCompiledCode() {
  process.env.NODE_COMPILE_CACHE ??=
    process.env.HOLDFAST_CODE_CACHE ?? join(root, 'node_modules', '.cache', 'holdfast');
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
}

/**
 * The space for new objects stays as small as it begins, and old ones are collected when there are twice as many as
 * after the last time. Left to itself the former grows to 128 MB and the latter to five times as many, to spare
 * collections that cost next to nothing here: what a backup makes is garbage at once.
 */
function keepMemoryLow() {
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  v8.setFlagsFromString('--heap-growing-percent=100');
}

/**
 * A backup is over in seconds, and making its code the fastest possible takes a quarter of the processors' time: most
 * of it for functions that others have been put into. With smaller ones the phone gets that time where both are one
 * machine, as here, and a computer with two processors does something else with it.
 */
function optimizeLittle() {
  v8.setFlagsFromString('--max-inlined-bytecode-size-cumulative=300');
  v8.setFlagsFromString('--max-optimized-bytecode-size=1500');
}

/** The C library reads its settings before the program begins: the process becomes itself again, with them set. */
function startOverAllocating() {
  if (process.platform !== 'linux' || process.execve === undefined) return;
  const settings = allocation();
  if (Object.keys(settings).every((name) => process.env[name] !== undefined)) return;
  const words = [process.execPath, ...process.execArgv, ...flags(), ...process.argv.slice(1)];
  process.execve(process.execPath, words, { ...settings, ...process.env });
}

function allocation() {
  return ALLOCATION[command] ?? {};
}

function flags() {
  return FLAGS[command] ?? [];
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** Runs the same command under another Node.js and ends as it ends; signals reach the child. */
async function handOver(node) {
  const { spawn } = await import('node:child_process');
  const child = spawn(node, [...flags(), fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...allocation(), ...process.env, [HANDED_OVER]: '1' },
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) {
      for (const each of signals) process.removeAllListeners(each);
      process.kill(process.pid, signal);
    } else process.exitCode = code ?? 1;
  });
}

/** A parent killed with SIGKILL cannot pass that on; its end of the channel closing tells us, and we go the same way. */
function dieWithParent() {
  delete process.env[HANDED_OVER];
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
}
