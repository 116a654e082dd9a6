import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { say, Settings, type CheckupLine, type Reason } from '../../../contract/index.ts';
import { loadCheckingUp, readSettings, type CheckupEvent } from '../../../service/index.ts';
import { ERROR_CODES, isAppError, type ErrorCode } from '../../../shared/errors.ts';
import { jsonOption, passwordFileOption, vaultOption } from '../../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../../context.ts';
import { formatSize } from '../../output/format.ts';
import type { Output } from '../../output/output.ts';
import { namedPassword, type PasswordOptions } from '../../password.ts';
import { VERSION } from '../../version.ts';
import { listCheckupsCommand, verifyReportsCommand } from './checkup-reports.ts';
import { makeFolders } from '../../../shared/files/make-folders.ts';
import { writeFailure } from '../../../shared/files/write-failure.ts';

interface CheckupOptions extends VaultOptions, PasswordOptions {
  readonly quick?: boolean;
  readonly repair?: boolean;
  readonly to?: string;
  readonly language?: 'en' | 'de';
}

/** Details of one line named on the screen; the report has more, `--json` all. */
const NAMED_DETAILS = 8;
/** On a screen dates stand as in the report. */
const LONG_AGO = new Date(0);

export function checkupCommand(context: CliContext): Command {
  return new Command('checkup')
    .description('prove that everything is intact and would come back, and write a report')
    .option('--quick', 'leave out what takes long; what was left out is said in the report')
    .option('--repair', 'fetch what is damaged back from copies, and send them again what is damaged there')
    .option('--to <dir>', 'also put the report into this folder, as HTML, PDF and data')
    .addOption(new Option('--language <language>', 'of the report').choices(['en', 'de']))
    .addOption(passwordFileOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((options: CheckupOptions) => checkUp(context, options))
    .addCommand(listCheckupsCommand(context))
    .addCommand(verifyReportsCommand(context));
}

async function checkUp(context: CliContext, options: CheckupOptions): Promise<void> {
  const { places, env, signal } = context;
  const { quick = false, repair = false, to, language } = options;
  const output = outputFor(context, options);
  const { checkupHost, runCheckup } = await loadCheckingUp();
  const host = checkupHost({
    vaultDir: vaultDirFor(context, options),
    stateDir: places.stateDir,
    env,
    product: `Holdfast ${VERSION}`,
    settings: await settingsOrAsTheyCome(places.settingsFile, output),
    language,
    password: await namedPassword(context, options),
  });
  const progress = output.progress();
  let done: Extract<CheckupEvent, { kind: 'done' }> | undefined;
  try {
    for await (const event of runCheckup(host, { quick, repair, signal })) {
      if (event.kind === 'progress') {
        const phase = event.subject === undefined ? PHASES[event.topic] : `${PHASES[event.topic]} ${event.subject}`;
        const facts = event.bytes === 0 ? [] : [formatSize(event.bytes)];
        progress.show({ phase, fraction: event.fraction && Math.min(event.fraction, 0.999), facts });
        continue;
      }
      progress.end();
      if (event.kind === 'began') showBegin(event, output);
      else if (event.kind === 'line') showLine(event.line, host.timeZone, output);
      else done = event;
    }
  } finally {
    progress.end();
  }
  if (done !== undefined) await end(done, { timeZone: host.timeZone, to, output, context });
}

/** A typing error in the settings is no reason to prove nothing. */
async function settingsOrAsTheyCome(file: string, output: Output): Promise<Settings> {
  try {
    return await readSettings(file);
  } catch (error) {
    if (!isAppError(error)) throw error;
    output.note(`${error.message}. They are taken as they come.`);
    return Settings.parse({});
  }
}

const PHASES: Readonly<Record<CheckupLine['topic'], string>> = {
  vault: 'Reading all that is stored',
  versions: 'Opening the newest version of',
  passwords: 'Trying passwords',
  copies: 'Reading back the copy',
  backups: 'Looking at backups',
  disks: 'Asking disks',
  space: 'Counting space',
  clock: 'Looking at the clock',
  alarms: 'Sending test messages',
  reports: 'Looking at earlier reports',
};

const MARKS: Readonly<Record<CheckupLine['state'], string>> = {
  proven: '✓ proven    ',
  repaired: '↺ repaired  ',
  failed: '✗ FAILED    ',
  unproven: '? not proven',
};

function showBegin({ startedAt, resumed }: Extract<CheckupEvent, { kind: 'began' }>, output: Output): void {
  output.record({ event: 'began', startedAt: startedAt.toISOString(), resumed });
  if (resumed) output.line('This goes on with a checkup that was cut off.');
}

function showLine(line: CheckupLine, timeZone: string, output: Output): void {
  const sayIt = (reason: Reason): string => say(reason, 'en', LONG_AGO, timeZone);
  const about = line.subject === undefined ? '' : `${line.subject}: `;
  output.record({ event: 'line', ...line, sentence: sayIt(line.reason) });
  output.line(`${MARKS[line.state]}  ${about}${sayIt(line.reason)}`);
  if (line.state === 'proven') return;
  for (const reason of line.more.slice(0, NAMED_DETAILS)) output.line(`                ${sayIt(reason)}`);
  const rest = line.more.length - NAMED_DETAILS;
  if (rest > 0) output.line(`                and ${rest} more, which the report names.`);
}

async function end(
  { report, written, problem }: Extract<CheckupEvent, { kind: 'done' }>,
  { timeZone, to, output, context }: { timeZone: string; to: string | undefined; output: Output; context: CliContext },
): Promise<void> {
  const { verdict, counts, summary } = report;
  const sentence = say(summary, 'en', LONG_AGO, timeZone);
  const files = written === undefined || to === undefined ? [] : await putInto(to, written);
  output.line();
  output.line(sentence);
  if (written !== undefined) {
    output.line(`The report is in ${written.dir}${files.length > 0 ? ` and in ${to ?? ''}` : ''}.`);
    output.line(`Its SHA-256 is ${written.sha256}.`);
  }
  output.record({
    event: 'done',
    verdict,
    counts,
    summary,
    sentence,
    report: written && { id: written.report.id, sha256: written.sha256, dir: written.dir, files },
  });
  const code = exitCodeOf(report.lines);
  if (code !== undefined) context.setExitCode(ERROR_CODES[code].exit);
  if (problem !== undefined) throw problem;
}

/** What a script is to know: only dangers count, the gravest first. */
function exitCodeOf(lines: readonly CheckupLine[]): ErrorCode | undefined {
  const dangers = lines.filter(({ state, essential }) => state === 'failed' && essential);
  const has = (...topics: CheckupLine['topic'][]): boolean => dangers.some(({ topic }) => topics.includes(topic));
  if (has('vault', 'versions')) return 'SNAPSHOT_CORRUPT';
  if (has('passwords')) return 'WRONG_PASSWORD';
  if (has('space')) return 'OUT_OF_SPACE';
  if (has('disks')) return 'STORAGE_FAILED';
  return lines.some(({ topic, state }) => topic === 'copies' && state === 'failed') && dangers.length > 0
    ? 'COPY_DAMAGED'
    : undefined;
}

/** @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE */
async function putInto(dir: string, written: { readonly dir: string; readonly report: { readonly id: string } }) {
  const files = ['html', 'pdf', 'json'].map((kind) => ({
    from: join(written.dir, `report.${kind}`),
    to: join(dir, `holdfast-checkup-${written.report.id}.${kind}`),
  }));
  try {
    makeFolders(dir);
    for (const { from, to } of files) await copyFile(from, to);
  } catch (cause) {
    const hint = `It lies in ${written.dir}, too. Check that you may write there.`;
    throw writeFailure(cause, `the report could not be put into ${dir}`, hint, hint);
  }
  return files.map(({ to }) => to);
}
