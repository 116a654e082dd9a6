import { because, type KeptPlace, type Reason, type Verdict } from '../../contract/index.ts';
import type { CopyFacts, KnownMedium, StatusInput } from './facts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What is proven every month was proven within so many days, with two weeks to make up for a missed one. */
export const PROOF_DAYS = 45;
/** A phone that nobody has seen for so long may be anywhere. */
const PHONE_DAYS = 30;
/** A copy is spoken of once it missed its turn twice, and by a day at least. */
const COPY_TURNS = 2;
/** Apple deletes a backup that nothing was added to for 180 days, and says nothing before. */
const CLOUD_DAYS = 60;

/** A place, and what it means for the device. */
export interface JudgedPlace {
  readonly place: KeptPlace;
  /** The same for two places that die together; undefined where nobody can tell which disk it is. */
  readonly identity: string | undefined;
  readonly findings: readonly {
    readonly verdict: Verdict;
    readonly reason: Reason;
    readonly steps: readonly Reason[];
  }[];
}

/** The original is one of the three as long as it is about. */
export function phonePlace({ device, now }: StatusInput): JudgedPlace {
  const { lastSeenAt } = device;
  const isAbout = lastSeenAt !== undefined && daysSince(lastSeenAt, now) <= PHONE_DAYS;
  const at = lastSeenAt?.toISOString();
  const reason =
    at === undefined
      ? because('phone-never-seen', {})
      : isAbout
        ? because('phone-seen', { at })
        : because('phone-long-away', { at });
  return judged({
    kind: 'phone',
    medium: {
      kind: 'device',
      identity: `device ${device.udid}`,
      ...(device.model === undefined ? {} : { name: device.model }),
    },
    at: lastSeenAt,
    counts: isAbout,
    verdict: isAbout ? 'safe' : 'unknown',
    reasons: [reason],
  });
}

export function vaultPlace({ device, vault }: StatusInput): JudgedPlace {
  const { newestAt, versions, provenAt, isNewestDamaged } = device;
  const isEmpty = newestAt === undefined;
  return judged({
    kind: 'vault',
    medium: vault,
    at: newestAt,
    versions,
    provenAt,
    counts: !isEmpty && !isNewestDamaged,
    verdict: isEmpty ? 'unknown' : isNewestDamaged ? 'at-risk' : 'safe',
    reasons: isEmpty ? [because('place-empty', {})] : isNewestDamaged ? [because('newest-damaged', {})] : [],
  });
}

export function copyPlace(copy: CopyFacts, input: StatusInput): JudgedPlace {
  const { name, medium, offSite, sameAs, newestAt, provenAt, damagedAt } = copy;
  const findings = copyFindings(copy, input);
  return judged(
    {
      kind: 'copy',
      name,
      medium,
      offSite,
      at: newestAt,
      provenAt,
      counts: newestAt !== undefined && damagedAt === undefined && sameAs === undefined,
      verdict: findings.length === 0 ? 'safe' : 'attention',
      reasons: [...findings.map(({ reason }) => reason), ...unplaced(copy)],
    },
    findings,
  );
}

/** What the device said of it, and it is taken at its word: there is nothing to look at. */
export function cloudPlace({ device, now }: StatusInput): JudgedPlace {
  const { cloud } = device;
  const at = cloud?.lastAt;
  const isOld = at !== undefined && daysSince(at, now) > CLOUD_DAYS;
  const reason =
    at !== undefined
      ? because(isOld ? 'cloud-old' : 'cloud-from', { at: at.toISOString() })
      : because(cloud?.isEnabled === undefined ? 'cloud-not-told' : cloud.isEnabled ? 'cloud-never' : 'cloud-off', {});
  return judged({
    kind: 'icloud',
    medium: { kind: 'cloud', name: 'iCloud', identity: 'iCloud' },
    offSite: true,
    at,
    counts: false,
    verdict: 'unknown',
    reasons: at !== undefined && cloud?.isEnabled === false ? [reason, because('cloud-off', {})] : [reason],
  });
}

