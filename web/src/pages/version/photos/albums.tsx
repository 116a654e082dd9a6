import type { PhotoAlbums } from '../../../../../src/contract/index.ts';
import { Link } from 'wouter';
import { Section } from '../../../parts/page.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { photosWords } from '../../../words/photos.ts';
import { useWords } from '../../../words/words.ts';
import { contentAddress } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';
import { PhotoIcon, type PhotoIconName } from './photo-icon.tsx';
import styles from './albums.module.css';

const KINDS = ['favorites', 'videos', 'live', 'screenshots', 'shared', 'hidden', 'deleted'] as const;

/** Albums with a picture each, and the lists that the phone keeps by itself. */
export function Albums({ data }: { readonly data: PhotoAlbums }) {
  const words = useWords(photosWords);
  const format = useFormats();
  const { id, base } = useVersion();
  const kinds = KINDS.filter((kind) => (data.views[kind] ?? 0) > 0);
  return (
    <>
      <Section title={words.albums}>
        {data.albums.length === 0 ? (
          <p>{words.noAlbums}</p>
        ) : (
          <ul className={styles.albums}>
            {data.albums.map((album) => (
              <li key={album.id}>
                <Link href={addressIn(base, 'photos', `album:${album.id}`)} className={styles.album}>
                  <span className={styles.cover}>
                    {album.cover === undefined ? (
                      <PhotoIcon name="album" size={32} />
                    ) : (
                      <img
                        src={contentAddress(id, ['photos', String(album.cover), 'thumbnail'])}
                        alt=""
                        loading="lazy"
                        decoding="async"
                      />
                    )}
                  </span>
                  <bdi className={styles.title}>{album.title === '' ? words.untitled : album.title}</bdi>
                  <span className={styles.soft}>
                    {words.count(album.photos, format)}
                    {album.owner !== undefined && `, ${words.by(album.owner)}`}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {kinds.length > 0 && (
        <Section title={words.kinds}>
          <ul className={styles.kinds}>
            {kinds.map((kind) => (
              <li key={kind}>
                <Link href={addressIn(base, 'photos', kind)} className={styles.kind}>
                  <PhotoIcon name={ICONS[kind]} size={22} />
                  <span>{words.views[kind]}</span>
                  <span className={styles.soft}>{format.number(data.views[kind] ?? 0)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

const ICONS: Readonly<Record<(typeof KINDS)[number], PhotoIconName>> = {
  favorites: 'favorites',
  videos: 'videos',
  live: 'live',
  screenshots: 'screenshots',
  shared: 'shared',
  hidden: 'hidden',
  deleted: 'deleted',
};

/** What a view is called. */
export function useAlbumTitle(data: PhotoAlbums | undefined, view: string): string {
  const words = useWords(photosWords);
  const named: Readonly<Record<string, string>> = words.views;
  if (Object.hasOwn(named, view)) return named[view] ?? words.title;
  const album = data?.albums.find(({ id }) => `album:${id}` === view);
  return album === undefined ? words.title : album.title === '' ? words.untitled : album.title;
}
