import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import {
  choosePair,
  deviceSetup,
  exportPair,
  importPairs,
  listPairs,
  renewPairs,
  type ImportedPair,
  type PairFacts,
  type Renewal,
} from '../../service/index.ts';
import { addressOption, jsonOption } from '../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../context.ts';
import { formatTime } from '../output/format.ts';

interface ExportOptions extends CommonOptions {
  readonly to: string;
  readonly replace?: boolean;
}

interface ImportOptions extends CommonOptions {
  readonly udid?: string;
  readonly replace?: boolean;
}

interface RenewOptions extends CommonOptions {
  readonly address?: string;
}

export function pairsCommand(context: CliContext): Command {
  const pairs = new Command('pairs').description('the devices this computer is paired with, and their pair records');
  pairs
    .command('list', { isDefault: true })
    .description('list them, with when each was last heard of')
    .addOption(jsonOption())
    .action((options: CommonOptions) => list(context, options));
  pairs
    .command('export')
    .description('write the pairing with a device into a file, for a computer without a cable, such as a NAS')
    .argument('[device]', 'name or UDID; may be left out when only one is paired')
    .requiredOption('--to <file>', 'the file to write, or a folder for it')
    .option('--replace', 'replace the file if it is there')
    .addOption(jsonOption())
    .action((wanted: string | undefined, options: ExportOptions) => exportOne(context, wanted, options));
  pairs
    .command('import')
    .description(
      'take in a pair record of a Mac (/var/db/lockdown), Windows (C:\\ProgramData\\Apple\\Lockdown) or usbmuxd',
    )
    .argument('<path>', 'the file, or a folder of such files')
    .option('--udid <udid>', 'whose it is, where the name of the file does not tell')
    .option('--replace', 'replace another pairing with the same device')
    .addOption(jsonOption())
    .action((path: string, options: ImportOptions) => importAll(context, path, options));
  pairs
    .command('renew')
    .description('connect to a device, or to all, so that none forgets this computer: over Wi-Fi it does after 30 days')
    .argument('[device]', 'name or UDID; all when left out')
    .addOption(addressOption())
    .addOption(jsonOption())
    .action((wanted: string | undefined, options: RenewOptions) => renew(context, wanted, options));
  return pairs;
}

async function list(context: CliContext, options: CommonOptions): Promise<void> {
  const output = outputFor(context, options);
  const pairs = await listPairs(deviceSetup(context.env, context.places));
  if (pairs.length === 0) output.line('No device is paired yet. `holdfast pair` makes the first pairing.');
  else output.table(['NAME', 'LAST HEARD OF', 'BY', 'ADDRESS', 'TRUST OVER WI-FI', 'UDID'], pairs.map(rowOf));
  for (const pair of pairs) {
    output.record(recordOf(pair));
    if (pair.health.sentence !== undefined) output.note(`${pair.health.sentence} ${pair.health.hint ?? ''}`);
    if (!pair.hasEscrowBag) output.note(`${pair.name ?? pair.udid}: ${NO_ESCROW}`);
  }
}

function rowOf({ udid, name, lastContactAt, lastContactBy, address, health }: PairFacts): string[] {
  return [
    name ?? '?',
    lastContactAt === undefined ? '?' : formatTime(lastContactAt),
    lastContactBy === undefined ? '?' : WAYS[lastContactBy],
    address ?? '?',
    health.daysLeft === undefined ? '?' : health.daysLeft === 0 ? 'over' : `${health.daysLeft} days left`,
    udid,
  ];
}

/** What scripts are given; the names are a promise. Unknown values are null. */
function recordOf({ udid, name, lastContactAt, lastContactBy, address, hasEscrowBag, health }: PairFacts): object {
  return {
    udid,
    name: name ?? null,
    lastContactAt: lastContactAt?.toISOString() ?? null,
    lastContactBy: lastContactBy ?? null,
    address: address ?? null,
    escrowBag: hasEscrowBag,
    trust: health.state,
    trustDaysLeft: health.daysLeft ?? null,
  };
}

async function exportOne(context: CliContext, wanted: string | undefined, options: ExportOptions): Promise<void> {
  const output = outputFor(context, options);
  const setup = deviceSetup(context.env, context.places);
  const { udid, name } = choosePair(await listPairs(setup), wanted);
  const file = (await isFolder(options.to)) ? join(options.to, `${udid}.plist`) : options.to;
  await exportPair(setup, udid, { file, replace: options.replace === true });
  output.line(`The pairing with ${name ?? udid} is in ${file}.`);
  output.line('Treat it like the device unlocked: whoever has this file and reaches the device can read and back up');
  output.line('what is on it. Only you can read it here; take it over an encrypted way, and delete it afterwards.');
  output.record({ event: 'exported', udid, file });
}

async function importAll(context: CliContext, path: string, options: ImportOptions): Promise<void> {
  const output = outputFor(context, options);
  const setup = deviceSetup(context.env, context.places);
  const { imported, passedOver } = await importPairs({
    setup,
    path,
    udid: options.udid,
    replace: options.replace === true,
  });
  for (const pair of imported) {
    output.line(IMPORT_WORDS[pair.result](pair.udid));
    if (!pair.hasEscrowBag) output.note(`${pair.udid}: ${NO_ESCROW}`);
    output.record({ event: 'imported', ...pair });
  }
  for (const { file, reason } of passedOver) {
    output.note(`${file} was passed over: ${reason}.`);
    output.record({ event: 'passed-over', file, reason });
  }
  if (imported.length === 0 && passedOver.length === 0) output.line(`There are no pair records in ${path}.`);
  if (imported.length > 0) output.line('`holdfast devices` shows whether they are found in this network.');
}

async function renew(context: CliContext, wanted: string | undefined, options: RenewOptions): Promise<void> {
  const output = outputFor(context, options);
  const setup = deviceSetup(context.env, context.places);
  const all = await listPairs(setup);
  const pairs = wanted === undefined && options.address === undefined ? all : [choosePair(all, wanted)];
  if (pairs.length === 0) output.line('No device is paired yet. `holdfast pair` makes the first pairing.');
  let failed: Extract<Renewal, { renewed: false }> | undefined;
  for await (const renewal of renewPairs(setup, pairs, { address: options.address, signal: context.signal })) {
    const name = renewal.name ?? renewal.udid;
    if (renewal.renewed) {
      output.line(`${name} was heard of, by ${WAYS[renewal.connection]}: 30 more days.`);
      output.record({ event: 'renewed', udid: renewal.udid, connection: renewal.connection });
    } else {
      failed ??= renewal;
      output.note(`${name}: ${renewal.problem.message}. ${renewal.problem.hint ?? ''}`);
      output.record({ event: 'not-renewed', udid: renewal.udid, code: renewal.problem.code });
    }
  }
  if (failed !== undefined) context.setExitCode(failed.problem.exitCode);
}

const WAYS = { usb: 'cable', network: 'Wi-Fi' } as const;

const NO_ESCROW =
  'this pair record has no escrow bag, without which backups cannot start. Pair the device once by cable.';

const IMPORT_WORDS: Readonly<Record<ImportedPair['result'], (udid: string) => string>> = {
  imported: (udid) => `The pairing with ${udid} is here now.`,
  replaced: (udid) => `The pairing with ${udid} took the place of another one.`,
  same: (udid) => `The pairing with ${udid} was here already.`,
};

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
