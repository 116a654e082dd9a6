import { lazy } from 'react';
import { useQuery } from '@tanstack/react-query';
import { PhotoAlbums } from '../../../../../src/contract/index.ts';
import { Loaded } from '../../../parts/states.tsx';
import { Tabs } from '../../../parts/tabs.tsx';
import { photosWords } from '../../../words/photos.ts';
import { useWords } from '../../../words/words.ts';
import { KindPage } from '../kind-page.tsx';
import { contentQuery } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';
import { Albums, useAlbumTitle } from './albums.tsx';
import { Gallery } from './gallery.tsx';

/** The outlines of the land come with it. */
const PhotoMap = lazy(() => import('./photo-map.tsx'));

/** Photos: all of them by day, the albums they are in, the places they were taken at. */
export default function PhotosPage() {
  const words = useWords(photosWords);
  const { id, base, rest } = useVersion();
  const [part = 'library'] = rest;
  const photos = addressIn(base, 'photos');
  const tabs = [
    { to: photos, label: words.all },
    { to: addressIn(base, 'photos', 'albums'), label: words.albums },
    { to: addressIn(base, 'photos', 'map'), label: words.map },
  ];
  const albums = useQuery(contentQuery(id, ['photos', 'albums'], PhotoAlbums));
  const title = useAlbumTitle(albums.data, part);
  if (part !== 'library' && part !== 'albums' && part !== 'map') {
    return (
      <KindPage title={title} back={{ to: addressIn(base, 'photos', 'albums'), label: words.albums }}>
        <Gallery key={part} view={part} />
      </KindPage>
    );
  }
  return (
    <KindPage title={words.title}>
      <Tabs label={words.parts} tabs={tabs} current={part === 'library' ? photos : addressIn(base, 'photos', part)} />
      <Loaded query={albums} lines={6}>
        {(data) => (
          <>
            {data.problem !== undefined && <p role="note">{words.problem}</p>}
            {part === 'library' && <Gallery view="library" />}
            {part === 'albums' && <Albums data={data} />}
            {part === 'map' && <PhotoMap />}
          </>
        )}
      </Loaded>
    </KindPage>
  );
}
