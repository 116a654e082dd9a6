import type { RestoreDeviceEvent } from '../../../service/index.ts';
import { formatCount, formatDuration, formatSize, formatTime, plural } from '../../output/format.ts';
import type { Output } from '../../output/output.ts';
import type { ProgressLine } from '../../output/progress-line.ts';
import { doneWords, showEvent as showBackupEvent } from '../backup/backup.ts';
import { RESTORE_PHASES } from './restore-words.ts';
import { FindingsShown } from '../verify-deep.ts';

const MARKS = { passed: '✓', warns: '•', stops: '✗' } as const;

type EventOf<Name extends RestoreDeviceEvent['event']> = Extract<RestoreDeviceEvent, { event: Name }>;

/** Shows a restore to a person, from the first check to its end. */
export class RestoreShown implements Disposable {
  readonly #output: Output;
  readonly #line: ProgressLine;
  readonly #findings: FindingsShown;
  #isVerifying = false;
  /** What is restored, where it lies in the vault. */
  #snapshot: string | undefined;

  constructor(output: Output) {
    this.#output = output;
    this.#line = output.progress();
    // Records are made of the events themselves.
    this.#findings = new FindingsShown({ ...output, record: () => {} });
  }

  show(event: RestoreDeviceEvent): void {
    if (event.event === 'verifying') return this.#verifying(event);
    if (event.event === 'progress') return this.#progress(event);
    if (event.event === 'safety-backup') return this.#safetyBackup(event);
    this.#line.end();
    if (event.event === 'finding') this.#findings.show(event.finding);
    else for (const words of this.#wordsFor(event)) this.#output.line(words);
  }

  [Symbol.dispose](): void {
    this.#line.end();
  }

  #wordsFor(
    event: Exclude<RestoreDeviceEvent, { event: 'verifying' | 'progress' | 'safety-backup' | 'finding' }>,
  ): string[] {
    switch (event.event) {
      case 'opened':
        this.#snapshot = event.snapshot;
        return [openedWords(event)];
      case 'check':
        if (this.#isVerifying) this.#findings.end();
        this.#isVerifying = false;
        return checkWords(event);
      case 'rehearsed':
        return [rehearsedWords(event)];
      case 'started':
        return [
          'Restoring. Leave the device connected until it says that it is done.',
          ...(event.apps === undefined ? [] : [`It will load ${plural(event.apps, 'app')} again from the App Store.`]),
        ];
      case 'warning':
        return [`• ${event.message}`];
      case 'done':
      default:
        return doneRestoreWords(event);
    }
  }

  #verifying({ files, totalFiles, bytes, totalBytes }: EventOf<'verifying'>): void {
    this.#isVerifying = true;
    const fraction = totalBytes === 0 ? files / Math.max(1, totalFiles) : bytes / totalBytes;
    const facts = [`${formatCount(files)} of ${plural(totalFiles, 'file')}`, formatSize(bytes)];
    this.#line.show({ phase: 'Reading every file', fraction: Math.min(fraction, 0.999), facts });
  }

  #progress({ phase, files, totalFiles, bytes, bytesPerSecond, secondsLeft, fraction }: EventOf<'progress'>): void {
    const facts = [`${formatCount(files)} of ${plural(totalFiles, 'file')}`, formatSize(bytes)];
    if (bytesPerSecond > 0) facts.push(`${formatSize(bytesPerSecond)}/s`);
    if (secondsLeft !== undefined) facts.push(`${formatDuration(secondsLeft)} left`);
    const isTransfer = phase === 'sending' || phase === 'applying' || phase === 'finishing';
    this.#line.show({ phase: RESTORE_PHASES[phase], ...(isTransfer && { fraction, facts }) });
  }

  #safetyBackup({ backup }: EventOf<'safety-backup'>): void {
    showBackupEvent(backup, this.#line, this.#output);
    if (backup.event !== 'done') return;
    this.#line.end();
    for (const words of doneWords(backup)) this.#output.line(words);
    this.#output.line(`What was on the device is safe: \`holdfast restore ${backup.snapshot}\` brings it back.`);
    if (this.#snapshot !== undefined) {
      this.#output.line(
        `Should this break off, start it again with ${this.#snapshot}: “latest” is another version now.`,
      );
    }
  }
}

function openedWords({ snapshot, folder, name, takenAt }: EventOf<'opened'>): string {
  const what = snapshot === undefined ? `the backup in ${folder ?? ''}` : `snapshot ${snapshot}`;
  const when = takenAt === undefined ? '' : ` of ${formatTime(takenAt)}`;
  return name === undefined ? `From ${what}${when}.` : `From ${what} of ${name}${takenAt ? `,${when.slice(3)}` : ''}.`;
}

function checkWords({ outcome, message, hint }: EventOf<'check'>): string[] {
  const words = [`${MARKS[outcome]} ${message}`];
  if (hint !== undefined && outcome !== 'passed') words.push(`    ${hint}`);
  return words;
}

function rehearsedWords({ warnings }: EventOf<'rehearsed'>): string {
  const noted = warnings === 0 ? '' : ` ${plural(warnings, 'thing')} to know: marked with •.`;
  return `It would work: nothing stands in the way of this restore.${noted}`;
}

function doneRestoreWords({ files, bytes, reboots, seconds }: EventOf<'done'>): string[] {
  return [
    `Done in ${formatDuration(seconds)}: the device has ${plural(files, 'file')}, ${formatSize(bytes)}.`,
    reboots
      ? 'It restarts now and puts everything in place, which takes some minutes: leave it alone until it asks for the passcode.'
      : 'Restart it: until then it does not show what was restored, and cannot be restored again.',
    'Apps come back from the App Store one after another; keep it on power and Wi-Fi.',
  ];
}
