import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { backUpDevice, deviceSetup, startService } from '../../service/index.ts';
import { type Places, placesFor } from '../../shared/files/places.ts';
import { mutateLibrary } from '../../virtual-iphone/index.ts';
import { jsonOption, wholeNumber } from '../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../context.ts';
import { DEMO_PASSWORD, Household } from '../demo/household.ts';
import { liveThroughMonth } from '../demo/month.ts';
import { DEMO_ACCOUNT, openDoors } from '../demo/open-doors.ts';
import { careForBackups, openDemoVault } from '../demo/second-disk.ts';
import { formatCount, formatSize, formatTime, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { serviceLog } from '../service-log.ts';
import { untilStopped } from '../until-stopped.ts';
import { showBackup } from './backup/backup.ts';
import { exportWithProgress } from './export.ts';
import { verifyWithProgress } from './verify.ts';

interface DemoOptions extends CommonOptions {
  readonly dir?: string;
  readonly port?: number;
  readonly serve: boolean;
}

export function demoCommand(context: CliContext): Command {
  return new Command('demo')
    .description('see it all work on two virtual iPhones and an iPad with a month of history, in a browser')
    .option('--dir <dir>', 'where to put the devices, the vault and the export (else a temporary folder)')
    .addOption(
      new Option('--port <number>', 'answer browsers at this port; 0 for any').argParser(wholeNumber(0, 65_535)),
    )
    .option('--no-serve', 'end after what is shown here, without a browser')
    .addOption(jsonOption())
    .action((options: DemoOptions) => runDemo(context, options));
}

async function runDemo(context: CliContext, options: DemoOptions): Promise<void> {
  const output = outputFor(context, options);
  const { signal } = context;
  const dir = resolve(options.dir ?? (await mkdtemp(join(tmpdir(), 'holdfast-demo-'))));
  const places = placesFor({ HOLDFAST_HOME: join(dir, 'holdfast') });
  const socketPath = join(dir, 'usbmuxd');
  const env = { ...context.env, USBMUXD_SOCKET_ADDRESS: socketPath, HOLDFAST_HOME: join(dir, 'holdfast') };

  step(output, 'Two virtual iPhones and an iPad are plugged in. They speak the protocols of real ones.');
  await using household = await Household.plugIn(dir, socketPath);
  const setup = deviceSetup(env, places);
  const listings = await household.pair(setup, signal);
  for (const { facts } of listings) output.line(`${facts.name}, ${facts.model}, iOS ${facts.productVersion}`);
  output.line('Their owners tapped “Trust”.');

  step(output, 'A month goes by: the devices are used, and backed up on some of the evenings.');
  const versions = await liveThroughMonth({ household, listings, setup, places, signal });
  output.line(`${plural(versions, 'version')} of ${plural(listings.length, 'device')} are in the vault.`);
  household.live();

  step(output, 'The family keeps the passwords of its backups sealed here, and a copy of everything on a second disk.');
  await careForBackups({ places, env, dir, signal });
  output.line(`${join(dir, 'second-disk')} holds every version, each byte verified as it arrived.`);

  const [listing] = listings;
  const [first] = household.devices;
  if (listing === undefined || first === undefined) throw new Error('the household has no device');
  const request = { setup, device: listing, vaultDir: places.vaultDir, stateDir: places.stateDir, signal };
  mutateLibrary(first.phone.disk);
  step(output, `A backup of ${listing.facts.name}. Its owner enters the passcode on the phone.`);
  await showBackup(backUpDevice(request), output);
  step(output, 'A day goes by on it: new photos and messages, an edited note, something deleted.');
  mutateLibrary(first.phone.disk);
  step(output, 'The next backup: only what changed. The version before stays as it was.');
  await showBackup(backUpDevice(request), output);

  await proveAndExport({ places, udid: listing.udid, dir, output, signal });
  assertNoBreaches(household, output, dir);
  if (!options.serve) return;
  await serve({ context, options, output, env, household, places });
}

/** Reads everything again, takes the newest version out, and shows what there is. */
async function proveAndExport(request: {
  places: Places;
  udid: string;
  dir: string;
  output: Output;
  signal: AbortSignal;
}): Promise<void> {
  const { places, udid, dir, output, signal } = request;
  await using vault = await openDemoVault(places);
  step(output, 'Every byte is read again and compared with what the devices sent.');
  await verifyWithProgress(vault, {}, output, signal);

  step(output, 'The newest version, as a folder that Finder, iTunes and idevicebackup2 restore.');
  const exportDir = join(dir, 'export');
  await exportWithProgress(vault, vault.findSnapshot('latest', udid), exportDir, output, signal);
  const names = await readdir(join(exportDir, udid));
  const described = names.filter((name) => name.includes('.')).toSorted();
  output.line(`It holds ${described.join(', ')} and ${names.length - described.length} folders of files.`);

  step(output, 'What is safe now');
  const snapshots = vault.snapshots();
  output.table(
    ['ID', 'DEVICE', 'TAKEN', 'FILES', 'SIZE', 'NEW'],
    snapshots.map(({ id, device, takenAt, list, newBytes }) => [
      id,
      device.name,
      formatTime(takenAt),
      formatCount(list.files),
      formatSize(list.bytes),
      formatSize(newBytes),
    ]),
    { numeric: [3, 4, 5] },
  );
  output.record({ event: 'demo', dir, snapshots: snapshots.length });
}

function assertNoBreaches({ breaches }: Household, output: Output, dir: string): void {
  output.line();
  output.line(
    breaches.length === 0
      ? 'The devices watched every word: nothing was said that their protocols do not allow.'
      : `The devices noticed ${plural(breaches.length, 'breach', 'breaches')} of their protocols.`,
  );
  output.line(`All of it lies in ${dir}. Delete the folder when you have seen enough.`);
  output.line('With your own phone: connect it, then `node bin/holdfast.js pair` and `node bin/holdfast.js backup`.');
  if (breaches.length > 0) throw new Error(`the devices noticed ${breaches.map(({ rule }) => rule).join(', ')}`);
}

/** Answers browsers until it is told to stop. */
async function serve(demo: {
  context: CliContext;
  options: DemoOptions;
  output: Output;
  env: NodeJS.ProcessEnv;
  household: Household;
  places: Places;
}): Promise<void> {
  const { context, options, output, env, household, places } = demo;
  const { signal } = context;
  const log = serviceLog(context.err, { json: options.json === true, env, verbose: false });
  await using service = await startService({ places, env, logger: log, network: false });
  const language = (env['LC_ALL'] ?? env['LANG'] ?? '').startsWith('de') ? 'de' : 'en';
  const devices = household.devices.map(({ phone }) => phone.udid);
  await using doors = await openDoors({ service, devices, language, port: options.port, log });
  step(output, `Now look at it in a browser: ${doors.url}`);
  output.line(`Sign in as “${DEMO_ACCOUNT.name}” with the password “${DEMO_ACCOUNT.password}”.`);
  output.line(`The backups open with the password “${DEMO_PASSWORD}”.`);
  if (!doors.hasWeb) output.note('The web interface is not built; `npm run build:web` builds it.');
  output.line('Ctrl-C ends the demo.');
  output.record({ event: 'serving', url: doors.url, ...DEMO_ACCOUNT, backupPassword: DEMO_PASSWORD });
  await untilStopped(signal);
}

function step(output: Output, text: string): void {
  output.line();
  output.line(`── ${text}`);
}
