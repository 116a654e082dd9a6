import type { AlarmReasons } from '../alarm-reasons.ts';
import type { WordsFor } from '../reason-values.ts';
import { adviceOn, reasonOf } from './failures.ts';

export const alarms: WordsFor<AlarmReasons> = {
  'alarm-overdue': (v, f) =>
    `${v.name} has not been backed up for ${f.number(v.days)} ${f.plural(v.days, 'day', 'days')}.`,
  'alarm-overdue-first': (v, f) =>
    `${v.name} has never been backed up, and has been known for ${f.number(v.days)} ${f.plural(v.days, 'day', 'days')}.`,
  'alarm-failing': (v, f) =>
    `The last ${f.number(v.tries)} backups of ${v.name} failed, most recently because ${reasonOf(v.error)}.`,
  'alarm-not-confirmed': (v, f) =>
    `${v.name} asked for its passcode ${f.number(v.tries)} times and nobody entered it, most recently ${f.moment(v.at)}.`,
  'alarm-disk-filling': (v, f) =>
    `The disk with the backups will be full ${f.day(v.fullOn)}; ${f.bytes(v.freeBytes)} are free.`,
  'alarm-disk-full': (v, f) => `The disk with the backups is full: ${f.bytes(v.freeBytes)} are free.`,
  'alarm-pairing-lapses': (v, f) =>
    `${v.name} stops answering over Wi-Fi in ${f.number(v.daysLeft)} ${f.plural(v.daysLeft, 'day', 'days')}.`,
  'alarm-pairing-over': (v) => `${v.name} has not been heard of for so long that it no longer answers over Wi-Fi.`,
  'alarm-password-unknown': (v) =>
    `The backups of ${v.name} are encrypted, and nobody has shown that the password is still known.`,
  'alarm-copy-late': (v, f) =>
    `The copy “${v.copy}” is ${f.number(v.days)} ${f.plural(v.days, 'day', 'days')} old, more than it should be.`,
  'alarm-copy-never': (v) => `The copy “${v.copy}” has not been made yet.`,
  'alarm-copy-failing': (v, f) =>
    `The copy “${v.copy}” failed ${f.number(v.tries)} times in a row, most recently because ${reasonOf(v.error)}.`,
  'alarm-checkup-failed': (v, f) =>
    `The checkup found ${f.number(v.problems)} ${f.plural(v.problems, 'thing', 'things')} not in order ${f.day(v.at)}.`,
  'alarm-checkup-broke-off': (v, f) => `The checkup could not be brought to its end ${f.day(v.at)}.`,
  'alarm-checkup-late': (v, f) => `The checkup is ${f.number(v.days)} ${f.plural(v.days, 'day', 'days')} late.`,
  'alarm-version-shrunk': (v, f) =>
    `The version of ${v.name} made ${f.day(v.at)} holds ${f.percent(v.percent)} less than the one before. Older versions are all kept for now.`,
  'alarm-clock-wrong': (v, f) =>
    `The clock of this computer cannot be right: it shows ${stamp(v.shows)}, but ${stamp(v.latest)} has been already (${f.ago(v.latest)} by that clock)${v.version === undefined || v.name === undefined ? '' : `: version ${v.version} of ${v.name} is dated so`}.`,
  'alarm-version-misdated': (v) =>
    `Version ${v.version} of ${v.name} is dated ${stamp(v.at)}, which is still to come: a clock was ahead when it was made. Until then it stays whatever the rule says, and counts as the newest of nothing.`,
  'alarm-vault-missing': (v) => `The backups in ${v.place} cannot be reached: their disk is away, or they are damaged.`,
  'alarm-settings-invalid': () => 'The settings file cannot be understood; the last settings that could are in use.',
  'alarm-cannot-tell': (v, f) =>
    `Messages by “${v.channel}” have not got through since ${stamp(v.since)}, ${f.ago(v.since)}.`,

  'do-bring-home': () =>
    'Bring it home, connect it to power and leave it locked for a while, or start a backup by hand.',
  'do-enter-passcode': () => 'Unlock it at home and enter the passcode when it asks.',
  'do-wait-for-next-try': () => 'It is tried again by itself; a backup started by hand shows what is in the way.',
  'do-about-error': (v) => adviceOn(v.error),
  'do-make-room': () => 'Make room on that disk, keep fewer versions, or move the backups to a larger one.',
  'do-come-near': () => 'Let it come into the Wi-Fi of this computer, or connect it with a cable, and unlock it once.',
  'do-connect-once': () => 'Connect it with a cable and unlock it once; then Wi-Fi works again.',
  'do-keep-password': () =>
    'Try the backup password on the page of the device, or with `holdfast encryption check`, and write it on a recovery sheet.',
  'do-connect-copy': () =>
    'Connect its disk or look whether its server is up; the copy is then brought up to date by itself.',
  'do-read-report': () => 'The report of the checkup names each of them and what to do.',
  'do-start-checkup': () => 'Start a checkup by hand, and leave this computer on until it is done.',
  'do-compare-versions': (v, f) =>
    `Look at the differences between the two versions. If it was meant to be so, there is nothing to do${v.until === undefined ? '' : `: older versions are thinned again ${f.day(v.until)}`}.`,
  'do-set-clock': () =>
    'Set the clock of this computer, best by itself from the network. Until then nothing is thinned by date.',
  'do-set-clock-or-forget': (v) =>
    `Set the clock of this computer, best by itself from the network; until then nothing is thinned by date. If it is right, remove that version once there is a newer one: \`holdfast forget ${v.version}\`.`,
  'do-forget-misdated': (v) =>
    `Nothing is lost while it stays. Once there is a newer version, remove it if you like: \`holdfast forget ${v.version}\`.`,
  'do-connect-vault': () => 'Connect or mount the disk; `holdfast doctor` tells more. Nothing is backed up until then.',
  'do-correct-settings': () => 'Correct the settings file, or save the settings once in the interface.',
  'do-check-channel': () => 'Look at its settings and send a test message.',

  'over-overdue': (v) => `${v.name} is no longer overdue.`,
  'over-failing': (v) => `The backups of ${v.name} no longer fail.`,
  'over-not-confirmed': (v) => `${v.name} no longer waits for its passcode.`,
  'over-disk-filling': () => 'The disk with the backups has room again.',
  'over-pairing-lapses': (v) => `${v.name} has been heard of again.`,
  'over-password-unknown': (v) => `The password for the backups of ${v.name} is no longer in doubt.`,
  'over-copy-late': (v) => `The copy “${v.copy}” is no longer late.`,
  'over-copy-failing': (v) => `The copy “${v.copy}” no longer fails.`,
  'over-checkup-failed': () => 'The checkup is in order again.',
  'over-checkup-late': () => 'The checkup is no longer late.',
  'over-version-shrunk': (v) => `The smaller version of ${v.name} no longer holds back the thinning of older ones.`,
  'over-clock-wrong': () => 'The clock of this computer can be right again.',
  'over-version-misdated': (v) => `No version of ${v.name} is dated in the future any more.`,
  'over-vault-missing': () => 'The backups can be reached again.',
  'over-copies-unreadable': () => 'The list of copies can be read again.',
  'over-settings-invalid': () => 'The settings file can be understood again.',
  'over-cannot-tell': (v) => `Messages by “${v.channel}” get through again.`,

  'notice-several': (v, f) => `${f.number(v.count)} things need attention.`,
  'notice-several-over': (v, f) => `${f.number(v.count)} things are in order again.`,
  'notice-well': () => 'All is well.',
  'notice-announce': (v) => `${v.name} is due for a backup: unlock it at home and enter the passcode when it asks.`,
  'notice-test': (v) => `This is a test: messages by “${v.channel}” arrive.`,
  'level-safe': () => 'In order.',
  'level-attention': () => 'Attention.',
  'level-at-risk': () => 'At risk.',
  'notice-from': (v) => `Holdfast on ${v.computer} told you this by itself. Nobody reads answers.`,
  'well-device': (v, f) => `${v.name} was backed up ${f.ago(v.at)}.`,
};

/** Exact, as a clock is what it is about: “2026-11-22 18:40 UTC”. */
const stamp = (iso: string): string => iso.replace(/T(\d\d:\d\d).*$/, ' $1 UTC');
