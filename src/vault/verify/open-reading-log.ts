import type { ReadingLogFile } from './reading-log.ts';

export type { ReadingLogFile } from './reading-log.ts';

/** See `ReadingLogFile`, which is loaded when it is first asked for. */
export async function openReadingLog(path: string): Promise<ReadingLogFile> {
  const { ReadingLogFile: Log } = await import('./reading-log.ts');
  return new Log(path);
}
