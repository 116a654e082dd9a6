import { Command } from 'commander';
import { because, say, type DeviceStatus, type Reason, type Status, type Verdict } from '../../../contract/index.ts';
import { readStatus, type ReadStatus } from '../../../service/index.ts';
import { jsonOption, vaultOption } from '../../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../../context.ts';
import type { Output } from '../../output/output.ts';
import { placeTable, wrapped } from './status-shown.ts';

/** Wider lines are hard to read, whatever the terminal has. */
const MAX_COLUMNS = 100;
const COLUMNS = 80;
/** So that a script, or a person with a shell prompt, need not read it. */
const EXIT_CODES: Readonly<Record<Verdict, number>> = { safe: 0, unknown: 0, attention: 3, 'at-risk': 4 };

export function statusCommand(context: CliContext): Command {
  return new Command('status')
    .description('is everything safe: each device, where its versions lie, how old, and when that was proven')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((options: VaultOptions) => showStatus(context, options));
}

async function showStatus(context: CliContext, options: VaultOptions): Promise<void> {
  const output = outputFor(context, options);
  const { env, places, signal } = context;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const request = { env, places, vaultDir: vaultDirFor(context, options), now: new Date(), timeZone, signal };
  const read = await readStatus(request);
  output.record(read.status);
  if (!output.json) show(read, { output, columns: columnsOf(context), now: request.now, timeZone });
  context.setExitCode(EXIT_CODES[read.status.verdict]);
}

interface Page {
  readonly output: Output;
  readonly columns: number;
  readonly now: Date;
  readonly timeZone: string;
}

function show({ status, language }: ReadStatus, page: Page): void {
  const { output, columns, now, timeZone } = page;
  const sentence = (reason: Reason): string => say(reason, language, now, timeZone);
  for (const device of status.devices) {
    output.line(headline(device, sentence));
    output.lines(device.reasons.flatMap((reason) => wrapped(sentence(reason), columns, '  ')));
    output.lines(device.steps.flatMap((step) => wrapped(sentence(step), columns, '  → ')));
    output.line();
    output.lines(placeTable(device, { language, columns, now, timeZone }));
    output.line();
  }
  output.lines(wrapped(lastWords(status, sentence), columns, ''));
}

const MARKS: Readonly<Record<Verdict, string>> = { safe: '✓', attention: '!', 'at-risk': '✗', unknown: '?' };

function headline({ name, model, verdict }: DeviceStatus, sentence: (reason: Reason) => string): string {
  const words = sentence(because(`verdict-${verdict}`, { name }));
  return `${MARKS[verdict]} ${words}${model === undefined || model === name ? '' : ` (${model})`}`;
}

/** With one device everything has been said, unless it is about all of them. */
function lastWords({ devices, summary, verdict }: Status, sentence: (reason: Reason) => string): string {
  const isSaid = devices.length === 1 && devices[0]?.verdict === verdict;
  return isSaid ? '' : sentence(summary);
}

function columnsOf({ out }: CliContext): number {
  return out.isTTY === true ? Math.min(out.columns ?? COLUMNS, MAX_COLUMNS) : COLUMNS;
}
