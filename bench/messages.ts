/**
 * Messages: a phone with a million of them (the number may be given), taken out by the command line in each format.
 * To reach: 20,000 a second within 200 MB.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure } from './support/measure.ts';
import { makeMessagesBackup } from './support/messages-backup.ts';
import { megabytes, printTable, seconds } from './support/table.ts';

const CLI = join(import.meta.dirname, '..', 'bin', 'holdfast.js');
const FORMATS = ['json', 'csv', 'txt', 'html'];

export async function run([count = '1000000']: readonly string[]): Promise<void> {
  const dir = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'holdfast-bench-'));
  try {
    const backup = makeMessagesBackup(dir, Number(count));
    const rows: string[][] = [];
    for (const format of FORMATS) {
      const to = join(dir, 'out');
      const command = ['extract', 'messages', backup, '--to', to, '--format', format, '--time-zone', 'Europe/Berlin'];
      const cost = await measure([process.execPath, CLI, ...command]);
      const rate = Math.round(Number(count) / cost.wallSeconds);
      rows.push([
        format,
        seconds(cost.wallSeconds),
        seconds(cost.cpuSeconds),
        `${rate.toLocaleString('en')} /s`,
        megabytes(cost.peakMegabytes),
      ]);
      rmSync(to, { recursive: true });
    }
    printTable(['format', 'wall', 'CPU', 'messages', 'peak'], rows);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
