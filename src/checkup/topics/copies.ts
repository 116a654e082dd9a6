import { because, type CheckupLine, type Reason } from '../../contract/index.ts';
import { copiesListPath, readCopies, verifyCopy, type CopyStatus, type VerifyCopyEvent } from '../../copies/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Vault } from '../../vault/index.ts';
import type { TopicContext, TopicProgress } from '../host.ts';
import { line } from '../line.ts';
import { newestVersions } from './versions.ts';

/** What is not proven for longer makes a copy that cannot be reached a danger. */
const PROOF_LASTS_MS = 62 * 86_400_000;
const MAX_NAMED = 5000;

type Done = Extract<VerifyCopyEvent, { kind: 'done' }>;

/** Reads a copy back and compares it with the vault; a copy in a repository by turns a part, with a sample restored. */
export async function* lookAtCopy(
  context: TopicContext,
  status: CopyStatus,
): AsyncGenerator<TopicProgress, CheckupLine[]> {
  const { host, repair, signal } = context;
  const problems: Reason[] = [];
  let done: Done | undefined;
  let devices: string[] = [];
  try {
    await using vault = await host.openVault('a checkup of copies');
    devices = newestVersions(vault, host.now()).map(({ udid }) => udid);
    for await (const event of verifyCopy(host.copies, vault, status.entry, { repair, signal })) {
      if (event.kind === 'progress') {
        const fraction = event.totalBytes === 0 ? undefined : event.bytes / event.totalBytes;
        yield { kind: 'progress', fraction, bytes: event.bytes };
      } else if (event.kind === 'problem') problems.push(event.reason);
      else if (event.kind === 'done') done = event;
    }
  } catch (error) {
    if (!isAppError(error) || error.code === 'CANCELLED') throw error;
    if (problems.length > 0) return [unmendable(status, problems, error.code)];
    return [error.code === 'COPY_UNREACHABLE' ? unreachable(context, status) : broken(status, error.code)];
  }
  if (done === undefined) return [];
  const turns = await turnReasons(context, status, done);
  const there = devices.filter((udid) => Object.hasOwn(done.newest, udid));
  const isEmpty = there.length === 0 && devices.length > 0;
  return [
    ...damageLines(status, done, problems),
    // Where nothing of the vault is there, nothing is proven by reading it.
    ...(isEmpty ? [] : proofLines(status, done, turns)),
    ...lackLines(status, done, there.length === devices.length ? 'unproven' : 'failed'),
  ];
}

/**
 * Versions that a copy had when it was last brought up to date, and that are newer than any here: a record that is gone
 * leaves no trace in the vault.
 */
export function onlyThere(statuses: readonly CopyStatus[], vault: Vault, now: Date): CheckupLine[] {
  const here = new Map(newestVersions(vault, now).map(({ udid, takenAt }) => [udid, takenAt]));
  const lines = new Map<string, CheckupLine>();
  for (const { entry, lastDone } of statuses) {
    for (const [udid, { snapshot: version, takenAt }] of Object.entries(lastDone?.newest ?? {})) {
      if (takenAt <= (here.get(udid) ?? new Date(0))) continue;
      const reason = because('version-only-there', { version, takenAt: takenAt.toISOString(), copy: entry.name });
      lines.set(version, line('vault', 'failed', reason, { udid }, [because('do-fetch-versions', {})]));
    }
  }
  return [...lines.values()];
}

/** Where there is no time for it: what is known from before. */
export function copyNotTried({ entry, lastProven }: CopyStatus): CheckupLine {
  const reason = because('copy-not-tried', { ...(lastProven && { provenAt: lastProven.at.toISOString() }) });
  return line('copies', 'unproven', reason, { subject: entry.name }, [because('do-let-checkup-finish', {})]);
}

/** Nobody knows which copies there are: none of them was looked at, or could help with a repair. */
export function unknownCopies(stateDir: string): CheckupLine {
  const step = because('do-mend-copies-list', { path: copiesListPath(stateDir) });
  return line('copies', 'failed', because('copies-list-unreadable', {}), {}, [step]);
}

export function noCopy(): CheckupLine {
  return line('copies', 'failed', because('copy-none', {}), {}, [because('do-add-copy', {})]);
}

function unreachable({ host }: TopicContext, { entry, lastProven }: CopyStatus): CheckupLine {
  const provenAt = lastProven?.at;
  const isStale = provenAt === undefined || host.now().getTime() - provenAt.getTime() > PROOF_LASTS_MS;
  const reason = because('copy-unreachable', { ...(provenAt && { provenAt: provenAt.toISOString() }) });
  const about = { subject: entry.name, essential: isStale };
  return line('copies', 'unproven', reason, about, [because('do-connect-copy', {})]);
}

function broken({ entry }: CopyStatus, error: string): CheckupLine {
  // Somebody is bringing it up to date just now: that is nothing wrong with it.
  const state = error === 'ALREADY_RUNNING' ? 'unproven' : 'failed';
  return line('copies', state, because('copy-broken', { error }), { subject: entry.name }, [
    because('do-about-error', { error }),
  ]);
}

/** Damage was found, and then its repair failed: an old restic cannot, or the place went away. */
function unmendable({ entry }: CopyStatus, problems: readonly Reason[], error: string): CheckupLine {
  const more = [...named(problems), because('copy-broken', { error }), because('do-about-error', { error })];
  const reason = because('copy-damaged', { places: problems.length });
  return line('copies', 'failed', reason, { subject: entry.name }, more);
}

function named(reasons: readonly Reason[]): Reason[] {
  const rest = reasons.length - MAX_NAMED;
  return [...reasons.slice(0, MAX_NAMED), ...(rest > 0 ? [because('and-more', { count: rest })] : [])];
}

function damageLines({ entry }: CopyStatus, { problems, repaired }: Done, reasons: readonly Reason[]): CheckupLine[] {
  if (problems === 0) return [];
  const subject = entry.name;
  const more = named(reasons);
  if (repaired >= problems) {
    return [line('copies', 'repaired', because('copy-repaired', { places: problems }), { subject }, more)];
  }
  const steps = [...more, because('do-repair-copy', { copy: entry.name })];
  return [line('copies', 'failed', because('copy-damaged', { places: problems - repaired }), { subject }, steps)];
}

function proofLines({ entry }: CopyStatus, { reasons }: Done, turns: readonly Reason[]): CheckupLine[] {
  const [first, ...others] = reasons.proven;
  const about = { subject: entry.name };
  return first === undefined ? [] : [line('copies', 'proven', first, about, [...others, ...turns])];
}

/** @param state `failed` where a device has nothing there at all: for that one it is no copy. */
function lackLines({ entry }: CopyStatus, { reasons }: Done, state: 'unproven' | 'failed'): CheckupLine[] {
  const step = because('do-run-copy', { copy: entry.name });
  return reasons.unproven.map((reason) => line('copies', state, reason, { subject: entry.name }, [step]));
}

/** How far reading by turns has come, this time included. */
async function turnReasons({ host }: TopicContext, { entry }: CopyStatus, { part }: Done): Promise<Reason[]> {
  const parts = entry.kind === 'restic' ? entry.readParts : 1;
  if (part === undefined || parts === 1) return [];
  const now = (await readCopies(host, host.now())).find(({ entry: { name } }) => name === entry.name);
  if (now === undefined) return [];
  if (now.allReadSince !== undefined) {
    return [because('copy-all-parts-since', { since: now.allReadSince.toISOString() })];
  }
  return [because('copy-parts-left', { parts: parts - now.partsRead })];
}
