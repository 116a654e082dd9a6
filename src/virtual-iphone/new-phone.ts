import { openPhoneDisk, type PhoneDisk } from './disk/index.ts';
import { fillLibrary, fillWithFiles, mutateLibrary } from './library/index.ts';
import type { LibrarySize } from './options.ts';

const SETTING = 'filled';

/** Gives a phone that has never been on its content; one that has keeps what it holds. */
export function fillNewPhone(disk: PhoneDisk, library: LibrarySize = 'small', seed = 1, now?: Date): void {
  if (disk.settings.get(SETTING) !== undefined) return;
  disk.batch(() => {
    if (disk.count() === 0) fill(disk, library, seed, now);
    disk.settings.set(SETTING, true);
  });
}

function fill(disk: PhoneDisk, library: LibrarySize, seed: number, now: Date | undefined): void {
  if (library === 'empty') return;
  const day = now === undefined ? {} : { now };
  if (typeof library === 'string') fillLibrary(disk, { size: library, seed, ...day });
  else if ('sizeBytes' in library) fillWithFiles(disk, { count: library.files, sizeBytes: library.sizeBytes, seed });
  else fillLibrary(disk, { size: library.files, seed, ...day });
}

/** A day goes by on a phone that is turned off: about one percent of its content changes. */
export function letADayGoBy(stateDir: string): void {
  const disk = openPhoneDisk(stateDir);
  try {
    mutateLibrary(disk);
  } finally {
    disk.close();
  }
}
