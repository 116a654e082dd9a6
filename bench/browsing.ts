/**
 * Looking into a version through the web: 50,000 photos, a million messages. What the first look takes, what a page takes
 * after it, how long nothing else could run, and the memory of the whole process.
 *
 * Options: `--photos N` (default 50,000), `--messages N` (default 1,000,000), 0 leaves one out.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeMessagesBackup } from './support/messages-backup.ts';
import { measure } from './support/measure.ts';
import { makePhotosBackup } from './support/photos-backup.ts';
import { printTable } from './support/table.ts';
import { Workspace } from './support/workspace.ts';

const READER = join(import.meta.dirname, 'support', 'browse.ts');

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      photos: { type: 'string', default: '50000' },
      messages: { type: 'string', default: '1000000' },
    },
  });
  using workspace = new Workspace(4);
  if (values.photos !== '0') {
    await report('photos', await makePhotosBackup(workspace.folder('photos'), Number(values.photos)), workspace);
  }
  if (values.messages !== '0') {
    await report('messages', makeMessagesBackup(workspace.folder('messages'), Number(values.messages)), workspace);
  }
}

async function report(what: string, folder: string, workspace: Workspace): Promise<void> {
  const { output } = await measure([process.execPath, READER, what, folder, workspace.folder('state')]);
  const { steps, peakMegabytes } = JSON.parse(output) as { steps: Record<string, number>; peakMegabytes: number };
  process.stdout.write(`\n## ${what}, peak before searching ${Math.round(peakMegabytes)} MB\n\n`);
  printTable(
    ['step', 'ms, or number'],
    Object.entries(steps).map(([name, value]) => [name, value.toLocaleString('en')]),
  );
}
