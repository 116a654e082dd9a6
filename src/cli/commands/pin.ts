import { Command, InvalidArgumentError } from 'commander';
import { AppError } from '../../shared/errors.ts';
import { openKnownVault, type LabelPatch, type SnapshotLabels, type SnapshotRecord } from '../../vault/index.ts';
import { jsonOption, vaultOption } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../context.ts';
import { formatTime } from '../output/format.ts';
import { labelRecord } from './snapshots.ts';

const SNAPSHOTS = 'ids from `holdfast snapshots`, their beginnings, or “latest”';
/** More does not fit in any list. */
const MAX_NAME_CHARACTERS = 200;

interface PinOptions extends VaultOptions {
  readonly until?: Date;
}

export function pinCommand(context: CliContext): Command {
  return new Command('pin')
    .description('keep versions, whatever the rule says')
    .argument('<snapshots...>', SNAPSHOTS)
    .option('--until <date>', 'only until this day: 2027-01-31', dateOf)
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string[], options: PinOptions) =>
      label(context, wanted, options, options.until === undefined ? { pinned: true } : { holdUntil: options.until }, {
        words: options.until === undefined ? 'is pinned.' : `is kept until ${formatTime(options.until).slice(0, 10)}.`,
      }),
    );
}

export function unpinCommand(context: CliContext): Command {
  return new Command('unpin')
    .description('leave versions to the rule again')
    .argument('<snapshots...>', SNAPSHOTS)
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string[], options: VaultOptions) =>
      label(context, wanted, options, { pinned: false, holdUntil: undefined }, { words: 'is left to the rule.' }),
    );
}

export function nameCommand(context: CliContext): Command {
  return new Command('name')
    .description('give a version a name, as “before the repair”; without one the name is taken away')
    .argument('<snapshot>', SNAPSHOTS)
    .argument('[name]', 'the name')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string, name: string | undefined, options: VaultOptions) => {
      const text = name?.trim();
      if (text !== undefined && text.length > MAX_NAME_CHARACTERS) {
        throw new AppError('USAGE', `a name has at most ${MAX_NAME_CHARACTERS} characters`);
      }
      const isNamed = text !== undefined && text !== '';
      return label(
        context,
        [wanted],
        options,
        { name: isNamed ? text : undefined },
        {
          words: isNamed ? `is called “${text}”.` : 'has no name any more.',
        },
      );
    });
}

/** The beginning of that day, by the clock of this computer. */
function dateOf(text: string): Date {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  if (date.getMonth() !== Number(month) - 1) throw new InvalidArgumentError('It takes a date, as 2027-01-31');
  if (date <= new Date()) throw new InvalidArgumentError('It takes a date to come');
  return date;
}

async function label(
  context: CliContext,
  wanted: readonly string[],
  options: VaultOptions,
  patch: LabelPatch,
  { words }: { words: string },
): Promise<void> {
  const output = outputFor(context, options);
  await using vault = await openKnownVault({
    dir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    purpose: 'labelling versions',
    create: false,
    lock: 'none',
  });
  // All are found before any is changed.
  for (const record of wanted.map((each) => vault.findSnapshot(each))) {
    const labels = await vault.labels.set(record, patch);
    output.line(`${record.device.name}, version ${record.id} of ${formatTime(record.takenAt)}, ${words}`);
    output.record(recordOf(record, labels));
  }
}

function recordOf({ id, udid }: SnapshotRecord, labels: SnapshotLabels): object {
  return { event: 'labelled', id, udid, ...labelRecord(labels) };
}
