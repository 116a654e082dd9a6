import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import type { Recording } from './voicemail.ts';

const DOMAIN = 'HomeDomain';
export const VOICEMAIL_FOLDER = 'Library/Voicemail';

/** AMR everywhere so far; the others cost nothing. */
const AUDIO = /\.(?:amr|awb|m4a|caf|wav|mp3)$/i;

/** The files that lie beside the list of messages, found once for all of them. */
export interface VoicemailFiles {
  recording(row: number): Recording;
  transcript(row: number): ManifestEntry | undefined;
  /** What callers hear, where it was recorded on this phone. */
  readonly greetings: readonly ManifestEntry[];
  /** Recordings that no row names, once all rows were asked for. */
  unclaimed(): ManifestEntry[];
}

export function findVoicemailFiles(backup: Backup): VoicemailFiles {
  const recordings = new Map<string, ManifestEntry>();
  const transcripts = new Map<string, ManifestEntry>();
  const greetings: ManifestEntry[] = [];
  for (const entry of backup.manifest.entries({ domain: DOMAIN })) {
    if (entry.kind !== 'file' || !entry.relativePath.startsWith(`${VOICEMAIL_FOLDER}/`)) continue;
    const path = entry.relativePath.slice(VOICEMAIL_FOLDER.length + 1);
    if (AUDIO.test(path)) {
      if (/greeting/i.test(path)) greetings.push(entry);
      else recordings.set(path.replace(AUDIO, ''), entry);
    } else if (path.endsWith('.transcript')) transcripts.set(path.slice(0, -'.transcript'.length), entry);
  }
  const claimed = new Set<string>();
  return {
    recording(row) {
      const entry = recordings.get(String(row));
      if (entry === undefined) return { state: 'not-in-backup' };
      claimed.add(String(row));
      return { state: 'in-backup', entry };
    },
    transcript: (row) => transcripts.get(String(row)),
    greetings,
    unclaimed: () => [...recordings].filter(([name]) => !claimed.has(name)).map(([, entry]) => entry),
  };
}
