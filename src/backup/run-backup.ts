import { type MobileBackupEvent, pause, SuspensionWatch } from '../device/index.ts';
import type { Logger } from '../shared/logger.ts';
import type { Draft, SnapshotRecord, Vault } from '../vault/index.ts';
import type { BackupDevice } from './backup-device.ts';
import { checkBackup, unfinished } from './checks.ts';
import { converse } from './converse.ts';
import { sourceIn } from './draft-source.ts';
import type { BackupEvent } from './events.ts';
import { collectExtras } from './info/collect-extras.ts';
import { encodeInfoPlist, type InfoBasics, type InfoExtras, noExtras } from './info/info-plist.ts';
import { type Basics, guidFor, readBasics } from './info/read-basics.ts';
import { jobTarget } from './job-target.ts';
import { explainEnd, leaveDraft } from './early-end.ts';
import { ProgressTeller } from './progress-teller.ts';
import { openUsableDraft } from './usable-draft.ts';
import { WarningCounter } from './warnings.ts';

export interface BackupJob {
  /** When it began, as `performance.now()` tells time. */
  readonly startedMs: number;
  readonly device: BackupDevice;
  readonly vault: Vault;
  readonly full: boolean;
  readonly reserveBytes: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly tell: (event: BackupEvent) => void;
}

/** How long the backup, finished otherwise, waits for what only decorates Info.plist. */
const EXTRAS_GRACE_MS = 10_000;

/** One attempt from beginning to end. @throws {AppError} see `backUp` */
export async function runBackup(job: BackupJob): Promise<void> {
  using teller = new ProgressTeller(job.tell);
  using watch = new SuspensionWatch();
  const basics = await readBasics(job.device);
  const wanted = { willEncrypt: basics.facts.willEncrypt === true, full: job.full };
  const draft = await openUsableDraft(job.vault, job.device.udid, wanted);
  try {
    const { record, full } = await fill(draft, job, basics, teller);
    job.tell({
      event: 'done',
      snapshot: record.id,
      udid: record.udid,
      files: record.list.files,
      bytes: record.list.bytes,
      newBytes: record.newBytes,
      full,
      encrypted: record.encrypted,
      seconds: secondsSince(job.startedMs, 10),
    });
  } catch (error) {
    await leaveDraft(draft, { received: teller.files > 0, log: job.log });
    const { phase, files, bytes } = teller;
    throw explainEnd(error, { phase, files, bytes, sleptMs: watch.sleptMs });
  }
}

async function fill(
  draft: Draft,
  job: BackupJob,
  { facts, info }: Basics,
  teller: ProgressTeller,
): Promise<{ record: SnapshotRecord; full: boolean }> {
  const { udid } = job.device;
  job.tell({
    event: 'started',
    udid,
    name: facts.name ?? udid,
    resumed: draft.resumed,
    ...(draft.base === undefined ? {} : { base: draft.base.id }),
  });
  if (draft.replacesDamaged) {
    const message = 'What an interrupted backup had left was damaged, so this one begins anew.';
    job.log.warn(message, { udid });
    job.tell({ event: 'warning', message });
  }
  const infoBasics: InfoBasics = { ...info, guid: await guidFor(sourceIn(draft, udid)) };
  await writeInfo(draft, infoBasics, noExtras());

  const asked = Promise.withResolvers<void>();
  const warnings = new WarningCounter(job);
  let saidFull = false;
  let saidState: string | undefined;
  const target = jobTarget(draft, {
    udid,
    reserveBytes: job.reserveBytes,
    onStatus: ({ isFullBackup, snapshotState }) => {
      saidFull ||= isFullBackup === true;
      saidState = snapshotState;
    },
  });
  const onEvent = (event: MobileBackupEvent): void => {
    if (event.kind === 'phase' && event.phase === 'waiting') {
      asked.resolve();
      job.tell({ event: 'requested', readySeconds: secondsSince(job.startedMs, 100) });
    }
    if (event.kind === 'warning') warnings.take(event.warning);
    else teller.follow(event);
  };
  const onPasscode = (wanted: boolean): void => teller.passcode(wanted);
  const onRemark = (message: string): void => job.tell({ event: 'warning', message });
  const request = { kind: 'backup', udid, full: job.full } as const;
  const extras = await withExtras(job, asked.promise, () =>
    // However the conversation ends, nobody waits for the question for ever.
    converse({ ...job, request, target, onEvent, onPasscode, onRemark }).finally(asked.resolve),
  );

  teller.enter('verifying');
  // The Status.plist of the snapshot before says "finished" as well: this backup's own has to have come.
  if (saidState !== 'finished') throw unfinished(saidState);
  const { encrypted, checks } = await checkBackup(draft, udid);
  teller.enter('finishing');
  draft.remove(`${udid}/Snapshot`);
  await writeInfo(draft, infoBasics, extras);
  const full = job.full || saidFull || draft.base === undefined;
  const record = await draft.commit({
    device: {
      name: facts.name ?? udid,
      productType: facts.productType ?? 'unknown',
      productVersion: facts.productVersion ?? 'unknown',
      buildVersion: facts.buildVersion ?? 'unknown',
      ...(facts.serialNumber === undefined ? {} : { serialNumber: facts.serialNumber }),
    },
    kind: full ? 'full' : 'incremental',
    encrypted,
    checks,
    warnings: warnings.count,
  });
  return { record, full };
}

/**
 * Does `work` and, once the device has been asked, finds out meanwhile what Info.plist tells beyond the basics: the apps,
 * their icons, files of iTunes. It costs the backup no time, and at most ten seconds at its end.
 */
async function withExtras(job: BackupJob, asked: Promise<void>, work: () => Promise<unknown>): Promise<InfoExtras> {
  const timeUp = new AbortController();
  const signal = AbortSignal.any([job.signal, timeUp.signal]);
  const extras = asked.then(() => collectExtras(job.device, { signal, log: job.log }));
  try {
    await work();
    const { found, over } = await extras;
    await Promise.race([over, pause(EXTRAS_GRACE_MS, signal)]);
    return found;
  } finally {
    timeUp.abort();
  }
}

/** @param parts of a second that are told apart. */
const secondsSince = (ms: number, parts: number): number =>
  Math.round(((performance.now() - ms) / 1000) * parts) / parts;

async function writeInfo(draft: Draft, basics: InfoBasics, extras: InfoExtras): Promise<void> {
  const sink = draft.create(`${draft.udid}/Info.plist`);
  await sink.write(encodeInfoPlist(basics, extras));
  await sink.finish();
}
