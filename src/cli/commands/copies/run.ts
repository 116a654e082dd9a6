import { Command } from 'commander';
import { isInWindow, readCopies, runCopy, type CopyEntry, type RunEvent } from '../../../copies/index.ts';
import { copiesContext } from '../../../service/index.ts';
import { isAppError, type AppError } from '../../../shared/errors.ts';
import { sentence } from '../../../shared/text/sentence.ts';
import type { Vault } from '../../../vault/index.ts';
import { jsonOption, vaultOption } from '../../common-options.ts';
import { outputFor, type CliContext, type VaultOptions } from '../../context.ts';
import { formatSize, formatTime, plural } from '../../output/format.ts';
import type { Output } from '../../output/output.ts';
import type { ProgressLine, ProgressState } from '../../output/progress-line.ts';
import { copiesOf, openCopiedVault } from './selection.ts';

interface RunOptions extends VaultOptions {
  readonly due?: boolean;
}

export function runCopiesCommand(context: CliContext): Command {
  return new Command('run')
    .description('bring copies up to date; one that was interrupted goes on where it stopped')
    .argument('[name]', 'only this one; all of the vault when left out')
    .option('--due', 'only those whose time has come and that may run now, until their hours are over')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((name: string | undefined, options: RunOptions) => runCopies(context, name, options));
}

/** Goes on past a copy that fails, and then ends with the exit code of the first such. */
async function runCopies(context: CliContext, name: string | undefined, options: RunOptions): Promise<void> {
  const output = outputFor(context, options);
  await using vault = await openCopiedVault(context, options, 'a copy');
  const all = await copiesOf(context, vault, name);
  const byItself = options.due === true;
  const entries = byItself ? await dueNow(context, all) : all;
  if (entries.length === 0) output.line('No copy is due now.');
  const [only] = entries;
  if (only !== undefined && name !== undefined) {
    await runOne(context, vault, only, output, byItself);
    return;
  }
  let failed: AppError | undefined;
  for (const entry of entries) {
    try {
      await runOne(context, vault, entry, output, byItself);
    } catch (error) {
      if (!isAppError(error) || error.code === 'CANCELLED') throw error;
      if (error.code === 'COPY_UNREACHABLE') await tellLate(context, entry, error, output);
      else if (error.code === 'ALREADY_RUNNING' && byItself) output.note(sentence(error.message));
      else {
        failed ??= error;
        output.error(error);
      }
    }
  }
  if (failed !== undefined) context.setExitCode(failed.exitCode);
}

async function runOne(
  context: CliContext,
  vault: Vault,
  entry: CopyEntry,
  output: Output,
  byItself: boolean,
): Promise<void> {
  const line = output.progress();
  const how = { byItself, signal: context.signal };
  try {
    for await (const event of runCopy(copiesContext(context.places, context.env), vault, entry, how)) {
      show(event, entry, line, output);
      if (event.kind === 'damaged') context.setExitCode(event.error.exitCode);
    }
  } finally {
    line.end();
  }
}

function show(event: RunEvent, { name }: CopyEntry, line: ProgressLine, output: Output): void {
  if (event.kind === 'progress') {
    line.show(progressOf(event, name));
    return;
  }
  line.end();
  if (event.kind === 'copied') {
    const { id, udid, takenAt, device } = event.snapshot;
    output.record({ event: 'copied', copy: name, snapshot: id, udid, takenAt, newBytes: event.newBytes });
    output.line(`✓ ${device.name}, ${formatTime(takenAt)} (${id}): ${formatSize(event.newBytes)} new.`);
  } else if (event.kind === 'damaged') {
    output.record({ event: 'damaged', copy: name, snapshot: event.snapshot.id, message: event.error.message });
    output.line(`✗ ${event.error.message.replace(/^./, (letter) => letter.toUpperCase())}.`);
    if (event.error.hint !== undefined) output.line(`  ${event.error.hint}`);
  } else if (event.kind === 'note') {
    output.note(event.sentence);
    output.record({ event: 'note', copy: name, sentence: event.sentence });
  } else if (event.kind === 'paused') {
    const { copied, newBytes, window } = event;
    output.record({ event: 'paused', copy: name, copied, newBytes, window });
    output.line(
      `${name}: ${plural(copied, 'snapshot')} copied, ${formatSize(newBytes)} new. Its hours, ${window.from} to ${window.to}, are over: it goes on when they come again.`,
    );
  } else {
    const { kind: _kind, ...facts } = event;
    output.record({ event: 'done', copy: name, ...facts });
    if (event.copied === 0 && event.damaged === 0) output.line(`${name} is up to date: ${there(event.alreadyThere)}.`);
    else output.line(`${name}: ${plural(event.copied, 'snapshot')} copied, ${formatSize(event.newBytes)} new.`);
    if ((event.thinned ?? 0) > 0) output.line(`${plural(event.thinned ?? 0, 'snapshot')} went there by its own rule.`);
  }
}

const there = (snapshots: number): string => `${plural(snapshots, 'snapshot')} there`;

const PHASES = { comparing: 'Comparing', preparing: 'Preparing', copying: 'Copying', tidying: 'Tidying' } as const;

function progressOf(event: Extract<RunEvent, { kind: 'progress' }>, name: string): ProgressState {
  const { phase, snapshots, totalSnapshots, bytes, totalBytes } = event;
  const amount = phase === 'copying' ? formatSize(bytes) : plural(bytes, 'file');
  return {
    phase: `${PHASES[phase]} to ${name}`,
    fraction: totalBytes === 0 ? undefined : Math.min(1, bytes / totalBytes),
    facts: [`snapshot ${snapshots + 1} of ${totalSnapshots}`, amount],
  };
}

/** A disk in the cupboard is no error; how old the copy has become is worth saying. */
async function tellLate(context: CliContext, { name }: CopyEntry, error: AppError, output: Output): Promise<void> {
  const lastDone = (await readCopies(context.places)).find(({ entry }) => entry.name === name)?.lastDone?.at;
  const since = lastDone === undefined ? 'It was never filled.' : `It was last up to date ${formatTime(lastDone)}.`;
  output.line(`– ${name}: ${error.message}. ${since}`);
  output.record({ event: 'not-connected', copy: name, message: error.message, lastDone: lastDone ?? null });
}

async function dueNow(context: CliContext, entries: readonly CopyEntry[]): Promise<CopyEntry[]> {
  const due = new Set((await readCopies(context.places)).filter((each) => each.isDue).map(({ entry }) => entry.name));
  return entries.filter((entry) => due.has(entry.name) && isInWindow(entry, new Date()));
}
