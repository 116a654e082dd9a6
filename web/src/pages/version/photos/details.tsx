import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { PhotoDetails } from '../../../../../src/contract/index.ts';
import { Facts } from '../../../parts/facts.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { Loaded } from '../../../parts/states.tsx';
import { exactTime, writeDate } from '../../../telling/time.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { useLanguage } from '../../../words/language.ts';
import { photosWords } from '../../../words/photos.ts';
import { useWords } from '../../../words/words.ts';
import { fileAddress } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';
import { clock } from './clock.ts';
import styles from './details.module.css';

interface DetailsProps {
  readonly query: UseQueryResult<PhotoDetails>;
  readonly onClose: () => void;
}

/** What is known of one photo. */
export function Details({ query, onClose }: DetailsProps) {
  return (
    <Loaded query={query} lines={6}>
      {(photo) => <Known photo={photo} onClose={onClose} />}
    </Loaded>
  );
}

function Known({ photo, onClose }: { readonly photo: PhotoDetails; readonly onClose: () => void }) {
  const { details: words } = useWords(photosWords);
  const language = useLanguage();
  const format = useFormats();
  const { base } = useVersion();
  const { camera, position } = photo;
  const size = [
    photo.widthPx && photo.heightPx ? words.pixels(photo.widthPx, photo.heightPx) : undefined,
    photo.sizeBytes === undefined ? undefined : format.bytes(photo.sizeBytes),
  ];
  const marks = [
    photo.isFavorite && words.favorite,
    photo.isHidden && words.hidden,
    photo.isEdited && words.edited,
  ].filter((mark) => typeof mark === 'string');
  const add = (at: string | undefined): string | undefined =>
    at === undefined ? undefined : exactTime(new Date(at), language);
  return (
    <div className={styles.details}>
      {photo.title !== undefined && <Text>{photo.title}</Text>}
      {photo.caption !== undefined && <Text>{photo.caption}</Text>}
      <Facts
        facts={[
          { name: words.taken, value: taken(photo, language) },
          { name: words.name, value: photo.name === '' ? undefined : <bdi className={styles.name}>{photo.name}</bdi> },
          { name: words.size, value: size.filter((each) => each !== undefined).join(', ') },
          {
            name: words.length,
            value: photo.durationSeconds && photo.kind === 'video' ? clock(photo.durationSeconds) : '',
          },
          { name: words.camera, value: [camera?.make, camera?.model].filter(Boolean).join(' ') },
          { name: words.lens, value: camera?.lens },
          { name: words.exposure, value: exposureOf(camera, language) },
          { name: words.traits, value: format.list(marks) },
          { name: words.people, value: format.list(photo.people) },
          { name: words.keywords, value: format.list(photo.keywords) },
          {
            name: words.albums,
            value: photo.albums.length > 0 && (
              <ul>
                {photo.albums.map(({ id, title }) => (
                  <li key={id}>
                    <Link href={addressIn(base, 'photos', `album:${id}`)} onClick={onClose}>
                      <bdi>{title}</bdi>
                    </Link>
                  </li>
                ))}
              </ul>
            ),
          },
          {
            name: words.place,
            value: (photo.address ?? position) && (
              <>
                {photo.address !== undefined && <bdi className={styles.block}>{photo.address}</bdi>}
                {position !== undefined && (
                  <Link
                    href={`${addressIn(base, 'photos', 'map')}?at=${position.latitude.toFixed(5)},${position.longitude.toFixed(5)}`}
                    onClick={onClose}
                  >
                    {words.onMap}
                  </Link>
                )}
              </>
            ),
          },
          { name: words.added, value: add(photo.addedAt) },
          { name: words.deleted, value: add(photo.deletedAt) },
        ]}
      />
      <Files photo={photo} />
    </div>
  );
}

function Text({ children }: { readonly children: ReactNode }) {
  return (
    <p className={styles.text}>
      <bdi>{children}</bdi>
    </p>
  );
}

function Files({ photo }: { readonly photo: PhotoDetails }) {
  const { details: words } = useWords(photosWords);
  const format = useFormats();
  const { id } = useVersion();
  const files = photo.files.filter(({ file, state }) => file !== undefined && state === 'in-backup');
  if (files.length === 0) return null;
  return (
    <section aria-label={words.files}>
      <h3>{words.files}</h3>
      <ul className={styles.files}>
        {files.map((each) => (
          <li key={each.file}>
            <a href={fileAddress(id, each.file ?? '', 'original')} download={each.name}>
              <Icon name="download" size={18} />
              <bdi className={styles.name}>{each.name}</bdi>
            </a>
            {each.sizeBytes !== undefined && <span className={styles.soft}>{format.bytes(each.sizeBytes)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** By the clock where it was taken, which is what people remember. */
function taken({ local, takenAt }: PhotoDetails, language: 'de' | 'en'): string | undefined {
  const at = local ?? takenAt;
  return at === undefined ? undefined : writeDate(new Date(at), language, { dateStyle: 'full', timeStyle: 'short' });
}

function exposureOf(camera: PhotoDetails['camera'], language: 'de' | 'en'): string {
  const write = (value: number): string => value.toLocaleString(language, { maximumFractionDigits: 1 });
  const seconds = camera?.exposureSeconds;
  return [
    seconds === undefined
      ? ''
      : seconds > 0 && seconds < 0.5
        ? `1/${Math.round(1 / seconds)} s`
        : `${write(seconds)} s`,
    camera?.aperture === undefined ? '' : `ƒ/${write(camera.aperture)}`,
    camera?.focalLengthMm === undefined ? '' : `${write(camera.focalLengthMm)} mm`,
    camera?.iso === undefined ? '' : `ISO ${write(camera.iso)}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
