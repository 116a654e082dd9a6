/** Recordings of the app Voice Memos, and what the phone understood of them. */
export type { VoiceMemo, VoiceMemoTranscript } from './voice-memo.ts';
export { openVoiceMemos, voiceMemoItems, type VoiceMemos } from './voice-memos.ts';
