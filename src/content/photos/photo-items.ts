import type { ContentItem } from '../source/content-item.ts';
import type { Photo } from './photo.ts';
import type { Photos } from './photos.ts';

/** Photos for searching and for following over time. Those that only iCloud has are among them. */
export function* photoItems(photos: Photos): Generator<ContentItem, undefined> {
  for (const photo of photos.all()) yield photoItem(photo);
}

function photoItem(photo: Photo): ContentItem {
  const { title, caption, address, keywords, people, albums, fileName } = photo;
  const name = photo.originalName ?? fileName ?? photo.key;
  const words = [title, caption, address, ...(keywords ?? []), ...(people ?? []), ...albums.map((each) => each.title)];
  const text = [name, fileName === name ? undefined : fileName, ...words].filter(Boolean).join('\n');
  return {
    kind: 'photos',
    key: photo.key,
    at: photo.takenAt ?? photo.modifiedAt ?? undefined,
    title: title ?? name,
    text,
  };
}
