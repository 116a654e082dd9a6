import type { PartAmount, PlannedPart, RestoreSelectedEvent, SelectionPlan } from '../../../service/index.ts';
import { formatCount, formatSize, formatTime, plural } from '../../output/format.ts';
import type { Output } from '../../output/output.ts';
import type { ProgressLine } from '../../output/progress-line.ts';
import type { RestoreShown } from './restore-shown.ts';

/** Named on the screen; `--json` names all. */
const NAMED_FILES = 20;

type EventOf<Name extends RestoreSelectedEvent['event']> = Extract<RestoreSelectedEvent, { event: Name }>;

/** Shows how a part of a snapshot is restored: what will be exchanged, and otherwise what every restore tells. */
export class SelectionShown implements Disposable {
  readonly #output: Output;
  readonly #usual: RestoreShown;
  readonly #line: ProgressLine;
  #named = 0;

  constructor(output: Output, usual: RestoreShown) {
    this.#output = output;
    this.#usual = usual;
    this.#line = output.progress();
  }

  show(event: RestoreSelectedEvent): void {
    if (event.event === 'composing') return this.#composing(event);
    this.#line.end();
    if (event.event === 'plan') return this.#plan(event.plan);
    if (event.event === 'left-out') return this.#leftOut(event.file);
    if (event.event === 'compared-with') {
      this.#output.line(`Compared with the device as it was at ${formatTime(event.takenAt)} (${event.snapshot}).`);
    } else if (event.event === 'way-back') {
      this.#output.line(`Should anything be wrong afterwards: \`${event.command}\` brings back what it has now.`);
    } else this.#usual.show(event);
  }

  #composing({ files, totalFiles, bytes, totalBytes }: EventOf<'composing'>): void {
    const fraction = totalBytes === 0 ? files / Math.max(totalFiles, 1) : bytes / totalBytes;
    const facts = [`${formatCount(files)} of ${plural(totalFiles, 'file')}`, formatSize(bytes)];
    this.#line.show({ phase: 'Reading what is taken', fraction: Math.min(fraction, 0.999), facts });
  }

  #leftOut({ domain, relativePath, problem }: EventOf<'left-out'>['file']): void {
    if (++this.#named > NAMED_FILES) return;
    this.#output.line(`• ${domain}/${relativePath} is ${PROBLEM_WORDS[problem]}: the device keeps its own, if any.`);
  }

  #plan({ parts, skipped, warnings, appsToLoad, removes }: SelectionPlan): void {
    this.#output.table(
      ['exchanged', 'on the device now', 'afterwards', 'files'],
      parts.map((part) => [
        part.title,
        amountWords(part.before, part),
        amountWords(part.after, part),
        changeWords(part, removes),
      ]),
    );
    for (const { title, reason } of skipped) this.#output.line(`${title}: stays as it is; ${reason}.`);
    this.#output.line('Everything else on the device stays as it is.');
    for (const app of appsToLoad) this.#output.line(`The device will load ${app} from the App Store.`);
    if (!removes && parts.some(({ removed }) => removed > 0)) {
      this.#output.line(
        '• The backups of this device are not encrypted, and so do not hold everything: what only the device has is not removed.',
      );
    }
    for (const { message } of warnings) this.#output.line(`• ${message}`);
  }

  [Symbol.dispose](): void {
    this.#line.end();
    this.#usual[Symbol.dispose]();
  }
}

const PROBLEM_WORDS = {
  missing: 'not in the snapshot',
  damaged: 'damaged in the snapshot',
  'no-key': 'readable only by the device it is of',
} as const;

/** One of what is counted, and several. */
const ITEM_WORDS: Readonly<Record<NonNullable<PlannedPart['counted']>, [one: string, many: string]>> = {
  messages: ['message', 'messages'],
  contacts: ['contact', 'contacts'],
  calls: ['call', 'calls'],
  notes: ['note', 'notes'],
  events: ['event', 'events'],
  reminders: ['reminder', 'reminders'],
  bookmarks: ['bookmark', 'bookmarks'],
  visits: ['page visited', 'pages visited'],
  photos: ['photo or video', 'photos and videos'],
};

function amountWords({ files, bytes, items }: PartAmount, { counted }: PlannedPart): string {
  const words = [plural(files, 'file'), formatSize(bytes)];
  if (items !== undefined && counted !== undefined) {
    words.unshift(plural(items, ...ITEM_WORDS[counted]));
  }
  return words.join(', ');
}

function changeWords({ added, replaced, removed }: PlannedPart, removes: boolean): string {
  const words = [
    added > 0 ? `${formatCount(added)} new` : undefined,
    replaced > 0 ? `${formatCount(replaced)} exchanged` : undefined,
    removed > 0 ? `${formatCount(removed)} ${removes ? 'removed' : 'left'}` : undefined,
  ];
  return words.filter((word) => word !== undefined).join(', ');
}
