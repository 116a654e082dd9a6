import { because, type DeviceStatus, type Reason, type Verdict } from '../../contract/index.ts';
import type { CopyFacts, StatusInput } from './facts.ts';
import {
  cloudPlace,
  copyPlace,
  PROOF_DAYS,
  phonePlace,
  unplaced,
  vaultPlace,
  type JudgedPlace,
} from './judge-place.ts';

const DAY_MS = 86_400_000;
const WANTED_COPIES = 3;
const WANTED_MEDIA = 2;

/** What the places of a device are worth together. */
interface Worth {
  readonly copies: number;
  readonly media: number;
  readonly offSite: number;
  readonly provenAt: Date | undefined;
}

/**
 * How safe a device is, and why: what the rules say of its backups, and where they lie. Three copies with the device
 * itself, on two media, one elsewhere, each proven lately, is safe. Pure: every claim follows from a fact.
 */
export function judgeDevice(input: StatusInput): DeviceStatus {
  const { device, copies } = input;
  const judged = [
    phonePlace(input),
    vaultPlace(input),
    ...copies.map((copy) => copyPlace(copy, input)),
    cloudPlace(input),
  ];
  const worth = worthOf(input, judged);
  const findings = findingsOf(input, judged, worth);
  const verdict = worst([device.verdict, ...findings.map(({ verdict: each }) => each)]);
  const found = findings.map(({ reason }) => reason);
  return {
    udid: device.udid,
    name: device.name,
    ...(device.model === undefined ? {} : { model: device.model }),
    verdict,
    reasons: [...device.reasons, ...found, ...inOneSentence(input, worth)],
    steps: distinct(findings.flatMap(({ steps }) => steps)),
    copies: worth.copies,
    media: worth.media,
    offSite: worth.offSite,
    ...(worth.provenAt === undefined ? {} : { provenAt: worth.provenAt.toISOString() }),
    places: judged.map(({ place }) => place),
  };
}

interface Finding {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly steps: readonly Reason[];
}

const attention = (reason: Reason, ...steps: readonly Reason[]): Finding => ({ verdict: 'attention', reason, steps });

/** What is wrong with where its versions lie. Without a version there is nothing to say: that is the rules' to say. */
function findingsOf(input: StatusInput, judged: readonly JudgedPlace[], worth: Worth): Finding[] {
  if (input.device.versions === 0) return [];
  const spreading = spread(input, judged, worth);
  const unknown = spreading.length === 0 ? [] : input.copies.flatMap(placeUnknown);
  return [...spreading, ...unknown, ...judged.flatMap(({ findings }) => findings), ...proof(input)];
}

function spread({ vault, copiesProblem }: StatusInput, judged: readonly JudgedPlace[], worth: Worth): Finding[] {
  if (copiesProblem !== undefined) return [attention(copiesProblem.reason, copiesProblem.step)];
  const copies = judged.filter(({ place }) => place.kind === 'copy');
  if (copies.length === 0) return [attention(because('kept-here-only', {}), because('do-add-copy-elsewhere', {}))];
  const counted = judged.filter(({ place }) => place.counts && place.kind !== 'phone');
  const isOneDisk = counted.every(({ identity }) => identity === vault.identity);
  if (isOneDisk) return [attention(because('kept-on-one-disk', {}), because('do-add-other-disk', {}))];
  const isShort = worth.copies < WANTED_COPIES || worth.media < WANTED_MEDIA;
  if (worth.offSite === 0) {
    return [attention(because('kept-in-one-building', {}), because('do-add-copy-elsewhere', {}))];
  }
  // Which of the copies is missing, and why, is said of the copy itself.
  return isShort && copies.every(({ findings }) => findings.length === 0)
    ? [attention(because('kept-so-far', worthValues(worth)), because('do-add-other-disk', {}))]
    : [];
}

/** Another medium is wanted, and this might be one. */
function placeUnknown(copy: CopyFacts): Finding[] {
  return unplaced(copy).map((reason) => attention(reason, because('do-say-where-copy-lies', { copy: copy.name })));
}

/** A first proof is not asked for at once: the checkup comes by itself on the first of the month. */
function proof({ device, now }: StatusInput): Finding[] {
  const { provenAt, firstFinishedAt } = device;
  const since = provenAt ?? firstFinishedAt;
  if (since === undefined || now.getTime() - since.getTime() <= PROOF_DAYS * DAY_MS) return [];
  const reason =
    provenAt === undefined ? because('proof-missing', {}) : because('proof-old', { at: provenAt.toISOString() });
  return [attention(reason, because('do-prove', {}))];
}

function worthOf({ device, vault }: StatusInput, judged: readonly JudgedPlace[]): Worth {
  const counted = judged.filter(({ place }) => place.counts);
  return {
    copies: counted.length,
    media: new Set(counted.flatMap(({ identity }) => identity ?? [])).size,
    // What is said to be elsewhere and lies on the disk of the vault is not elsewhere.
    offSite: counted.filter(({ place, identity }) => place.offSite && identity !== vault.identity).length,
    provenAt: device.provenAt,
  };
}

/** Where nothing is, or nobody knows where else it is, there is nothing to sum up. */
function inOneSentence({ device, copiesProblem }: StatusInput, worth: Worth): Reason[] {
  if (device.versions === 0 || copiesProblem !== undefined) return [];
  const values = worthValues(worth);
  if (worth.provenAt === undefined) return [because('kept-so-far', values)];
  return [because('kept-well', { ...values, provenAt: worth.provenAt.toISOString() })];
}

const worthValues = ({ copies, media, offSite }: Worth): Pick<Worth, 'copies' | 'media' | 'offSite'> => ({
  copies,
  media,
  offSite,
});

const ORDER: readonly Verdict[] = ['at-risk', 'attention', 'unknown', 'safe'];

/** Something that is known to be wrong counts for more than what is not known. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return ORDER.find((each) => verdicts.includes(each)) ?? 'unknown';
}

function distinct(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map((reason) => [JSON.stringify(reason), reason])).values()];
}
