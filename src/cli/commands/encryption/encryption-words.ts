/** What is said about encryption, in words. */
import type { EncryptionEvent } from '../../../service/index.ts';

/** What Apple allows, and what nobody can do. */
export const FORGOTTEN: readonly string[] = [
  'Nobody can open a backup whose password is forgotten: not Apple, not this product. What helps:',
  '',
  '1. Look for it. It is the password that was chosen when encryption was turned on, on whichever computer that was:',
  '   in the Mac’s Keychain Access (“iPhone Backup”), in a password manager, on a recovery sheet. Try the passcode of',
  '   the device, the password of the Apple Account and passwords you used at that time.',
  '   `holdfast encryption check` tries one on every version, without the phone and as often as you like.',
  '',
  '2. Give the phone a new one. On the phone: Settings › General › Transfer or Reset iPhone › Reset › Reset All',
  '   Settings (not “Erase All Content”). It asks for the passcode. Photos, messages, apps and their data stay; Wi-Fi',
  '   passwords, the home screen, the wallpaper, Apple Pay cards and settings like these start over, and so does the',
  '   backup password. Then `holdfast encryption on`, and a new backup.',
  '',
  '3. Keep the old versions all the same. They stay locked, and open again the day the password turns up.',
  '',
  'A phone that was set up by an employer or a school may forbid the reset: ask them.',
];

/** How a change ended, and what the owner has to do now. */
export function doneWords(
  done: Extract<EncryptionEvent, { event: 'done' }>,
  { isKept }: { isKept: boolean },
): string[] {
  const { action, name } = done;
  if (action === 'off') {
    return [
      `The backups of ${name} are not encrypted any more. The next one sends everything, and leaves out passwords, Health, call history and Wi-Fi networks.`,
      'Versions from before still need the password they were made with.',
    ];
  }
  const keeping = isKept
    ? 'It is kept sealed on this computer. Write it down all the same: this computer may be lost, too.'
    : 'Write it down now, and keep it where your family finds it: without it, nobody can ever open these backups.';
  const sheet = `\`holdfast recovery-sheet\` makes a page to print.`;
  if (action === 'on') {
    return [`The backups of ${name} are encrypted from now on. The next one sends everything.`, keeping, sheet];
  }
  const words = {
    snapshot: `The newest version was kept once more with the new password (${done.snapshot ?? ''}); the next backup goes on from it.`,
    unfinished: 'The unfinished backup goes on with it.',
    none: 'There is no encrypted version of it here yet.',
    unusable: 'The next backup sends everything.',
  }[done.kept];
  return [
    `The backups of ${name} have the new password. ${words}`,
    'Versions from before still open with the old password: keep both.',
    keeping,
    sheet,
  ];
}
