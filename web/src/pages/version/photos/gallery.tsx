import { useCallback, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useSearchParams } from 'wouter';
import { PhotoDays, PhotoDetails } from '../../../../../src/contract/index.ts';
import { Button } from '../../../parts/button.tsx';
import { EmptyState, Loaded } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { photosWords } from '../../../words/photos.ts';
import { useWords } from '../../../words/words.ts';
import { contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { PhotoGrid } from './photo-grid.tsx';
import { numberAt, onlyThis, placeOf } from './photo-set.ts';
import { useSelection } from './selection.ts';
import { TakeOutPhotos } from './take-out-photos.tsx';
import { Viewer } from './viewer.tsx';
import styles from './gallery.module.css';

/** The photos of a view: a grid, one of them large, some of them chosen. */
export function Gallery({ view }: { readonly view: string }) {
  const words = useWords(photosWords);
  const { id } = useVersion();
  const query = useQuery(contentQuery(id, ['photos', 'days'], PhotoDays, { view }));
  const empty =
    view === 'library' ? (
      <EmptyState icon="photo" title={words.none}>
        {words.noneHint}
      </EmptyState>
    ) : (
      <EmptyState icon="photo" title={words.noneHere} />
    );
  return (
    <Loaded query={query} lines={8} isEmpty={({ total }) => total === 0} empty={empty}>
      {(photos) => <PhotosShown photos={photos} />}
    </Loaded>
  );
}

/** The photo that is looked at stands in the address: it can be linked to, and back closes it. */
export function PhotosShown({ photos }: { readonly photos: PhotoDays }) {
  const words = useWords(photosWords);
  const format = useFormats();
  const [location, navigate] = useLocation();
  const [search] = useSearchParams();
  const selection = useSelection();
  const [isTakingOut, setTakingOut] = useState(false);
  const wasOpenedHere = useRef(false);
  const asked = search.get('n');
  const place = asked === null ? -1 : placeOf(photos, Number(asked));
  const show = useCallback(
    (next: number, replace: boolean): void => {
      const asking = new URLSearchParams(window.location.search);
      asking.set('n', String(numberAt(photos, next)));
      navigate(`${location}?${asking.toString()}`, { replace });
    },
    [photos, location, navigate],
  );
  const open = useCallback(
    (next: number): void => {
      wasOpenedHere.current = true;
      show(next, false);
    },
    [show],
  );
  const close = (): void => {
    if (wasOpenedHere.current) window.history.back();
    else navigate(location, { replace: true });
    wasOpenedHere.current = false;
  };
  return (
    <div className={styles.gallery}>
      <div className={styles.bar} role="toolbar" aria-label={words.title}>
        <span className={styles.count} role="status">
          {selection.isOn
            ? selection.places.size === 0
              ? words.chooseHint
              : words.chosen(selection.places.size, format)
            : words.count(photos.total, format)}
        </span>
        {selection.isOn ? (
          <>
            <Button
              kind="primary"
              icon="download"
              disabled={selection.places.size === 0}
              onClick={() => setTakingOut(true)}
            >
              {words.takeOut.go}
            </Button>
            <Button onClick={selection.end}>{words.chooseNone}</Button>
          </>
        ) : (
          <Button kind="quiet" icon="check" onClick={selection.begin}>
            {words.select}
          </Button>
        )}
      </div>
      <PhotoGrid
        photos={photos}
        selection={selection}
        onOpen={open}
        lookedAt={place >= 0 && place < photos.total ? place : undefined}
      />
      {place >= 0 && place < photos.total && (
        <Viewer photos={photos} place={place} onGo={(next) => show(next, true)} onClose={close} />
      )}
      {place < 0 && asked !== null && <ApartPhoto n={Number(asked)} onClose={close} />}
      <TakeOutPhotos
        open={isTakingOut}
        onClose={() => setTakingOut(false)}
        numbers={() => [...selection.places].toSorted((a, b) => a - b).map((each) => numberAt(photos, each))}
        count={selection.places.size}
      />
    </div>
  );
}

/** One that the phone keeps apart from this view (hidden, deleted), and that a search has led to. */
function ApartPhoto({ n, onClose }: { readonly n: number; readonly onClose: () => void }) {
  const { id } = useVersion();
  const query = useQuery(contentQuery(id, ['photos', String(n)], PhotoDetails));
  if (query.data === undefined) return null;
  return <Viewer photos={onlyThis(query.data)} place={0} onGo={() => undefined} onClose={onClose} />;
}
