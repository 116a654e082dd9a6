import type { Call } from '../../content/index.ts';

export const MEDIA_IN_WORDS: Readonly<Record<Call['medium'], string>> = {
  phone: 'phone',
  'facetime-video': 'FaceTime video',
  'facetime-audio': 'FaceTime audio',
  app: 'app',
  unknown: 'unknown',
};

export const OUTCOMES_IN_WORDS: Readonly<Record<Call['outcome'], string>> = {
  answered: 'answered',
  missed: 'missed',
  blocked: 'silenced',
  connected: 'connected',
  'not-reached': 'not reached',
};
