/**
 * One phone, two and four backed up at the same time into one vault: how much comes in a second, and what memory it
 * takes. Each phone holds other content, so that nothing is saved by their being alike.
 *
 * Options: `--files N` (default 4,000) and `--bytes N` (default 40,000) of each phone, `--rounds N` (default 3).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { median, measure, type Cost } from './support/measure.ts';
import { HOLDFAST } from './support/phone.ts';
import { megabytes, printTable, seconds } from './support/table.ts';
import { Workspace } from './support/workspace.ts';

const COUNTS = [1, 2, 4] as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: 'string', default: '4000' },
      bytes: { type: 'string', default: '40000' },
      rounds: { type: 'string', default: '3' },
    },
  });
  const [files, bytes, rounds] = [Number(values.files), Number(values.bytes), Number(values.rounds)];
  const rows: string[][] = [];
  for (const count of COUNTS) rows.push(...(await backUp(count, { files, bytes, rounds })));
  process.stdout.write(`\n## Phones at the same time, ${files} files of ${bytes} bytes each\n\n`);
  printTable(['', 'wall', 'CPU', 'peak', 'MB/s together'], rows);
}

interface Amount {
  readonly files: number;
  readonly bytes: number;
  readonly rounds: number;
}

async function backUp(count: number, { files, bytes, rounds }: Amount): Promise<string[][]> {
  using workspace = new Workspace(((count * files * bytes) / 2 ** 30) * 3 + 2);
  await using phones = await plugIn(count, workspace.folder('phones'), files, bytes);
  const env = { ...phones.env, HOLDFAST_HOME: workspace.folder('home') };
  for (const udid of await udidsOf(env)) await measure([...HOLDFAST, 'pair', udid], { env });
  const vault = join(workspace.dir, 'vault');
  const runs: { full: Cost; unchanged: Cost }[] = [];
  for (let round = 0; round < rounds; round++) {
    rmSync(vault, { recursive: true, force: true });
    rmSync(join(workspace.dir, 'home', 'state'), { recursive: true, force: true });
    workspace.dropCaches();
    const all = [...HOLDFAST, 'backup', '--all', '--json', '--vault', vault];
    runs.push({ full: await measure(all, { env }), unchanged: await measure(all, { env }) });
    process.stderr.write(`${count} phones, round ${round + 1} of ${rounds}\n`);
  }
  const words = count === 1 ? '1 phone' : `${count} phones`;
  const megabytesSent = (count * files * bytes) / 1e6;
  const full = median(runs.map((each) => each.full));
  const unchanged = median(runs.map((each) => each.unchanged));
  return [
    [words, ...cells(full), (megabytesSent / full.wallSeconds).toFixed(0)],
    [`${words}, nothing changed`, ...cells(unchanged), ''],
  ];
}

async function udidsOf(env: NodeJS.ProcessEnv): Promise<string[]> {
  const { output } = await measure([...HOLDFAST, 'devices', '--json'], { env });
  return [...output.matchAll(/"udid":"([^"]+)"/g)].map(([, udid = '']) => udid);
}

async function plugIn(count: number, dir: string, files: number, bytes: number) {
  const script = join(import.meta.dirname, 'support', 'phones.ts');
  const words = [script, String(count), dir, String(files), String(bytes)];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const address of createInterface({ input: child.stdout })) {
    return {
      env: { USBMUXD_SOCKET_ADDRESS: address },
      [Symbol.asyncDispose]: async () => {
        child.stdin.end();
        if (child.exitCode === null) await once(child, 'exit');
      },
    };
  }
  throw new Error('the virtual iPhones did not start');
}

function cells({ wallSeconds, cpuSeconds, peakMegabytes }: Cost): string[] {
  return [seconds(wallSeconds), seconds(cpuSeconds), megabytes(peakMegabytes)];
}
