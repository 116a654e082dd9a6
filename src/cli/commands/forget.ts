import { Command, InvalidArgumentError, Option } from 'commander';
import {
  carryOutForgetting,
  planForgetting,
  type ForgettingPlan,
  type ForgettingRequest,
} from '../../service/index.ts';
import { AppError } from '../../shared/errors.ts';
import {
  DEFAULT_RULE,
  openKnownVault,
  type KeepReason,
  type KeepRule,
  type SnapshotRecord,
} from '../../vault/index.ts';
import { askYesNo } from '../ask.ts';
import { jsonOption, vaultOption, wholeNumber } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../context.ts';
import { formatCount, formatSize, formatTime, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { alarmWords, PROTECTED_WORDS, RULE_WORDS } from '../snapshot-words.ts';
import { pruneWithProgress } from './prune.ts';

interface ForgetOptions extends VaultOptions {
  readonly device?: string;
  readonly keepAll: number;
  readonly keepDaily: number;
  readonly keepWeekly: number;
  readonly keepMonthly: number;
  readonly everything?: boolean;
  readonly evenTheNewest?: boolean;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export function forgetCommand(context: CliContext): Command {
  const { allHours, dailyDays, weeklyWeeks } = DEFAULT_RULE;
  return new Command('forget')
    .description('remove versions: those named, or without a name those that the rule does not keep')
    .argument('[snapshots...]', 'ids from `holdfast snapshots`, or their beginnings')
    .option('--device <name>', 'only those of one device, by name or UDID')
    .option('--keep-all <hours>', 'by the rule: every version of the last so many hours', wholeNumber(0), allHours)
    .option('--keep-daily <days>', 'the last one of each of so many days', wholeNumber(0), dailyDays)
    .option('--keep-weekly <weeks>', 'the last one of each of so many weeks', wholeNumber(0), weeklyWeeks)
    .addOption(
      new Option('--keep-monthly <months>', 'the last one of each of so many months, or “forever”')
        .argParser(monthsOf)
        .default(Infinity, 'forever'),
    )
    .option('--everything', 'every version of the device, as when it was sold; needs --device and --even-the-newest')
    .option('--even-the-newest', 'also the newest version of a device, when it is named')
    .option('--prune', 'give their space back afterwards, as `holdfast prune` does')
    .option('--dry-run', 'only show what would go and how much it would free')
    .option('--yes', 'do it without asking')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string[], options: ForgetOptions, command: Command) => {
      refuseContradictions(wanted, options, command);
      return runForget(context, wanted, options);
    });
}

