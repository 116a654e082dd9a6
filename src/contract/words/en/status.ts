import type { Formats } from '../formats.ts';
import type { WordsFor } from '../reason-values.ts';
import type { StatusReasons } from '../status-reasons.ts';
import { reasonOf } from './failures.ts';

export const status: WordsFor<StatusReasons> = {
  'status-safe': (v, f) => (v.devices === 1 ? 'It is safe.' : `All ${f.number(v.devices)} devices are safe.`),
  'status-attention': (v, f) => `${devices(v.devices, f)} ${v.devices === 1 ? 'needs' : 'need'} attention.`,
  'status-at-risk': (v, f) => `${devices(v.devices, f)} ${v.devices === 1 ? 'is' : 'are'} at risk.`,
  'status-unknown': (v, f) => `Nothing is known yet about ${devices(v.devices, f)}.`,
  'status-empty': () => 'No device is known yet.',
  'kept-well': (v, f) => `${where(v, f)}; proven ${f.day(v.provenAt)}.`,
  'kept-so-far': (v, f) => `${where(v, f)}.`,
  'kept-here-only': () =>
    'Apart from the device itself it is kept only on this disk: if the device is lost and the disk dies, everything is gone.',
  'kept-on-one-disk': () => 'All of its versions lie on one disk, and die with it.',
  'kept-in-one-building': () => 'All copies are in one building: a fire or a burglar takes them together.',
  'proof-missing': () => 'Nobody has proven yet that it would come back.',
  'proof-old': (v, f) => `That it would come back was last proven ${f.day(v.at)}.`,
  'phone-seen': (v, f) => `Seen ${f.moment(v.at)}.`,
  'phone-never-seen': () => 'It was never seen by this computer.',
  'phone-long-away': (v, f) => `It was last seen ${f.day(v.at)}, so it does not count as a copy.`,
  'place-empty': () => 'Nothing of it lies there yet.',
  'copy-never-filled': (v) => `The copy “${v.copy}” has never been filled.`,
  'copy-lacks-device': (v) => `The copy “${v.copy}” has nothing of it yet.`,
  'copy-old': (v, f) => `The copy “${v.copy}” is ${f.number(v.days)} ${f.plural(v.days, 'day', 'days')} behind.`,
  'copy-stopped': (v, f) =>
    `The copy “${v.copy}” could not be brought up to date ${f.moment(v.at)}, because ${reasonOf(v.error)}.`,
  'copy-known-damaged': (v, f) => `The copy “${v.copy}” was found damaged ${f.day(v.at)}.`,
  'copies-list-unreadable': () =>
    'The list of copies cannot be read: which there are, and how they are, is not known, and none is brought up to date.',
  'copy-place-unknown': (v) =>
    `The copy “${v.copy}” is reached through this computer itself: which disk it lies on cannot be told, so it does not count as another one.`,
  'copy-twice': (v) => `The copies “${v.other}” and “${v.copy}” are one and the same, which counts once.`,
  'copy-on-vault-disk': (v) => `The copy “${v.copy}” is on the same disk as what it copies, and dies with it.`,
  'restic-is-old': () =>
    'The restic on this computer can copy, prove and restore, but not mend packs that have rotted: 0.17.1 or newer can.',
  'copy-proof-missing': (v) => `The copy “${v.copy}” has never been read back.`,
  'copy-proof-old': (v, f) => `The copy “${v.copy}” was last read back ${f.day(v.at)}.`,
  'cloud-from': (v, f) =>
    `Apple’s own backup last came to its end ${f.moment(v.at)}. Nobody but Apple can prove it, so it is not counted.`,
  'cloud-old': (v, f) =>
    `Apple’s own backup last came to its end ${f.day(v.at)}. Apple deletes it when nothing has come for 180 days.`,
  'cloud-off': () => 'Apple’s own backup is turned off.',
  'cloud-never': () => 'Apple’s own backup is turned on, and the device tells of none that came to its end.',
  'cloud-not-told': () => 'Whether Apple has a backup of it, the device has not told.',
  'do-add-copy-elsewhere': () => 'Set up a copy in another building, or carry a disk there.',
  'do-add-other-disk': () => 'Set up a copy on another disk.',
  'do-prove': () => 'Start a checkup: it opens and reads every file of the newest version.',
  'do-prove-copy': (v) => `Have it read back: \`holdfast copies verify ${v.copy}\`.`,
  'do-mend-copies-list': (v) =>
    `Bring back ${v.path}, or move it away and add the copies again: what lies in them is found again. Nothing there is changed meanwhile.`,
  'do-say-where-copy-lies': (v) =>
    `If “${v.copy}” lies in another building, say so: \`holdfast copies change ${v.copy} --off-site\`. If not, set up a copy in a folder on another disk.`,
  'do-forget-copy': (v) =>
    `Remove it from the list, which deletes nothing there: \`holdfast copies remove ${v.copy}\`; then set one up in another place.`,
  'do-give-copy-time': (v) =>
    `Its hours are over before it is through: give “${v.copy}” a longer window, or bring it up to date once by hand, \`holdfast copies run ${v.copy}\`.`,
};

const devices = (count: number, f: Formats): string => `${f.number(count)} ${f.plural(count, 'device', 'devices')}`;

function where(v: { copies: number; media: number; offSite: number }, f: Formats): string {
  const copies = `${f.number(v.copies)} ${f.plural(v.copies, 'copy', 'copies')}, the device counted`;
  const media = `on ${f.number(v.media)} ${f.plural(v.media, 'medium', 'media')}`;
  const elsewhere = v.offSite === 0 ? 'none of them elsewhere' : `${f.number(v.offSite)} of them elsewhere`;
  return `${copies}, ${media}, ${elsewhere}`;
}
