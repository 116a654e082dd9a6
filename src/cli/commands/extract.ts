import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import {
  ExportFolder,
  loadContentExports,
  takeOut,
  writeEvidence,
  type ContentExport,
  type ExportOptions,
  type TakenOutKind,
} from '../../export/index.ts';
import { earlierVersionsOf, openForReading, type OpenedForReading } from '../../service/index.ts';
import { AppError } from '../../shared/errors.ts';
import { momentOf, timeZoneNamed } from '../../shared/time/time-zone.ts';
import { jsonOption, namedFolder, passwordFileOption, vaultOption } from '../common-options.ts';
import { outputFor, type CliContext } from '../context.ts';
import { dayOrMoment } from '../dates.ts';
import { readingOf, type ReadOptions } from '../open-backup.ts';
import { formatCount, formatSize, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { readSecretFile } from '../password.ts';
import { VERSION } from '../version.ts';

const CONTENT_EXPORTS = await loadContentExports();
const EVERYTHING = 'everything';

interface ExtractOptions extends ReadOptions {
  readonly to: string;
  readonly format?: string;
  readonly timeZone?: string;
  readonly from?: string;
  readonly until?: string;
  readonly with?: string[];
  readonly layout?: 'date' | 'album';
  readonly jpegCopies?: boolean;
  readonly deleted?: boolean;
  readonly notePasswordFile?: string;
  readonly evidence?: boolean;
  readonly overwrite?: boolean;
  readonly allVersions?: boolean;
}

export function extractCommand(context: CliContext): Command {
  const names = CONTENT_EXPORTS.map(({ kind }) => kind);
  return new Command('extract')
    .description('take what is in a version out: messages, photos, contacts, notes…')
    .addArgument(new Argument('<kind>', 'what to take out').choices([...names, EVERYTHING]))
    .argument('<snapshot>', 'an id from `holdfast snapshots`, its beginning, “latest”, or the path of a backup folder')
    .requiredOption('--to <dir>', 'where to: a new or an empty folder', namedFolder)
    .option('--format <format>', 'one of those listed below')
    .option('--time-zone <name>', 'for times that people read, like Europe/Berlin; without it that of this computer')
    .option('--from <date>', 'only what happened from this day on, like 2026-05-03')
    .option('--until <date>', 'only what happened before this day')
    .option('--with <person...>', 'only conversations with these people: names or numbers, or parts of them')
    .addOption(new Option('--layout <how>', 'how photos are put into folders').choices(['date', 'album']))
    .option('--jpeg-copies', 'JPEG copies beside photos that few programs open')
    .option('--deleted', 'also what was thrown away and the device still kept')
    .option('--note-password-file <file>', 'open locked notes with the password on the first line of this file')
    .option('--all-versions', 'calls and Safari history together with what older versions of the device still hold')
    .option('--evidence', 'with a record of where everything comes from and the hash of every file')
    .option('--overwrite', 'into a folder that was taken out to before')
    .addOption(passwordFileOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .addHelpText('after', formatsHelp)
    .action((kind: string, wanted: string, options: ExtractOptions) => extract(context, kind, wanted, options));
}

/** Every kind with its formats, the first of which is what comes when none is asked for. */
const formatsHelp = (): string =>
  `\nKinds and formats:\n${CONTENT_EXPORTS.map(({ kind, formats }) => `  ${kind.padEnd(14)}${formats.join(', ')}`).join('\n')}`;

async function extract(context: CliContext, kind: string, wanted: string, options: ExtractOptions): Promise<void> {
  const output = outputFor(context, options);
  const kinds = CONTENT_EXPORTS.filter((each) => kind === EVERYTHING || each.kind === kind);
  refuseUnknownFormat(kinds, options.format);
  const timeZone = zoneOf(options.timeZone);
  const exportOptions = await exportOptionsOf(options, timeZone);
  const request = readingOf(context, output, wanted, options);
  await using opened = await openForReading(request);
  const folder = await ExportFolder.create(options.to, { overwrite: options.overwrite === true });
  const line = output.progress();
  const taken = await takeOut({
    backup: opened.backup,
    kinds,
    format: options.format,
    folder,
    timeZone,
    signal: context.signal,
    options: exportOptions,
    earlier: options.allVersions === true ? await earlierVersionsOf(request, opened.record) : undefined,
    onProgress: ({ title }, done, total) =>
      line.show({
        phase: title,
        fraction: total === undefined || total === 0 ? undefined : done / total,
        facts: [formatCount(done)],
      }),
  }).finally(() => line.end());
  if (options.evidence === true) await addEvidence(folder, opened, { kind, timeZone, options });
  report(output, taken, folder, kind === EVERYTHING);
}

function refuseUnknownFormat(kinds: readonly ContentExport[], format: string | undefined): void {
  if (format === undefined || kinds.some(({ formats }) => formats.includes(format))) return;
  const known = [...new Set(kinds.flatMap(({ formats }) => formats))];
  throw new AppError('USAGE', `there is no format “${format}” for this`, {
    hint: `Choose one of: ${known.join(', ')}.`,
  });
}

function zoneOf(name: string | undefined): string {
  const zone = name === undefined ? Intl.DateTimeFormat().resolvedOptions().timeZone : timeZoneNamed(name);
  if (zone !== undefined) return zone;
  throw new AppError('USAGE', `“${name ?? ''}” is no time zone`, { hint: 'Give a name like Europe/Berlin or UTC.' });
}

async function exportOptionsOf(options: ExtractOptions, timeZone: string): Promise<ExportOptions> {
  const { from, until, layout } = options;
  return {
    ...(options.with && { people: options.with }),
    ...(from !== undefined && { from: dateOf(from, timeZone) }),
    ...(until !== undefined && { until: dateOf(until, timeZone) }),
    ...(layout && { layout }),
    ...(options.jpegCopies === true && { jpegCopies: true }),
    ...(options.deleted === true && { deleted: true }),
    ...(options.notePasswordFile !== undefined && { notePassword: await readSecretFile(options.notePasswordFile) }),
  };
}

/** A day begins at midnight where the times are read. */
function dateOf(text: string, timeZone: string): Date {
  const date = dayOrMoment(text, (day) => momentOf(timeZone, `${day}T00:00:00`));
  if (date !== undefined) return date;
  throw new InvalidArgumentError(`“${text}” is no date: write it like 2026-05-03`);
}

interface EvidenceRequest {
  readonly kind: string;
  readonly timeZone: string;
  readonly options: ExtractOptions;
}

async function addEvidence(
  folder: ExportFolder,
  { backup, record }: OpenedForReading,
  { kind, timeZone, options }: EvidenceRequest,
): Promise<void> {
  await writeEvidence(folder, {
    backup,
    snapshot: record && { id: record.id, listSha256: record.list.sha256, takenAt: record.takenAt },
    toolVersion: VERSION,
    request: {
      kind,
      format: options.format,
      from: options.from,
      until: options.until,
      with: options.with,
      layout: options.layout,
      deleted: options.deleted,
    },
    timeZone,
    madeAt: new Date(),
  });
}

function report(output: Output, taken: readonly TakenOutKind[], folder: ExportFolder, isEverything: boolean): void {
  for (const { kind, title, result } of taken) {
    output.record({ event: 'kind', kind, ...result });
    if (result.state === 'done') {
      output.line(`${title}: ${formatCount(result.summary.items)}`);
      for (const note of result.summary.notes) output.line(`  ${note}`);
    } else if (result.state === 'unreadable') output.line(`${title}: could not be read: ${result.problem}.`);
  }
  const absent = taken.filter(({ result }) => result.state === 'absent').map(({ title }) => title);
  if (absent.length > 0) output.line(`Not in this backup: ${absent.join(', ')}.`);
  const bytes = folder.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  output.line(`Written to ${folder.dir}: ${plural(folder.files.length, 'file')}, ${formatSize(bytes)}.`);
  output.record({ event: 'done', folder: folder.dir, files: folder.files.length, bytes });
  failWhereAsked(taken, isEverything);
}

/** What was asked for by name has to be there; of everything, what is there. */
function failWhereAsked(taken: readonly TakenOutKind[], isEverything: boolean): void {
  const unreadable = taken.find(({ result }) => result.state === 'unreadable');
  if (unreadable?.result.state === 'unreadable') {
    throw new AppError('FORMAT_INVALID', `${unreadable.title} could not be read: ${unreadable.result.problem}`, {
      hint: 'The files can still be taken out as they are with `holdfast get`.',
    });
  }
  const [first] = taken;
  if (isEverything || first?.result.state !== 'absent') return;
  throw new AppError('CONTENT_NOT_FOUND', `there is nothing of this in the backup: ${first.title}`, {
    hint: '`holdfast show` tells what is in it, and what cannot be.',
  });
}