function monthsOf(text: string): number {
  if (text === 'forever') return Infinity;
  try {
    return wholeNumber(0)(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError('It takes a whole number, or “forever”');
  }
}

function refuseContradictions(wanted: readonly string[], options: ForgetOptions, command: Command): void {
  const ruleGiven = ['keepAll', 'keepDaily', 'keepWeekly', 'keepMonthly'].filter(
    (name) => command.getOptionValueSource(name) === 'cli',
  );
  const isByHand = wanted.length > 0 || options.everything === true;
  if (isByHand && ruleGiven.length > 0) {
    throw new AppError('USAGE', 'versions are named, or chosen by a rule, not both');
  }
  if (options.everything === true && (wanted.length > 0 || options.device === undefined || !options.evenTheNewest)) {
    throw new AppError('USAGE', '--everything goes with --device and --even-the-newest, and no versions named', {
      hint: 'It removes every version there is of that device.',
    });
  }
  if (options.evenTheNewest === true && !isByHand) {
    throw new AppError('USAGE', 'no rule removes the newest version', {
      hint: 'Name the version together with --even-the-newest.',
    });
  }
}

async function runForget(context: CliContext, wanted: readonly string[], options: ForgetOptions): Promise<void> {
  const output = outputFor(context, options);
  const { input } = context;
  const isAsking = options.dryRun !== true && options.yes !== true;
  if (isAsking && (input === undefined || output.json)) {
    throw new AppError('USAGE', 'what is forgotten is gone: it has to be confirmed, and there is nobody to ask', {
      hint: '--dry-run shows what would go; --yes does it without asking.',
    });
  }
  const line = output.progress();
  const request: ForgettingRequest = {
    vaultDir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    wanted,
    device: options.device,
    everything: options.everything,
    rule: ruleOf(options),
    evenTheNewest: options.evenTheNewest,
    signal: context.signal,
    onProgress: (read, total) =>
      line.show({ phase: 'Looking what each version holds', fraction: read / total, facts: [`${read} of ${total}`] }),
  };
  let plan: ForgettingPlan;
  try {
    plan = await planForgetting(request);
  } finally {
    line.end();
  }
  showPlan(plan, wanted.length === 0 && options.everything !== true, output);
  if (options.dryRun === true) return done(output, [], plan, true);
  if (plan.forget.length > 0 && isAsking && input !== undefined) {
    const question = `Remove ${plural(plan.forget.length, 'version')} for good?`;
    if (!(await askYesNo(context, input, question, false))) throw new AppError('CANCELLED', 'nothing was removed');
  }
  if (plan.forget.length === 0 && options.prune !== true) return done(output, [], plan, false);
  await using vault = await openKnownVault({
    dir: request.vaultDir,
    stateDir: request.stateDir,
    purpose: 'forgetting versions',
    create: false,
    lock: 'write',
  });
  const gone = await carryOutForgetting(vault, request, plan);
  done(output, gone, plan, false);
  if (options.prune === true) await pruneWithProgress(vault, output, context.signal);
  else if (gone.length > 0) output.line('Their space comes back with `holdfast prune`.');
}

function ruleOf({ keepAll, keepDaily, keepWeekly, keepMonthly }: ForgetOptions): KeepRule {
  return { allHours: keepAll, dailyDays: keepDaily, weeklyWeeks: keepWeekly, monthlyMonths: keepMonthly };
}

function showPlan({ forget, thinning, heldBytes }: ForgettingPlan, isByRule: boolean, output: Output): void {
  if (forget.length > 0) {
    output.table(['GOES', 'DEVICE', 'TAKEN', 'FILES', 'SIZE'], forget.map(rowOf), { numeric: [3, 4] });
    output.line();
    output.line(
      `${plural(forget.length, 'version')}; ${heldBytes === 0 ? 'nothing is held by them alone' : `${formatSize(heldBytes)} are held by them alone`}.`,
    );
  } else output.line('Nothing goes.');
  for (const { id, udid, takenAt } of forget) {
    output.record({ event: 'forget', id, udid, takenAt: takenAt.toISOString() });
  }
  const shown = isByRule ? thinning.keep : [];
  for (const { record, reasons } of shown) {
    output.record({ event: 'keep', id: record.id, udid: record.udid, takenAt: record.takenAt.toISOString(), reasons });
  }
  if (isByRule) output.line(keptWords(shown.map(({ reasons }) => reasons)));
  for (const alarm of thinning.alarms) {
    output.line(alarmWords(alarm));
    const { kind, record, before, frozenUntil } = alarm;
    const lost = kind === 'shrunk' ? { lostFiles: alarm.lostFiles, lostBytes: alarm.lostBytes } : {};
    output.record({
      event: 'alarm',
      kind,
      id: record.id,
      udid: record.udid,
      before: before.id,
      ...lost,
      frozenUntil: frozenUntil.toISOString(),
    });
  }
}

const rowOf = ({ id, device, takenAt, list }: SnapshotRecord): string[] => [
  id,
  device.name,
  formatTime(takenAt),
  formatCount(list.files),
  formatSize(list.bytes),
];

/** "82 stay: 30 daily, 47 weekly, 5 monthly; 2 of them pinned." Each counts for the shortest time that keeps it. */
function keptWords(kept: readonly (readonly KeepReason[])[]): string {
  if (kept.length === 0) return 'None stay: there are none.';
  const byRule = RULE_WORDS.map(([reason, words]) => {
    const count = kept.filter((reasons) => RULE_WORDS.find(([each]) => reasons.includes(each))?.[0] === reason).length;
    return count === 0 ? undefined : `${formatCount(count)} ${words}`;
  }).filter((words) => words !== undefined);
  const others = Object.entries(PROTECTED_WORDS).flatMap(([reason, words]) => {
    const count = kept.filter((reasons) => reasons.some((each) => each === reason)).length;
    return count === 0 ? [] : [`${formatCount(count)} ${words}`];
  });
  const count = `${formatCount(kept.length)} ${kept.length === 1 ? 'stays' : 'stay'}`;
  const rule = byRule.length === 0 ? '' : `: ${byRule.join(', ')}`;
  return `${count}${rule}${others.length === 0 ? '' : `; whatever the rule says: ${others.join(', ')}`}.`;
}

function done(output: Output, gone: readonly SnapshotRecord[], plan: ForgettingPlan, dryRun: boolean): void {
  if (gone.length > 0) output.line(`${plural(gone.length, 'version')} removed.`);
  output.record({
    event: 'done',
    forgotten: dryRun ? plan.forget.length : gone.length,
    heldBytes: plan.heldBytes,
    dryRun,
  });
}
