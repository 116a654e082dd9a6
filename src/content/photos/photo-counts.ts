import type { PhotoInBrief } from './photo.ts';

/** How many photos there are and where they are. Those of shared albums and of others are not the owner's own. */
export interface PhotoCounts {
  /** The owner's own, with those in "Recently Deleted". */
  readonly own: number;
  readonly videos: number;
  readonly inBackup: number;
  /** Only a smaller copy is in this backup; the original is in iCloud. */
  readonly smallerCopies: number;
  /** In iCloud alone. */
  readonly notDownloaded: number;
  /** Recorded, and nowhere to be found. */
  readonly missing: number;
  readonly deleted: number;
  readonly hidden: number;
  readonly inSharedAlbums: number;
  readonly sharedWithYou: number;
}

const COUNTED_AS = {
  'in-backup': 'inBackup',
  'smaller-copy': 'smallerCopies',
  'not-downloaded': 'notDownloaded',
  'not-in-backup': 'missing',
} as const;

/** Counts photos as they are read. */
export class PhotoCounter {
  readonly counts = {
    own: 0,
    videos: 0,
    inBackup: 0,
    smallerCopies: 0,
    notDownloaded: 0,
    missing: 0,
    deleted: 0,
    hidden: 0,
    inSharedAlbums: 0,
    sharedWithYou: 0,
  };

  add({ kind, origin, state, isDeleted, isHidden }: PhotoInBrief): void {
    if (origin === 'shared-album') this.counts.inSharedAlbums++;
    else if (origin === 'shared-with-you') this.counts.sharedWithYou++;
    else {
      this.counts.own++;
      if (kind === 'video') this.counts.videos++;
      if (isDeleted === true) this.counts.deleted++;
      if (isHidden === true) this.counts.hidden++;
      this.counts[COUNTED_AS[state]]++;
    }
  }
}
