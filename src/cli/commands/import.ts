import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { AppError } from '../../shared/errors.ts';
import { openKnownVault, type ImportEvent, type SnapshotRecord } from '../../vault/index.ts';
import { jsonOption, namedFolder, vaultOption } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../context.ts';
import { formatSize, formatTime, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import type { ProgressLine } from '../output/progress-line.ts';

export function importCommand(context: CliContext): Command {
  return new Command('import')
    .description('take in backups that Finder, iTunes, iMazing or idevicebackup2 made; they are only read')
    .argument('<dir>', 'a backup folder, or a folder that holds several', namedFolder)
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((dir: string, options: VaultOptions) => runImport(context, dir, options));
}

/** Goes on past a backup that cannot be taken in, and then ends with the exit code of the first such. */
async function runImport(context: CliContext, dir: string, options: VaultOptions): Promise<void> {
  const output = outputFor(context, options);
  refuseMissing(dir);
  await using vault = await openKnownVault({
    dir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    purpose: 'an import',
    create: true,
    lock: 'write',
  });
  const line = output.progress();
  let firstRefusal: number | undefined;
  try {
    for await (const event of vault.import(dir, context.signal)) {
      showEvent(event, line, output);
      if (event.kind === 'refused') firstRefusal ??= event.error.exitCode;
    }
    if (firstRefusal !== undefined) context.setExitCode(firstRefusal);
  } finally {
    line.end();
  }
}

/** Looked at first, so that a slip of the pen makes no empty vault. */
function refuseMissing(dir: string): void {
  if (existsSync(dir)) return;
  throw new AppError('NOT_A_BACKUP', `there is no folder ${dir}`, {
    hint: 'Check the path, and that the disk it is on is connected.',
    details: { folder: dir },
  });
}

function showEvent(event: ImportEvent, line: ProgressLine, output: Output): void {
  if (event.kind === 'progress') {
    line.show({ phase: 'Taking in', facts: [plural(event.files, 'file'), formatSize(event.bytes)] });
    return;
  }
  line.end();
  if (event.kind === 'found') {
    output.line(`${event.device.name}, ${formatTime(event.takenAt)}, from ${event.folder}`);
    const { device, ...facts } = event;
    output.record({ event: 'found', ...withoutKind(facts), name: device.name });
  } else if (event.kind === 'refused') {
    output.note(`Left out ${event.folder}: ${event.error.message}. ${event.error.hint ?? ''}`);
    const { code, message, hint } = event.error;
    output.record({ event: 'refused', folder: event.folder, code, message, hint });
  } else {
    const { record, isNew } = event;
    const { list, newBytes } = record;
    const size = `${plural(list.files, 'file')}, ${formatSize(list.bytes)}`;
    output.line(
      isNew
        ? `Taken in as snapshot ${record.id}: ${size}, ${formatSize(newBytes)} of it new in the vault.`
        : `The vault has it already, as snapshot ${record.id}: ${size}.`,
    );
    if (event.passedOver.length > 0) {
      output.note(`Not taken in, since no backup has such a thing: ${event.passedOver.join(', ')}`);
    }
    const lacks = lackWords(record);
    if (lacks !== undefined) output.note(lacks);
    output.record({
      event: 'imported',
      folder: event.folder,
      snapshot: record.id,
      udid: record.udid,
      files: list.files,
      bytes: list.bytes,
      newBytes: isNew ? newBytes : 0,
      isNew,
      manifest: record.checks['manifest'] ?? null,
      missing: record.checks['missing'] ?? null,
      passedOver: event.passedOver,
    });
  }
}

/** It may be all there is, so it is kept; whoever is about to remove the folder has to hear of it. */
function lackWords({ id, checks }: SnapshotRecord): string | undefined {
  const { manifest, missing } = checks;
  const more = `\`holdfast verify --deep ${id}\` tells what can be restored.`;
  if (manifest === 'damaged') return `It is damaged: the list of its files cannot be read. ${more}`;
  if (typeof missing !== 'number' || missing === 0) return undefined;
  return `It is not whole: ${plural(missing, 'file')} that its list names ${missing === 1 ? 'is' : 'are'} not there. ${more}`;
}

function withoutKind<T extends { kind: string }>({ kind: _kind, ...rest }: T): Omit<T, 'kind'> {
  return rest;
}
