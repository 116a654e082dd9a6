import { verifyDeeply, type VerifyDeeplyEvent } from '../../service/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { DeepFinding, DeepRemark, DeepSummary, NamedFile } from '../../snapshot/index.ts';
import { vaultDirFor, type CliContext } from '../context.ts';
import type { ReadOptions } from '../open-backup.ts';
import { formatCount, formatSize, formatTime, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { passwordFrom } from '../password.ts';

/** Findings of one kind named on the screen; `--json` has all. */
const NAMED_FINDINGS = 20;
const NAMED_EXAMPLES = 5;

type Finished = Extract<VerifyDeeplyEvent, { kind: 'done' }>;

/**
 * Verifies one backup deeply and shows what is found.
 *
 * @throws {AppError} SNAPSHOT_CORRUPT when anything is wrong, after all of it was named.
 */
export async function runVerifyDeep(
  context: CliContext,
  output: Output,
  wanted: string,
  options: ReadOptions,
): Promise<void> {
  const line = output.progress();
  const findings = new FindingsShown(output);
  const request = {
    wanted,
    vaultDir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    password: passwordFrom(context, options),
    signal: context.signal,
    onWarning: (warning: string) => output.note(warning),
  };
  let done: Finished | undefined;
  try {
    for await (const event of verifyDeeply(request)) {
      if (event.kind === 'progress') {
        const { files, totalFiles, bytes, totalBytes } = event;
        const fraction = totalBytes === 0 ? files / Math.max(1, totalFiles) : bytes / totalBytes;
        const facts = [`${formatCount(files)} of ${plural(totalFiles, 'file')}`, formatSize(bytes)];
        line.show({ phase: 'Verifying', fraction: Math.min(fraction, 0.999), facts });
        continue;
      }
      line.end();
      if (event.kind === 'opened') showOpened(event, output);
      else if (event.kind === 'finding') findings.show(event.finding);
      else if (event.kind === 'remark') showRemark(event.remark, output);
      else done = event;
    }
  } finally {
    line.end();
  }
  if (done) finish(done.summary, findings, output);
}

function finish(summary: DeepSummary, findings: FindingsShown, output: Output): void {
  findings.end();
  const problems = Object.values(summary.findings).reduce((sum, count) => sum + count, 0);
  output.line(proofWords(summary, problems));
  output.record({ event: 'done', ...summary });
  if (problems === 0) return;
  throw new AppError(
    'SNAPSHOT_CORRUPT',
    `${plural(problems, 'thing')} of this backup ${problems === 1 ? 'is' : 'are'} not as it should be`,
    {
      hint: hintFor(summary),
      details: { problems },
    },
  );
}

/** What was proved, in one sentence. */
function proofWords(summary: DeepSummary, problems: number): string {
  const { files, bytes, decrypted } = summary;
  const read = `${plural(files, 'file')} (${formatSize(bytes)})`;
  const proofs = [digestWords(summary), databaseWords(summary)].filter((words) => words !== undefined);
  if (problems === 0) {
    const opened = decrypted === undefined ? 'is there' : 'is there and decrypts';
    return `Everything in it can be restored: ${[`each of ${read} ${opened}`, ...proofs].join(', ')}.`;
  }
  const opened = decrypted === undefined ? [] : [`${formatCount(decrypted)} decrypt`];
  return `${[`Of ${read}`, ...opened, ...proofs].join(', ')}.`;
}

function digestWords({ digestsMatched, withoutDigest }: DeepSummary): string | undefined {
  if (digestsMatched === 0) return withoutDigest === 0 ? undefined : 'the device gave no digests to compare with';
  const matched = `${formatCount(digestsMatched)} ${digestsMatched === 1 ? 'is' : 'are'} to the byte what the device sent`;
  return withoutDigest === 0 ? matched : `${matched} (it gave no digest for ${formatCount(withoutDigest)})`;
}

function databaseWords({ databases, databasesPassed }: DeepSummary): string | undefined {
  if (databases === 0) return undefined;
  if (databases !== databasesPassed) {
    return `${formatCount(databasesPassed)} of ${plural(databases, 'database')} are intact`;
  }
  return databases === 1 ? 'its one database is intact' : `all ${formatCount(databases)} databases are intact`;
}

function hintFor({ findings }: DeepSummary): string {
  if (findings['lost-keys']) {
    return 'Run `holdfast backup --full`: the device sends everything again, under keys that are kept.';
  }
  if (findings.unreadable) {
    return 'Check the disk; `holdfast verify` tells what of the vault is damaged, and an earlier version may be whole.';
  }
  return 'Back the device up again while it still has everything, and keep the earlier versions: `holdfast snapshots`.';
}

function showOpened(
  { record, folder, previous }: Extract<VerifyDeeplyEvent, { kind: 'opened' }>,
  output: Output,
): void {
  output.line(
    record === undefined
      ? `The backup in ${folder ?? ''}`
      : `${record.device.name}, snapshot ${record.id} of ${formatTime(record.takenAt)}`,
  );
  output.record({ event: 'opened', snapshot: record?.id, udid: record?.udid, folder, previous: previous?.id });
}

/** Names the first findings of each kind on the screen, and counts the rest. */
export class FindingsShown {
  readonly #output: Output;
  readonly #byKind = new Map<DeepFinding['kind'], number>();

  constructor(output: Output) {
    this.#output = output;
  }

  show(finding: DeepFinding): void {
    const shown = this.#byKind.get(finding.kind) ?? 0;
    this.#byKind.set(finding.kind, shown + 1);
    this.#output.record({ event: 'finding', ...finding });
    if (shown < NAMED_FINDINGS) for (const text of findingWords(finding)) this.#output.line(text);
  }

  end(): void {
    for (const [kind, shown] of this.#byKind) {
      if (shown <= NAMED_FINDINGS) continue;
      this.#output.line(
        `✗ and ${plural(shown - NAMED_FINDINGS, 'file')} more that are ${KINDS[kind]}; --json names all.`,
      );
    }
  }
}