/** That nobody knows which disk it lies on matters only where another one is wanted. */
export function unplaced({ name, medium }: Pick<CopyFacts, 'name' | 'medium'>): Reason[] {
  return medium.identity === undefined ? [because('copy-place-unknown', { copy: name })] : [];
}

function copyFindings(copy: CopyFacts, { device, vault, now }: StatusInput): JudgedPlace['findings'] {
  const { name, sameAs, everyHours, addedAt, newestAt, lastDoneAt, stopped, provenAt, damagedAt, medium } = copy;
  const found: { verdict: Verdict; reason: Reason; steps: readonly Reason[] }[] = [];
  const add = (reason: Reason, ...steps: readonly Reason[]): void =>
    void found.push({ verdict: 'attention', reason, steps });
  if (sameAs !== undefined)
    add(because('copy-twice', { copy: name, other: sameAs }), because('do-forget-copy', { copy: name }));
  if (medium.identity === vault.identity)
    add(because('copy-on-vault-disk', { copy: name }), because('do-add-other-disk', {}));
  if (damagedAt !== undefined) {
    add(
      because('copy-known-damaged', { copy: name, at: damagedAt.toISOString() }),
      because('do-repair-copy', { copy: name }),
    );
  }
  const limitMs = Math.max(COPY_TURNS * everyHours, everyHours + 24) * HOUR_MS;
  const isLate = now.getTime() - (lastDoneAt ?? addedAt).getTime() > limitMs;
  const behindMs = (device.newestAt?.getTime() ?? 0) - (newestAt?.getTime() ?? 0);
  const step = stepTowards(copy);
  if (lastDoneAt === undefined) add(because('copy-never-filled', { copy: name }), step);
  else if (newestAt === undefined) add(because('copy-lacks-device', { copy: name }), step);
  // A copy that has the newest there is is up to date, however long ago it came.
  else if (isLate && behindMs > 0)
    add(because('copy-old', { copy: name, days: Math.max(1, Math.floor(behindMs / DAY_MS)) }), step);
  if (stopped !== undefined && isLate) {
    add(because('copy-stopped', { copy: name, at: stopped.at.toISOString(), error: stopped.error }), step);
  }
  if (newestAt !== undefined && daysSince(provenAt ?? addedAt, now) > PROOF_DAYS) {
    const reason =
      provenAt === undefined
        ? because('copy-proof-missing', { copy: name })
        : because('copy-proof-old', { copy: name, at: provenAt.toISOString() });
    add(reason, because('do-prove-copy', { copy: name }));
  }
  return found;
}

/** What brings a copy up to date. */
function stepTowards({ name, stopped, isPaused = false }: CopyFacts): Reason {
  if (stopped?.error === 'COPY_UNREACHABLE') return because('do-connect-copy', {});
  return because(isPaused ? 'do-give-copy-time' : 'do-run-copy', { copy: name });
}

interface Place {
  readonly kind: KeptPlace['kind'];
  readonly name?: string;
  readonly medium: KnownMedium;
  readonly offSite?: boolean;
  readonly at: Date | undefined;
  readonly versions?: number;
  readonly provenAt?: Date | undefined;
  readonly counts: boolean;
  readonly verdict: Verdict;
  readonly reasons: Reason[];
}

function judged(place: Place, findings: JudgedPlace['findings'] = []): JudgedPlace {
  const { kind, name, medium, offSite = false, at, versions, provenAt, counts, verdict, reasons } = place;
  const { identity, ...shown } = medium;
  return {
    identity,
    findings,
    place: {
      kind,
      ...(name === undefined ? {} : { name }),
      medium: shown,
      offSite,
      ...(at === undefined ? {} : { at: at.toISOString() }),
      ...(versions === undefined ? {} : { versions }),
      ...(provenAt === undefined ? {} : { provenAt: provenAt.toISOString() }),
      counts,
      verdict,
      reasons,
    },
  };
}

const daysSince = (date: Date, now: Date): number => (now.getTime() - date.getTime()) / DAY_MS;
