import type { Photo } from '../../content/index.ts';
import type { CsvValue } from '../text/csv.ts';
import { localTimeOf } from './photo-folders.ts';
import { STATES_IN_WORDS } from './words.ts';

export const COLUMNS = [
  'Name',
  'Taken',
  'Kind',
  'What it is',
  'Where it is',
  'Files',
  'Title',
  'Caption',
  'Keywords',
  'People',
  'Albums',
  'Favourite',
  'Hidden',
  'Deleted',
  'Edited',
  'Latitude',
  'Longitude',
  'Place',
  'Width',
  'Height',
  'Duration (s)',
  'Size (bytes)',
  'Camera',
  'Added',
  'From',
  'Burst',
  'Identifier',
];

/** @param files where its files were written; none where only a table was asked for. */
export function rowOf(photo: Photo, files: readonly string[], timeZone: string): CsvValue[] {
  const time = (at: Date | null | undefined): string => (at ? timeOf(photo, at, timeZone) : '');
  return [
    nameOf(photo),
    time(photo.takenAt),
    photo.kind,
    photo.traits.join('; '),
    STATES_IN_WORDS[photo.state],
    files.join('; '),
    photo.title,
    photo.caption,
    photo.keywords?.join('; '),
    photo.people?.join('; '),
    photo.albums.map(({ title, folders }) => [...folders, title ?? ''].join('/')).join('; '),
    yes(photo.isFavorite),
    yes(photo.isHidden),
    photo.isDeleted === true ? time(photo.deletedAt) || 'yes' : '',
    yes(photo.isEdited),
    photo.position?.latitude,
    photo.position?.longitude,
    photo.address,
    photo.widthPx,
    photo.heightPx,
    photo.durationSeconds,
    photo.sizeBytes,
    [photo.camera?.make, photo.camera?.model].filter(Boolean).join(' '),
    time(photo.addedAt),
    photo.origin,
    photo.burst?.id,
    photo.key,
  ];
}

/** A line of the list of what is not in the backup. */
export function missingLine(photo: Photo, timeZone: string): string {
  const taken = photo.takenAt
    ? timeOf(photo, photo.takenAt, timeZone).slice(0, 16).replace('T', ' ')
    : 'no date         ';
  const size = photo.sizeBytes ? `${(photo.sizeBytes / 1e6).toFixed(1)} MB` : '';
  // A name is one line, whatever is in it.
  return [taken, nameOf(photo), size, STATES_IN_WORDS[photo.state]].join('\t').replace(/[\r\n]+/g, ' ');
}

export const nameOf = (photo: Photo): string => photo.originalName ?? photo.fileName ?? photo.key;

function timeOf(photo: Photo, at: Date, timeZone: string): string {
  const { wall, offset } = localTimeOf(photo, at, timeZone);
  return `${wall}${offset}`;
}

const yes = (value: boolean | undefined): string => (value === true ? 'yes' : '');