const KINDS: Readonly<Record<DeepFinding['kind'], string>> = {
  missing: 'missing',
  changed: 'changed',
  'cut-off': 'cut off',
  'key-damaged': 'without a usable key',
  undecryptable: 'undecryptable',
  'entry-damaged': 'unreadable in the manifest',
  unreadable: 'unreadable on the disk',
  database: 'damaged databases',
  'property-list': 'damaged property lists',
  'lost-keys': 'encrypted with lost keys',
  'class-without-key': 'without the key of their class',
  'manifest-damaged': 'behind the damage',
};

function findingWords(finding: DeepFinding): string[] {
  if (finding.kind === 'manifest-damaged') return [`✗ The manifest is damaged: ${finding.detail}.`];
  if ('file' in finding) {
    const asSent = finding.asSent ? ' The bytes are those the device sent: it has, or had, the same damage.' : '';
    return [`✗ ${placeWords(finding.file)} (${KINDS[finding.kind]}): ${finding.detail}.${asSent}`];
  }
  const { files, bytes, examples } = finding;
  const what = `${plural(files, 'file')}, ${formatSize(bytes)},`;
  const first = examples.slice(0, NAMED_EXAMPLES).map((file) => `    ${placeWords(file)}`);
  const more = files > first.length ? [`    and ${plural(files - first.length, 'more file')}`] : [];
  if (finding.kind === 'class-without-key') {
    return [
      `✗ ${what} cannot be decrypted: the keybag lacks the key of protection class ${String(finding.protectionClass)}.`,
      ...first,
      ...more,
    ];
  }
  const age = finding.age
    ? ` All of them were last changed by ${formatTime(finding.age.lastChanged).slice(0, 10)}; the ${plural(finding.age.newerReadable, 'file')} changed since can be read.`
    : '';
  return [
    `✗ ${what} are encrypted with keys that this backup does not have: nobody can read them.${age}`,
    '  That is left behind when the first encrypted backup of a device breaks off and later ones are built on it.',
    ...first,
    ...more,
  ];
}

function showRemark(remark: DeepRemark, output: Output): void {
  output.line(`• ${remarkWords(remark)}`);
  output.record({ event: 'remark', ...remark });
}

function remarkWords(remark: DeepRemark): string {
  if (remark.kind === 'shrunk') return shrunkWords(remark);
  if (remark.kind === 'database-unchecked') {
    return `${placeWords(remark.file)}: not all of this database was checked, ${remark.detail}.`;
  }
  if (remark.kind === 'odd-rows') {
    return `${plural(remark.rows, 'row')} of the manifest ${remark.rows === 1 ? 'names' : 'name'} nothing; real backups have a few.`;
  }
  const { files } = remark;
  return remark.kind === 'device-only'
    ? `${plural(files, 'file')} can be decrypted by this very device only, and restored to it only.`
    : `${plural(files, 'empty or temporary file')} of the manifest ${files === 1 ? 'has' : 'have'} no content; nothing is lost by it.`;
}

function shrunkWords({ domain, before, now }: Extract<DeepRemark, { kind: 'shrunk' }>): string {
  const was = `${plural(before.files, 'file')} (${formatSize(before.bytes)})`;
  const is = `${plural(now.files, 'file')} (${formatSize(now.bytes)})`;
  return `${domain ?? 'The whole backup'} holds much less than in the version before: ${is} now, ${was} then.`;
}

function placeWords({ domain, relativePath }: NamedFile): string {
  return `${domain}/${relativePath}`;
}
