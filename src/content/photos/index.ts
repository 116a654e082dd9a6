/** Photos and videos: what the phone's index records of them, and which of their files are in a backup. */
export type {
  ContentState,
  Photo,
  PhotoAlbum,
  PhotoBurst,
  PhotoCamera,
  PhotoInBrief,
  PhotoOrigin,
  PhotoPosition,
  PhotoResource,
  PhotoTrait,
  ResourceRole,
} from './photo.ts';
export { photoItems } from './photo-items.ts';
export { PhotoCounter, type PhotoCounts } from './photo-counts.ts';
export { openPhotos, Photos } from './photos.ts';
