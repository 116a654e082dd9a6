import {
  type DeepEvent,
  type DeepFinding,
  type DeepRemark,
  type DeepSummary,
  verifyDeep,
} from '../../snapshot/index.ts';
import { formatSize } from '../../shared/text/size.ts';
import type { RestoreSource } from '../restore-source.ts';
import { type Check, passed, stops, warns } from './check.ts';

export type FilesEvent =
  | ({ readonly event: 'verifying' } & Omit<Extract<DeepEvent, { kind: 'progress' }>, 'kind'>)
  /** One file, or a group, that is not as it should be. */
  | { readonly event: 'finding'; readonly finding: DeepFinding };

/** What a device does not see: it takes the file as the backup has it. */
const HARMLESS: ReadonlySet<DeepFinding['kind']> = new Set<DeepFinding['kind']>(['database', 'property-list']);

/**
 * Reads every file of a backup as the device would: each there, what was backed up, and decrypting.
 *
 * @param isSameDevice whether it goes back to the device it was made of.
 * @returns the checks that follow from it.
 * @throws {AppError} when the backup cannot be read at all any more; CANCELLED.
 */
export async function* checkFiles(
  { backup }: RestoreSource,
  { isSameDevice, signal }: { isSameDevice: boolean; signal?: AbortSignal | undefined },
): AsyncGenerator<FilesEvent, Check[]> {
  const remarks: DeepRemark[] = [];
  let summary: DeepSummary | undefined;
  for await (const event of verifyDeep(backup, { signal })) {
    if (event.kind === 'progress') {
      const { kind: _kind, ...amounts } = event;
      yield { event: 'verifying', ...amounts };
    } else if (event.kind === 'finding') yield { event: 'finding', finding: event.finding };
    else if (event.kind === 'remark') remarks.push(event.remark);
    else summary = event.summary;
  }
  if (summary === undefined) throw new Error('the verification ended without a summary');
  return [findingsCheck(summary), ...remarks.flatMap((remark) => remarkChecks(remark, isSameDevice))];
}

/** For when the reading is left out. */
export const UNCHECKED_FILES: Check = warns(
  'files',
  ['files-unchecked', {}],
  'Whether every file can be read was not looked at.',
  'Without --skip-verify each is read before anything is written to the device.',
);

function findingsCheck({ findings, files, bytes, decrypted }: DeepSummary): Check {
  const counts = Object.entries(findings) as [DeepFinding['kind'], number][];
  const sum = (kinds: typeof counts): number => kinds.reduce((total, [, count]) => total + count, 0);
  const stopping = sum(counts.filter(([kind]) => !HARMLESS.has(kind)));
  if (stopping > 0) {
    return stops(
      'files',
      ['files-lost', { count: stopping }],
      `${stopping} of the backup's files cannot be restored: they are missing, changed or cannot be decrypted.`,
      '`holdfast verify` tells what the vault can repair; any other version can be restored: `holdfast snapshots`.',
    );
  }
  const harmless = sum(counts);
  if (harmless > 0) {
    const message = `${harmless} of the backup's databases or lists are damaged, as they were on the device: their apps may lose data.`;
    return warns('files', ['files-damaged', { count: harmless }], message, 'An earlier version may have them whole.');
  }
  const opened = decrypted === undefined ? 'can be read' : 'can be read and decrypted';
  const good = ['files-good', { files, bytes, decrypted: decrypted !== undefined }] as const;
  return passed(
    'files',
    good,
    `All ${files} files (${formatSize(bytes)}) ${opened}, and are what the device had sent.`,
  );
}

function remarkChecks(remark: DeepRemark, isSameDevice: boolean): Check[] {
  if (remark.kind === 'device-only' && !isSameDevice) {
    const { files } = remark;
    const message = `${files} files can be read by the old device only and will not come over.`;
    return [warns('files', ['files-of-old-device', { files }], message)];
  }
  if (remark.kind === 'left-out') {
    const { files } = remark;
    const message = `${files} empty or temporary files are named without content.`;
    return [
      warns(
        'files',
        ['files-without-content', { files }],
        message,
        'Should the device refuse the backup for it (its error 205), choose another version.',
      ),
    ];
  }
  return [];
}
