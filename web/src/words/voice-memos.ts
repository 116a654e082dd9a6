import { inBoth } from './in-both.ts';

export const voiceMemosWords = inBoth({
  en: {
    none: 'There are no voice memos in this version',
    noTitle: 'Recording',
    deleted: 'In Recently Deleted',
    noRecording: 'The recording is not in this backup',
    takeOut: (title: string) => `Take out ${title}`,
    transcript: 'What was said',
    noTranscript: 'The phone wrote nothing down.',
    silence: 'Nothing is said in it.',
  },
  de: {
    none: 'In dieser Version sind keine Sprachmemos',
    noTitle: 'Aufnahme',
    deleted: 'In „Zuletzt gelöscht“',
    noRecording: 'Die Aufnahme ist nicht in dieser Sicherung',
    takeOut: (title: string) => `${title} herausholen`,
    transcript: 'Was gesagt wurde',
    noTranscript: 'Das Gerät hat nichts mitgeschrieben.',
    silence: 'Darin wird nichts gesagt.',
  },
});
