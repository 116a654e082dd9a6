/** Photos and films: the grid, albums, the map, pictures. */
import { z } from 'zod';
import {
  PhotoAlbums,
  PhotoDays,
  PhotoDaysQuery,
  PhotoDetails,
  PhotoPlaces,
  PhotosAt,
  PhotosAtQuery,
  PhotosQuery,
  PhotoSummaries,
  PlacesQuery,
} from '../../../contract/index.ts';
import type { Content } from '../../../service/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { contentAnswer } from '../../content/content-answer.ts';
import { readVersion, type OpenVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { BYTES, SNAPSHOT_PARAMS } from './params.ts';

const PHOTO_PARAMS = SNAPSHOT_PARAMS.extend({ n: z.coerce.number().int().nonnegative().max(10_000_000) });

export const photoRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/photos/days',
    summary: 'All photos of a view in the least space: days, shapes, kinds. For laying out a grid at once.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PhotoDaysQuery,
    answer: PhotoDays,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.photoDays(unlocked, call.query.view)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/photos',
    summary: 'What photos are called, and when they were taken: by their numbers, or a page of all.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PhotosQuery,
    answer: PhotoSummaries,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listPhotos(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/photos/albums',
    summary: 'Albums, and how many photos each view has.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: PhotoAlbums,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listAlbums(unlocked)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/photos/places',
    summary: 'Where photos were taken, those near each other as one.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PlacesQuery,
    answer: PhotoPlaces,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.photoPlaces(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/photos/at',
    summary: 'The photos of a part of the map, the newest first.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PhotosAtQuery,
    answer: PhotosAt,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.photosAt(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/photos/place',
    summary: 'The number of a photo by its identifier: for what a search has found.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: z.object({ photo: z.string().min(1).max(1000) }),
    answer: z.object({ n: z.int() }),
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.placeOfPhoto(unlocked, call.query.photo)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/photos/:n',
    summary: 'Everything that is known of a photo.',
    access: SNAPSHOT_CONTENT,
    params: PHOTO_PARAMS,
    answer: PhotoDetails,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.readPhoto(unlocked, call.params.n)),
  }),
  bytesOf('thumbnail', 'A small JPEG: what the phone made of it, else one made here.', (version, n) =>
    version.from.photoThumbnail(version.unlocked, version.browsing.pictures, n, version.signal),
  ),
  bytesOf('view', 'A picture for the whole screen, in a format that browsers show.', (version, n) =>
    version.from.photoView(version.unlocked, version.browsing.pictures, n, version.signal),
  ),
  bytesOf('original', 'As it came out of the camera, to be kept.', (version, n) =>
    version.from.photoOriginal(version.unlocked, n),
  ),
  bytesOf('film', 'What moves: a film, or the seconds around a Live Photo; in ranges.', (version, n) =>
    version.from.photoFilm(version.unlocked, n),
  ),
];

function bytesOf(name: string, summary: string, read: (version: OpenVersion, n: number) => Promise<Content>) {
  return route({
    method: 'GET',
    path: `/snapshots/:id/photos/:n/${name}`,
    summary,
    access: SNAPSHOT_CONTENT,
    params: PHOTO_PARAMS,
    answer: BYTES,
    handle: (call) =>
      readVersion(call, async (version) =>
        contentAnswer(await read(version, call.params.n), version.unlocked, call.request),
      ),
  });
}
