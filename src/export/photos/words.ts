import type { Photo, PhotoCounts } from '../../content/index.ts';

/** Where the content of a photo is, for tables and pages. */
export const STATES_IN_WORDS: Readonly<Record<Photo['state'], string>> = {
  'in-backup': 'in this backup',
  'smaller-copy': 'a smaller copy in this backup, the original only in iCloud',
  'not-downloaded': 'only in iCloud',
  'not-in-backup': 'not in this backup',
};

const NUMBERS = new Intl.NumberFormat('en-GB');

/** "31 photos or videos" */
export const photosInWords = (count: number): string =>
  `${NUMBERS.format(count)} ${count === 1 ? 'photo or video' : 'photos or videos'}`;

/** "12 photos, 1 video" */
export function countsInWords(photos: number, videos: number): string {
  const words = [
    (photos > 0 || videos === 0) && `${NUMBERS.format(photos)} ${photos === 1 ? 'photo' : 'photos'}`,
    videos > 0 && `${NUMBERS.format(videos)} ${videos === 1 ? 'video' : 'videos'}`,
  ];
  return words.filter((each) => typeof each === 'string').join(', ');
}

/** What of a library is missing, as sentences. */
export function missingInWords({ own, notDownloaded, smallerCopies, missing }: PhotoCounts): string[] {
  const gone = notDownloaded + missing;
  const notes: string[] = [];
  if (gone > 0) {
    const where =
      missing === 0
        ? 'iCloud alone has them'
        : notDownloaded === 0
          ? 'nothing says where they are'
          : `iCloud alone has ${NUMBERS.format(notDownloaded)} of them`;
    const all = `${NUMBERS.format(gone)} of ${NUMBERS.format(own)} photos and videos`;
    notes.push(`Not in this backup: ${all}; ${where}. “Not in this backup.txt” lists them.`);
  }
  if (smallerCopies > 0) {
    notes.push(`Only as a smaller copy in this backup, the original in iCloud: ${photosInWords(smallerCopies)}.`);
  }
  return notes;
}
