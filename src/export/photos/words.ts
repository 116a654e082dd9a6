import type { Photo, PhotoCounts } from '../../content/index.ts';

/** Where the content of a photo is, for tables and pages. */
export const STATES_IN_WORDS: Readonly<Record<Photo['state'], string>> = {
  'in-backup': 'in this backup',
  'smaller-copy': 'a smaller copy in this backup, the original only in iCloud',
  'not-downloaded': 'only in iCloud',
  'not-in-backup': 'not in this backup',
};

/** "31 photos and videos" */
export const photosInWords = (count: number): string =>
  count === 1 ? 'one photo or video' : `${count.toLocaleString('en-GB')} photos and videos`;

/** What of a library is missing, as sentences. */
export function missingInWords(counts: PhotoCounts): string[] {
  const { own, notDownloaded, smallerCopies, missing } = counts;
  const gone = notDownloaded + missing;
  const notes: string[] = [];
  if (gone > 0) {
    const where =
      missing === 0
        ? 'only iCloud has them'
        : notDownloaded === 0
          ? 'their files are not there'
          : `iCloud has ${notDownloaded} of them`;
    notes.push(
      `${gone} of ${own} photos and videos are not in this backup: ${where}. “Not in this backup.txt” lists them.`,
    );
  }
  if (smallerCopies > 0) {
    notes.push(
      `Of ${photosInWords(smallerCopies)} there is only a smaller copy in this backup: the phone saved space and left the originals in iCloud.`,
    );
  }
  return notes;
}
