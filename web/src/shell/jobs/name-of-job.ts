import type { Job, Overview } from '../../../../src/contract/index.ts';
import type { jobWords } from '../../words/jobs.ts';

type JobWords = (typeof jobWords)['en'];

/** "Backup of Anna’s iPhone". */
export function nameOfJob(job: Job, overview: Overview | undefined, words: JobWords): string {
  const kind = words.kinds[job.kind];
  const device = overview?.devices.find(({ udid }) => udid === job.udid);
  return device === undefined ? kind : words.of(kind, device.name);
}
