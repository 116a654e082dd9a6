import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useQuery } from '@tanstack/react-query';
import { PhotoDetails, type PhotoDays } from '../../../../../src/contract/index.ts';
import { IconButton } from '../../../parts/button.tsx';
import { classes } from '../../../parts/classes.ts';
import { photosWords } from '../../../words/photos.ts';
import { useWords } from '../../../words/words.ts';
import { contentAddress, contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { Details } from './details.tsx';
import { dayAt, markAt, numberAt } from './photo-set.ts';
import { Stage } from './stage.tsx';
import { saveFrom } from '../take-out/use-save-zip.ts';
import { useDays } from './use-days.ts';
import styles from './viewer.module.css';

interface ViewerProps {
  readonly photos: PhotoDays;
  readonly place: number;
  readonly onGo: (place: number) => void;
  readonly onClose: () => void;
}

/** So far a finger has to go for the next one. */
const SWIPE_PX = 50;
const WIDE = '(width >= 62rem)';

/** One photo over the whole window. Arrow keys and swiping lead to the next; details stand beside it. */
export function Viewer({ photos, place, onGo, onClose }: ViewerProps) {
  const { viewer: words } = useWords(photosWords);
  const days = useDays();
  const { id } = useVersion();
  const dialog = useRef<HTMLDialogElement>(null);
  const touched = useRef<number>(undefined);
  const [hasDetails, setDetails] = useState(() => matchMedia(WIDE).matches);
  const n = numberAt(photos, place);
  const query = useQuery(contentQuery(id, ['photos', String(n)], PhotoDetails));
  const mark = markAt(photos, place);
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.focus();
  }, []);
  useNeighbours(photos, place);

  const step = (by: 1 | -1): void => {
    const next = place + by;
    if (next >= 0 && next < photos.total) onGo(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLVideoElement || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowRight') step(1);
    else if (event.key === 'ArrowLeft') step(-1);
    else if (event.key === 'i') setDetails(!hasDetails);
    else if (event.key === 'Home') onGo(0);
    else if (event.key === 'End') onGo(photos.total - 1);
    else return;
    event.preventDefault();
  };
  const { day } = dayAt(photos, place);
  const takeOut = (): void =>
    saveFrom(contentAddress(id, ['photos', String(n), 'original']), query.data?.name ?? 'photo');
  const isHere = query.data?.state !== 'not-downloaded' && query.data?.state !== 'not-in-backup';
  return (
    // The keys are those of the window it fills; Escape is the browser's.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className={styles.viewer}
      aria-label={`${words.title}, ${days.whole(day)}`}
      tabIndex={-1}
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      <div className={classes(styles.inside, hasDetails && styles.withDetails)}>
        <header className={styles.bar}>
          <IconButton icon="close" label={words.close} onClick={() => dialog.current?.close()} />
          <span className={styles.day} aria-live="polite">
            <span>{days.whole(day)}</span>
            <span className={styles.soft}>{words.place(place + 1, photos.total, days.format)}</span>
          </span>
          <IconButton icon="download" label={words.takeOut} disabled={!isHere} onClick={takeOut} />
          <IconButton
            icon="information"
            label={words.details}
            aria-pressed={hasDetails}
            onClick={() => setDetails(!hasDetails)}
          />
        </header>
        <div
          className={styles.stage}
          onPointerDown={(event: PointerEvent) => {
            touched.current = event.pointerType === 'touch' ? event.clientX : undefined;
          }}
          onPointerUp={(event: PointerEvent) => {
            const by = touched.current === undefined ? 0 : event.clientX - touched.current;
            touched.current = undefined;
            if (Math.abs(by) > SWIPE_PX) step(by < 0 ? 1 : -1);
          }}
        >
          <Stage key={n} n={n} mark={mark} details={query.data} ratio={(photos.ratios[place] ?? 100) / 100} />
          <IconButton
            className={classes(styles.step, styles.previous)}
            icon="back"
            label={words.previous}
            disabled={place === 0}
            onClick={() => step(-1)}
          />
          <IconButton
            className={classes(styles.step, styles.next)}
            icon="forward"
            label={words.next}
            disabled={place + 1 >= photos.total}
            onClick={() => step(1)}
          />
        </div>
        {hasDetails && (
          // It may be longer than the window: it can be scrolled with the keyboard.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          <section className={styles.details} aria-label={words.details} tabIndex={0}>
            <Details query={query} onClose={() => dialog.current?.close()} />
          </section>
        )}
      </div>
    </dialog>
  );
}

/** Loads what is likely looked at next, once the one that is shown has had its time. */
function useNeighbours(photos: PhotoDays, place: number): void {
  const { id } = useVersion();
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const next of [place + 1, place - 1]) {
        if (next < 0 || next >= photos.total || markAt(photos, next) === 'video') continue;
        new Image().src = contentAddress(id, ['photos', String(numberAt(photos, next)), 'view']);
      }
    }, 400);
    return () => clearTimeout(timer);
  }, [id, photos, place]);
}
