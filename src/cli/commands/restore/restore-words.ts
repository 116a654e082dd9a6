import type { RestorePhase, RestorePlan } from '../../../service/index.ts';
import { formatTime, plural } from '../../output/format.ts';

export const RESTORE_PHASES: Readonly<Record<RestorePhase, string>> = {
  connecting: 'Connecting',
  'waiting-for-passcode': 'Enter the passcode on the device',
  preparing: 'The device is preparing',
  sending: 'Restoring',
  applying: 'The device puts everything in place',
  finishing: 'Finishing',
};

/** What a person loses by a restore, in whole sentences. */
export function lossWords({ device, content, mayHoldData, newestSnapshot, removesOthers }: RestorePlan): string[] {
  const { name = device.udid, model } = device.facts;
  const who = model === undefined ? name : `${name} (${model})`;
  if (!mayHoldData) return [`${who} looks new: there are no photos and no apps on it.`];
  const found = [
    content.photos === undefined ? undefined : plural(content.photos, 'photo or video', 'photos and videos'),
    content.apps === undefined ? undefined : plural(content.apps, 'app'),
  ].filter((words) => words !== undefined);
  return [
    found.length === 0 ? `What ${who} holds cannot be told from here.` : `${who} holds ${found.join(' and ')}.`,
    'What the backup has takes the place of what is there: messages, contacts, calls, photos, notes, settings, the data of apps.',
    removesOthers
      ? 'Everything else of its owner’s is removed: also what came onto the device after the backup was made.'
      : 'Other files stay on the device, but apps may no longer find them.',
    newestSnapshot === undefined
      ? 'There is no backup of this device in the vault.'
      : `Its newest backup in the vault is of ${formatTime(newestSnapshot.takenAt)} (${newestSnapshot.id}).`,
  ];
}
