import { Command } from 'commander';
import { AppError } from '../../shared/errors.ts';
import {
  openKnownVault,
  type SnapshotRecord,
  type Vault,
  type VaultProblem,
  type VerifyVaultEvent,
} from '../../vault/index.ts';
import { jsonOption, passwordFileOption, vaultOption } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext } from '../context.ts';
import type { ReadOptions } from '../open-backup.ts';
import { formatCount, formatSize, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';

interface VerifyOptions extends ReadOptions {
  readonly quarantine?: boolean;
  readonly repair?: boolean;
  readonly deep?: boolean;
}

interface VerifyRequest {
  /** Only this one; everything in the vault when left out. */
  readonly snapshot?: SnapshotRecord | undefined;
  readonly quarantine?: boolean;
}

/** Files named on the screen for one damaged object; `--json` has more. */
const NAMED_FILES = 3;

export function verifyCommand(context: CliContext): Command {
  return new Command('verify')
    .description('read every byte again and compare it with what was stored')
    .argument(
      '[snapshot]',
      'only this version; everything in the vault when left out. With --deep also a backup folder',
    )
    .option('--quarantine', 'take what is damaged out of use, so that the next backup stores it anew')
    .option('--repair', 'fetch what is damaged or missing back from any copy of the vault that has it')
    .option('--deep', 'prove that one version can be restored: decrypt every file, check every digest and database')
    .addOption(passwordFileOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string | undefined, options: VerifyOptions) => runVerify(context, wanted, options));
}

async function runVerify(context: CliContext, wanted: string | undefined, options: VerifyOptions): Promise<void> {
  const quarantine = options.quarantine === true;
  if (options.deep === true) {
    if (quarantine || options.repair === true) {
      throw new AppError('USAGE', '--deep only reads, and cannot be used with --quarantine or --repair');
    }
    const { runVerifyDeep } = await import('./verify-deep.ts');
    await runVerifyDeep(context, outputFor(context, options), wanted ?? 'latest', options);
    return;
  }
  if (options.repair === true) {
    if (wanted !== undefined || quarantine) {
      throw new AppError('USAGE', '--repair is for all of the vault, and does what --quarantine does');
    }
    const { runRepair } = await import('./copies/repair.ts');
    await runRepair(context, undefined, options);
    return;
  }
  await using vault = await openKnownVault({
    dir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    purpose: 'a verification',
    create: false,
    lock: quarantine ? 'write' : 'none',
  });
  const snapshot = wanted === undefined ? undefined : vault.findSnapshot(wanted);
  await verifyWithProgress(vault, { snapshot, quarantine }, outputFor(context, options), context.signal);
}

/**
 * Verifies and shows what is found; also used by the demo.
 *
 * @throws {AppError} SNAPSHOT_CORRUPT when anything is damaged or missing, after all of it was named.
 */
export async function verifyWithProgress(
  vault: Vault,
  { snapshot, quarantine = false }: VerifyRequest,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const line = output.progress();
  const options = { quarantine, signal, ...(snapshot && { snapshots: [snapshot] }) };
  let problems = 0;
  try {
    for await (const event of vault.verify(options)) {
      if (event.kind === 'progress') {
        const fraction = event.totalBytes === 0 ? 1 : event.bytes / event.totalBytes;
        line.show({ phase: 'Reading', fraction, facts: [formatSize(event.bytes)] });
        continue;
      }
      line.end();
      if (event.kind === 'problem') showProblem(event.problem, output);
      else {
        problems = event.problems;
        showSummary(event, output);
      }
    }
  } finally {
    line.end();
  }
  if (problems === 0) return;
  throw new AppError('SNAPSHOT_CORRUPT', `the vault is damaged in ${plural(problems, 'place')}`, {
    hint: quarantine
      ? 'Back the device up now: what it still has is stored anew. Check this disk, too.'
      : 'Run `holdfast verify --repair`, which asks the copies; without copies `holdfast verify --quarantine`, and back the device up: what it still has is stored anew. Check this disk, too.',
    details: { problems },
  });
}

function showSummary(event: Extract<VerifyVaultEvent, { kind: 'done' }>, output: Output): void {
  const { snapshots, objects, bytes, problems } = event;
  const what = `${plural(snapshots, 'snapshot')}, ${formatCount(objects)} objects, ${formatSize(bytes)}`;
  if (problems === 0) output.line(`Everything is intact: ${what}, every byte read and compared.`);
  output.record({ event: 'done', snapshots, objects, bytes, problems });
}

function showProblem(problem: VaultProblem, output: Output): void {
  for (const text of wordsFor(problem)) output.line(text);
  output.record({ event: 'problem', ...problem });
}

function wordsFor(problem: VaultProblem): string[] {
  if (problem.kind === 'object') return objectWords(problem);
  if (problem.kind === 'record') return [`✗ The record ${problem.path} cannot be read: its snapshot is lost.`];
  if (problem.kind === 'list') {
    return [`✗ The file list of ${problem.snapshots.join(', ')} cannot be read: ${problem.reason}`];
  }
  if (problem.kind === 'list-base')
    return [`✗ Of the two files of ${problem.path} not both are whole; while one is, nothing is lost.`];
  return [`✗ The index of ${problem.path} is damaged; the files in it are checked one by one.`];
}

function objectWords({
  damage,
  sizeBytes,
  path,
  files,
  fileCount,
}: Extract<VaultProblem, { kind: 'object' }>): string[] {
  const what = damage === 'missing' ? 'missing' : 'damaged';
  const where = path === undefined ? '' : ` in ${path}`;
  if (fileCount === 0) return [`✗ ${formatSize(sizeBytes)}${where} are ${what}; no snapshot needs them.`];
  const named = files.slice(0, NAMED_FILES).map((file) => {
    return `    ${file.deviceName}, snapshot ${file.snapshot}: ${file.path}`;
  });
  const more = fileCount - named.length;
  return [
    `✗ ${formatSize(sizeBytes)}${where} are ${what}. They belong to`,
    ...named,
    ...(more > 0 ? [`    and ${plural(more, 'more file')}`] : []),
  ];
}
