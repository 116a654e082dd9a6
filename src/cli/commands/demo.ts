import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { backUpDevice, deviceSetup, findDevice, openKnownVault, pairWith } from '../../service/index.ts';
import { mutateLibrary, startVirtualIphone, type Breach } from '../../virtual-iphone/index.ts';
import { placesFor } from '../../shared/places.ts';
import { jsonOption } from '../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../context.ts';
import { formatCount, formatSize, formatTime, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { showBackup } from './backup.ts';
import { exportWithProgress } from './export.ts';
import { verifyWithProgress } from './verify.ts';

interface DemoOptions extends CommonOptions {
  readonly dir?: string;
}

/** What the demo's phone encrypts its backups with. Shown to everybody: it protects nothing. */
const DEMO_PASSWORD = 'holdfast';

export function demoCommand(context: CliContext): Command {
  return new Command('demo')
    .description('see it all work on a virtual iPhone: back up, change, back up again, verify, export')
    .option('--dir <dir>', 'where to put the phone, the vault and the export (else a temporary folder)')
    .addOption(jsonOption())
    .action((options: DemoOptions) => runDemo(context, options));
}

async function runDemo(context: CliContext, options: DemoOptions): Promise<void> {
  const output = outputFor(context, options);
  const { signal } = context;
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'holdfast-demo-')));
  const places = placesFor({ HOLDFAST_HOME: join(dir, 'holdfast') });
  const socketPath = join(dir, 'usbmuxd');
  const breaches: Breach[] = [];

  step(output, 'A virtual iPhone is plugged in. It speaks the protocols of a real one.');
  await using phone = await startVirtualIphone({
    stateDir: join(dir, 'phone'),
    socketPath,
    backupPassword: DEMO_PASSWORD,
    passcode: { mode: 'accept', delayMs: 500 },
    onBreach: (breach) => breaches.push(breach),
  });
  const setup = deviceSetup({ USBMUXD_SOCKET_ADDRESS: socketPath }, places);
  const listing = await findDevice(setup, phone.udid, { network: false, signal });
  output.line(`${listing.facts.name}, ${listing.facts.model}, iOS ${listing.facts.productVersion}`);
  await pairWith(setup, listing, { signal });
  output.line('Its owner tapped “Trust”.');

  const request = { setup, device: listing, vaultDir: places.vaultDir, stateDir: places.stateDir, signal };
  step(output, 'The first backup: everything. The owner enters the passcode on the phone.');
  await showBackup(backUpDevice(request), output);

  step(output, 'A day goes by on the phone: new photos and messages, an edited note, something deleted.');
  mutateLibrary(phone.disk);
  step(output, 'The second backup: only what changed. The first version stays as it was.');
  await showBackup(backUpDevice(request), output);
  await phone.close();

  await using vault = await openKnownVault({
    dir: places.vaultDir,
    stateDir: places.stateDir,
    purpose: 'the demo',
    create: false,
    lock: 'write',
  });
  step(output, 'Every byte is read again and compared with what the phone sent.');
  await verifyWithProgress(vault, {}, output, signal);

  step(output, 'The newest version, as a folder that Finder, iTunes and idevicebackup2 restore.');
  const exportDir = join(dir, 'export');
  await exportWithProgress(vault, vault.findSnapshot('latest'), exportDir, output, signal);
  const names = await readdir(join(exportDir, phone.udid));
  const described = names.filter((name) => name.includes('.')).toSorted();
  output.line(`It holds ${described.join(', ')} and ${names.length - described.length} folders of files.`);

  step(output, 'What is safe now');
  const snapshots = vault.snapshots();
  output.table(
    ['ID', 'TAKEN', 'FILES', 'SIZE', 'NEW'],
    snapshots.map(({ id, takenAt, list, newBytes }) => [
      id,
      formatTime(takenAt),
      formatCount(list.files),
      formatSize(list.bytes),
      formatSize(newBytes),
    ]),
    { numeric: [2, 3, 4] },
  );
  output.line();
  output.line(
    breaches.length === 0
      ? 'The phone watched every word: nothing was said that its protocols do not allow.'
      : `The phone noticed ${plural(breaches.length, 'breach', 'breaches')} of its protocols.`,
  );
  output.line(
    `All of it lies in ${dir}; the backup password is “${DEMO_PASSWORD}”. Delete the folder when you have seen enough.`,
  );
  output.line('With your own phone: connect it, then `node bin/holdfast.js pair` and `node bin/holdfast.js backup`.');
  output.record({ event: 'demo', dir, snapshots: snapshots.length, breaches: breaches.length });
  if (breaches.length > 0) throw new Error(`the phone noticed ${breaches.map(({ rule }) => rule).join(', ')}`);
}

function step(output: Output, text: string): void {
  output.line();
  output.line(`── ${text}`);
}
