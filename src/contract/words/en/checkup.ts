import type { CheckupReasons } from '../checkup-reasons.ts';
import type { Formats } from '../formats.ts';
import type { WordsFor } from '../reason-values.ts';
import { reasonOf } from './failures.ts';

export const checkup: WordsFor<CheckupReasons> = {
  'checkup-safe': (v, f) => `Everything is intact and would come back: ${points(v.proven, f)} proven.`,
  'checkup-safe-with-gaps': (v, f) =>
    `Everything that was looked at is intact: ${points(v.proven, f)} proven. ${f.number(v.unproven)} more could not be looked at; the report names ${v.unproven === 1 ? 'it' : 'them'}.`,
  'checkup-safe-after-repair': (v, f) =>
    `Something was damaged and is whole again: ${points(v.repaired, f)} repaired. Everything else that was looked at is intact.`,
  'checkup-attention': (v, f) =>
    `No version is known to be damaged, but ${points(v.points, f)} ${v.points === 1 ? 'needs' : 'need'} attention.`,
  'checkup-at-risk': (v, f) => `Backups are damaged or in danger: ${points(v.points, f)} to act on now.`,
  'checkup-nothing': () => 'There is no version yet, so there is nothing to prove.',

  'vault-read': (v, f) =>
    `Every byte of ${versions(v.versions, f)} was read again, beginning ${f.moment(v.since)}, and is what was stored: ${f.bytes(v.bytes)} in ${f.number(v.pieces)} ${f.plural(v.pieces, 'piece', 'pieces')}.`,
  'vault-part-read': (v, f) =>
    `Of ${f.bytes(v.totalBytes)}, ${f.bytes(v.bytes)} were read again, beginning ${f.moment(v.since)}, and are what was stored; the rest was not read this time.`,
  'vault-not-read': (v, f) => `The ${f.bytes(v.totalBytes)} that are stored were not read this time.`,
  'vault-lists-read': (v, f) =>
    `The records and lists of ${versions(v.versions, f)} of ${f.number(v.devices)} ${f.plural(v.devices, 'device', 'devices')} can be read and are unchanged.`,
  'vault-damaged': (v, f) =>
    `${f.number(v.places)} ${f.plural(v.places, 'place', 'places')} in the stored backups ${v.places === 1 ? 'is' : 'are'} damaged or missing; ${f.number(v.files)} ${f.plural(v.files, 'file', 'files')} of versions ${v.files === 1 ? 'belongs' : 'belong'} to ${v.places === 1 ? 'it' : 'them'}.`,
  'vault-repaired': (v, f) =>
    `${f.number(v.places)} ${f.plural(v.places, 'place was', 'places were')} damaged and ${v.places === 1 ? 'is' : 'are'} whole again.`,
  'vault-unreadable': (v) => `It could not be read to the end, because ${reasonOf(v.error)}.`,
  'piece-changed': (v, f) => `${piece(v, f)} has changed on the disk.`,
  'piece-missing': (v, f) => `${piece(v, f)} is missing.`,
  'piece-unreadable': (v, f) => `${piece(v, f)} cannot be read from the disk.`,
  'piece-fetched': (v, f) => `${piece(v, f)} was damaged and came back whole from “${v.copy}”.`,
  'piece-kept': (v, f) => `${piece(v, f)} was damaged in one of its two files; the other is whole and is used.`,
  'piece-unneeded': (v, f) => `${f.bytes(v.bytes)} in ${v.path} are damaged; no version needs them.`,
  'pieces-alike': (v, f) => `${f.number(v.files)} more ${f.plural(v.files, 'file has', 'files have')} the same bytes.`,
  'record-damaged': (v) => `The record ${v.path} cannot be read: its version is lost with it.`,
  'record-fetched': (v) => `The record ${v.path} was damaged and came back from “${v.copy}”.`,
  'list-damaged': (v) => `The list of files of version ${v.versions} cannot be read.`,
  'list-fetched': (v) => `The list of files of version ${v.versions} was damaged and came back from “${v.copy}”.`,
  'index-damaged': (v) => `The index of ${v.path} is damaged; the files in it were read one by one.`,
  'base-damaged': (v) => `Of the two files of ${v.path} not both are whole; while one is, nothing is lost.`,
  'base-rewritten': (v) => `One of the two files of ${v.path} was damaged and has been written anew from the other.`,
  'index-rewritten': (v) => `The index of ${v.path} was damaged and has been written anew.`,
  'copy-not-asked': (v) => `The copy “${v.copy}” could not be asked, because ${reasonOf(v.error)}.`,
  'and-more': (v, f) => `And ${f.number(v.count)} more; the data file of this report names all that were noted.`,

  'version-proven': (v, f) =>
    `Version ${v.version}, made ${f.moment(v.takenAt)}, would come back whole: each of ${f.number(v.files)} ${f.plural(v.files, 'file', 'files')} (${f.bytes(v.bytes)}) was opened and read.`,
  'version-failed': (v, f) =>
    `In version ${v.version}, made ${f.moment(v.takenAt)}, ${f.number(v.problems)} ${f.plural(v.problems, 'thing is', 'things are')} not as ${v.problems === 1 ? 'it' : 'they'} should be.`,
  'version-no-password': (v, f) =>
    `Version ${v.version}, made ${f.moment(v.takenAt)}, could not be opened: its password is not kept on this computer.`,
  'version-broken': (v, f) =>
    `Version ${v.version}, made ${f.moment(v.takenAt)}, could not be opened, because ${reasonOf(v.error)}.`,
  'version-not-tried': (v, f) =>
    `Version ${v.version}, made ${f.moment(v.takenAt)}, was not tried this time; ${v.provenAt === undefined ? 'it never was' : `it was last proven ${f.moment(v.provenAt)}`}.`,
  'version-only-there': (v, f) =>
    `The copy “${v.copy}” has version ${v.version}, made ${f.moment(v.takenAt)}, which is newer than any that is here.`,
  'version-decrypted': (v, f) => `${f.number(v.files)} ${f.plural(v.files, 'file decrypts', 'files decrypt')}.`,
  'version-digests': (v, f) =>
    `${f.number(v.matched)} ${v.matched === 1 ? 'is' : 'are'} to the byte what the device sent; it gave nothing to compare with for ${f.number(v.without)}.`,
  'version-databases': (v, f) =>
    `${f.number(v.databases)} ${f.plural(v.databases, 'database is', 'databases are')} intact.`,
  'found-missing': (v, f) => `${files(v, f)} missing, such as ${v.example}.`,
  'found-changed': (v, f) => `${files(v, f)} not what the device sent, such as ${v.example}.`,
  'found-cut-off': (v, f) => `${files(v, f)} cut off, such as ${v.example}.`,
  'found-without-key': (v, f) => `${files(v, f)} locked with a key that is not there, such as ${v.example}.`,
  'found-undecryptable': (v, f) => `${files(v, f)} impossible to decrypt, such as ${v.example}.`,
  'found-unreadable': (v, f) => `${files(v, f)} unreadable on the disk, such as ${v.example}.`,
  'found-database': (v, f) =>
    `${f.number(v.files)} ${f.plural(v.files, 'database is', 'databases are')} damaged, such as ${v.example}.`,
  'found-property-list': (v, f) =>
    `${f.number(v.files)} ${f.plural(v.files, 'list of settings is', 'lists of settings are')} damaged, such as ${v.example}.`,
  'found-manifest-damaged': () => 'The list of all its files is damaged.',

  'passwords-open': (v, f) =>
    `The password kept on this computer opens ${encrypted(v.versions, f)}: it was tried just now.`,
  'passwords-not-needed': (v, f) =>
    `${f.number(v.versions)} ${f.plural(v.versions, 'version needs', 'versions need')} no password: not encrypted.`,
  'passwords-not-kept': (v, f) =>
    `The password of ${encrypted(v.versions, f)} is not kept on this computer, so nobody could try it.`,
  'passwords-closed': (v, f) =>
    `${f.number(v.versions)} of ${encrypted(v.total, f)} did not open with any password kept on this computer.`,
  'passwords-damaged': (v, f) =>
    `${f.number(v.versions)} encrypted ${f.plural(v.versions, 'version', 'versions')} can be opened by no password: the keys in ${v.versions === 1 ? 'it' : 'them'} are damaged.`,
  'passwords-sealed': (v) => `No password could be tried, because ${reasonOf(v.error)}.`,

  'copy-read': (v, f) =>
    `Every byte there was read and compared: ${f.number(v.versions)} ${f.plural(v.versions, 'version', 'versions')}, ${f.bytes(v.bytes)}.`,
  'copy-part-read': (v, f) =>
    v.parts === 1
      ? 'Its structure is whole, and all of its data was read and compared.'
      : `Its structure is whole, and part ${f.number(v.part)} of ${f.number(v.parts)} of its data was read and compared.`,
  'copy-all-parts-since': (v, f) =>
    `All of its parts have been read in turn, the one longest ago ${f.moment(v.since)}.`,
  'copy-parts-left': (v, f) =>
    `${f.number(v.parts)} of its parts ${v.parts === 1 ? 'has' : 'have'} not been read in turn yet.`,
  'copy-same': (v) => `The newest version of ${v.device} (${v.version}) there is file by file what it is here.`,
  'copy-sample': (v, f) =>
    `Of the newest version of ${v.device} there (${v.version}) every file has its size, and ${f.number(v.files)} ${f.plural(v.files, 'file', 'files')} (${f.bytes(v.bytes)}) taken at random came back byte for byte.`,
  'copy-behind': (v, f) =>
    `${f.number(v.versions)} ${f.plural(v.versions, 'version is', 'versions are')} not there yet.`,
  'copy-damaged': (v, f) =>
    `${f.number(v.places)} ${f.plural(v.places, 'place', 'places')} there ${v.places === 1 ? 'is' : 'are'} damaged or missing.`,
  'copy-repaired': (v, f) =>
    `${f.number(v.places)} ${f.plural(v.places, 'place', 'places')} there ${v.places === 1 ? 'was' : 'were'} damaged and ${v.places === 1 ? 'is' : 'are'} whole again.`,
  'copy-unreachable': (v, f) => `Its place could not be reached, so nothing there was looked at${provenAt(v, f)}.`,
  'copy-broken': (v) => `It could not be read back, because ${reasonOf(v.error)}.`,
  'copy-not-tried': (v, f) => `It was not read back this time${provenAt(v, f)}.`,
  'copy-none': () => 'There is no copy anywhere else: if this disk dies, everything is lost.',
  'copy-program-said': (v) => `The program that keeps it said: “${v.words}”.`,
  'copy-differs': (v) => `${v.path} of version ${v.version} does not come back as it was.`,
  'copy-lacks-files': (v, f) =>
    `Version ${v.version} lacks ${f.number(v.files)} ${f.plural(v.files, 'file', 'files')} there.`,

  'backup-recent': (v, f) =>
    `Last backed up ${f.moment(v.at)}${v.dueAt === undefined ? '' : `; the next backup is due ${f.moment(v.dueAt)}`}.`,
  'backup-late': (v, f) =>
    `Last backed up ${f.moment(v.at)}: nothing came for ${f.number(v.days)} ${f.plural(v.days, 'day', 'days')}.`,
  'backup-paused': (v, f) =>
    `Last backed up ${f.moment(v.at)}; backups are paused and begin again ${f.moment(v.until)}.`,

  'disk-healthy': (v) => `${v.disk} finds nothing wrong with itself (SMART).`,
  'disk-hours': (v, f) => `It has run for ${f.number(v.hours)} ${f.plural(v.hours, 'hour', 'hours')}.`,
  'disk-celsius': (v, f) => `It is at ${f.number(v.celsius)} °C.`,
  'disk-used-up': (v, f) => `${f.percent(v.percent)} of what it is made to write is used up.`,
  'disk-failing': (v) => `${v.disk} says of itself that it is about to fail (SMART).`,
  'disk-bad-places': (v, f) =>
    `${v.disk} has ${f.number(v.places)} ${f.plural(v.places, 'place', 'places')} that it cannot read or had to replace (SMART).`,
  'disk-worn': (v, f) => `${v.disk} has used up ${f.percent(v.percent)} of what it is made to write (SMART).`,
  'disk-no-program': () => 'Nobody could ask the disk how it is: smartctl is not installed on this computer.',
  'disk-no-rights': (v) => `Nobody could ask ${v.disk} how it is: that takes more rights than Holdfast has here.`,
  'disk-says-nothing': (v) => `${v.disk} does not tell how it is: it is virtual, on the network, or behind an adapter.`,
  'space-lasts': (v, f) =>
    `${f.bytes(v.freeBytes)} are free, and at the usual growth the disk does not fill up within years.`,
  'space-full-on': (v, f) =>
    `${f.bytes(v.freeBytes)} are free; at ${f.bytes(v.perDayBytes)} a day the disk is full ${f.day(v.fullOn)}.`,
  'space-unforeseen': (v, f) =>
    `${f.bytes(v.freeBytes)} are free; how long they last can be told after three days of backups.`,
  'space-used-up': (v, f) => `The disk is full: ${f.bytes(v.freeBytes)} are left for backups.`,
  'clock-agrees': (v, f) =>
    `The clock of this computer fits with every date that was written before; looked at ${f.moment(v.at)}.`,
  'clock-set-by-network': () => 'It is set by the network.',
  'clock-behind': (v, f) =>
    `By the clock of this computer this checkup was ${f.moment(v.at)}, but something was written ${f.moment(v.known)}.`,
  'clock-went-back': (v, f) =>
    `The clock of this computer was set back by ${f.number(v.seconds)} ${f.plural(v.seconds, 'second', 'seconds')} during the checkup.`,
  'clock-differs-from-disk': (v, f) =>
    `Files get times that are ${f.number(v.seconds)} ${f.plural(v.seconds, 'second', 'seconds')} away from the clock of this computer.`,

  'alarms-delivered': (v) => `A test message went out over “${v.channel}”.`,
  'alarms-failing': (v) => `A test message over “${v.channel}” did not get through: ${v.problem}.`,
  'alarms-nobody': () => 'Nobody is told when something goes wrong: no way of telling is set up.',
  'alarms-untried': () => 'No test message was sent this time.',

  'reports-unchanged': (v, f) =>
    `${f.number(v.reports)} earlier ${f.plural(v.reports, 'report is', 'reports are')} as ${v.reports === 1 ? 'it was' : 'they were'} written.`,
  'report-first': () => 'This is the first report; the next one proves that it was not changed.',
  'report-changed': (v) => `The report ${v.report} was changed after it was written.`,
  'report-missing': (v) => `The report ${v.report} is missing.`,
  'reports-unreadable': (v) => `What there is of earlier reports cannot be read: ${v.path}.`,
  'report-out-of-chain': (v) => `The report ${v.report} does not belong to the one before it.`,

  'do-repair': () => 'Run `holdfast checkup --repair`: what a copy has whole is fetched back from it.',
  'do-bring-copy': () =>
    'Connect a copy that was not asked and run `holdfast checkup --repair`; what the device still has comes back with its next backup.',
  'do-back-up-now': () => 'Back the device up: what it still has is stored anew.',
  'do-back-up-fully': () =>
    'Run `holdfast backup --full` while the device still has everything, and keep the earlier versions.',
  'do-repair-copy': (v) =>
    `Run \`holdfast copies verify ${v.copy} --repair\`: what is damaged there is sent again. Check its disk, too.`,
  'do-run-copy': (v) => `Bring it up to date: \`holdfast copies run ${v.copy}\`.`,
  'do-add-copy': () => 'Set one up on another disk or away from home: `holdfast copies add`.',
  'do-fetch-versions': () => 'Get it back from a copy that has it: `holdfast copies restore`.',
  'do-replace-disk': () => 'Move everything to another disk soon, and replace this one.',
  'do-install-smartctl': () => 'Install smartmontools on this computer to have disks asked.',
  'do-allow-smartctl': () =>
    'Ask it yourself with `sudo smartctl -H`, or let the service ask; docs/checkup.md says how.',
  'do-add-channel': () => 'Set one up in the settings: mail, ntfy, Gotify or a webhook.',
  'do-let-checkup-finish': () => 'Run `holdfast checkup` without --quick and let it come to its end.',
  'do-find-report': () => 'Find out who could write there; compare with the reports that were sent to you.',
};

const points = (count: number, f: Formats): string => `${f.number(count)} ${f.plural(count, 'point', 'points')}`;

const versions = (count: number, f: Formats): string =>
  count === 1 ? 'the one version' : `all ${f.number(count)} versions`;

const encrypted = (count: number, f: Formats): string =>
  count === 1 ? 'the one encrypted version' : `${f.number(count)} encrypted versions`;

const piece = (v: CheckupReasons['piece-changed'], f: Formats): string =>
  `${v.device}, version ${v.version}: ${v.path} (${f.bytes(v.bytes)})`;

const files = (v: CheckupReasons['found-missing'], f: Formats): string =>
  `${f.number(v.files)} ${f.plural(v.files, 'file is', 'files are')}`;

const provenAt = (v: { readonly provenAt?: string }, f: Formats): string =>
  v.provenAt === undefined ? '; it never was' : `; it was last proven ${f.moment(v.provenAt)}`;
