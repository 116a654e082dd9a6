import { memo, useEffect, useRef, useState, type MouseEvent } from 'react';
import { classes } from '../../../parts/classes.ts';
import { contentAddress } from '../version-queries.ts';
import { PhotoIcon } from './photo-icon.tsx';
import type { Mark } from './photo-set.ts';
import styles from './tile.module.css';

interface TileProps {
  /** Of the version. */
  readonly id: string;
  readonly n: number;
  readonly place: number;
  readonly left: number;
  readonly width: number;
  readonly mark: Mark;
  readonly length: string;
  readonly label: string;
  readonly selectLabel: string;
  readonly column: number;
  readonly isChosen: boolean;
  readonly isChoosing: boolean;
  /** The one that the keyboard stands on. */
  readonly isActive: boolean;
  /** Not while the page rushes by. What was loaded once stays. */
  readonly isLoading: boolean;
  readonly onPress: (place: number, event: MouseEvent) => void;
  readonly onChoose: (place: number, isRange: boolean) => void;
}

/** How long the pointer rests before a Live Photo moves, and how long a finger before it chooses. */
const REST_MS = 250;
const HOLD_MS = 450;

/** One photo of the grid. */
export const Tile = memo(function Tile(props: TileProps) {
  const { id, n, place, left, width, mark, length, label, isChosen, isChoosing, isActive } = props;
  const [isWanted, setWanted] = useState(props.isLoading);
  const [isBroken, setBroken] = useState(false);
  const [isPlaying, setPlaying] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wasHeld = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (props.isLoading && !isWanted) setWanted(true);
  const rest = (run: () => void, ms: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(run, ms);
  };
  const leave = (): void => {
    clearTimeout(timer.current);
    setPlaying(false);
  };
  return (
    <div
      role="gridcell"
      aria-colindex={props.column}
      aria-selected={isChosen}
      className={classes(styles.tile, isChosen && styles.chosen, isChoosing && styles.choosing)}
      style={{ insetInlineStart: left, inlineSize: width }}
      onPointerEnter={(event) => {
        if (mark === 'live' && event.pointerType === 'mouse' && movesAreWelcome())
          rest(() => setPlaying(true), REST_MS);
      }}
      onPointerLeave={leave}
    >
      <button
        type="button"
        className={styles.picture}
        data-place={place}
        tabIndex={isActive ? 0 : -1}
        aria-label={label}
        onClick={(event) => {
          if (wasHeld.current) wasHeld.current = false;
          else props.onPress(place, event);
        }}
        onPointerDown={(event) => {
          wasHeld.current = false;
          if (event.pointerType !== 'touch') return;
          rest(() => {
            wasHeld.current = true;
            props.onChoose(place, false);
          }, HOLD_MS);
        }}
        onPointerUp={() => clearTimeout(timer.current)}
        onPointerCancel={() => clearTimeout(timer.current)}
        onContextMenu={(event) => wasHeld.current && event.preventDefault()}
      >
        {isWanted && !isBroken && (
          <img
            ref={stopLoading}
            src={contentAddress(id, ['photos', String(n), 'thumbnail'])}
            alt=""
            decoding="async"
            draggable={false}
            onError={() => setBroken(true)}
          />
        )}
        {isBroken && (
          <span className={styles.shape}>
            <PhotoIcon name={mark === 'video' ? 'videos' : mark === 'elsewhere' ? 'cloud' : 'album'} size={26} />
          </span>
        )}
        {isPlaying && (
          // What was filmed on a phone has no captions.
          // oxlint-disable-next-line jsx-a11y/media-has-caption
          <video
            src={contentAddress(id, ['photos', String(n), 'film'])}
            autoPlay
            muted
            playsInline
            loop
            onError={leave}
          />
        )}
        {mark !== 'photo' && (
          <span className={styles.mark}>
            {length}
            {mark !== 'video' && <PhotoIcon name={mark === 'live' ? 'live' : 'cloud'} size={15} />}
            {mark === 'video' && length === '' && <PhotoIcon name="videos" size={15} />}
          </span>
        )}
      </button>
      <button
        type="button"
        className={styles.check}
        tabIndex={-1}
        aria-label={props.selectLabel}
        aria-pressed={isChosen}
        onClick={(event) => props.onChoose(place, event.shiftKey)}
      >
        <span>
          <PhotoIcon name="check" size={16} />
        </span>
      </button>
    </div>
  );
});

/** What is scrolled away before it came is not waited for: the line is free for what is in sight. */
function stopLoading(image: HTMLImageElement | null): (() => void) | undefined {
  if (image === null) return undefined;
  return () => {
    if (!image.complete) image.removeAttribute('src');
  };
}

function movesAreWelcome(): boolean {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}
