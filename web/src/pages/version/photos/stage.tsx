import { useState } from 'react';
import type { PhotoDetails } from '../../../../../src/contract/index.ts';
import { classes } from '../../../parts/classes.ts';
import { Icon } from '../../../parts/icon.tsx';
import { photosWords } from '../../../words/photos.ts';
import { useWords } from '../../../words/words.ts';
import { hasNoPicture } from '../has-no-picture.ts';
import { contentAddress } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { PhotoIcon } from './photo-icon.tsx';
import type { Mark } from './photo-set.ts';
import styles from './stage.module.css';

interface StageProps {
  readonly n: number;
  readonly mark: Mark;
  readonly details: PhotoDetails | undefined;
  /** Width divided by height. */
  readonly ratio: number;
}

/** The photo itself, as large as there is room; films play, Live Photos while they are pressed. */
export function Stage({ n, mark, details, ratio }: StageProps) {
  const { viewer: words } = useWords(photosWords);
  const { id } = useVersion();
  const [isBroken, setBroken] = useState(false);
  const at = (what: string): string => contentAddress(id, ['photos', String(n), what]);
  const missing =
    details?.state === 'not-downloaded' || details?.state === 'not-in-backup' ? words[details.state] : undefined;
  const isFilm = mark === 'video' || details?.kind === 'video';
  if ((isBroken && (isFilm || mark !== 'live')) || missing !== undefined)
    return (
      <Unshown
        text={missing ?? (isFilm ? words.unplayable : words.unshown)}
        thumbnail={at('thumbnail')}
        film={isFilm && missing === undefined ? at('film') : undefined}
      />
    );
  if (isFilm) {
    return (
      // What was filmed on a phone has no captions.
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      <video
        className={styles.film}
        src={at('film')}
        poster={at('thumbnail')}
        aria-label={details?.name}
        controls
        playsInline
        preload="metadata"
        onLoadedMetadata={(event) => setBroken(hasNoPicture(event))}
        onError={() => setBroken(true)}
      />
    );
  }
  const name = details === undefined || details.name === '' ? words.title : details.name;
  const picture = (
    <Picture // Of a Live Photo whose large picture nobody can make, the film still plays over the small one.
      key={String(isBroken)}
      view={at(isBroken ? 'thumbnail' : 'view')}
      small={at('thumbnail')}
      name={name}
      ratio={ratio}
      onBroken={() => setBroken(true)}
    />
  );
  return (
    <>
      {mark === 'live' ? <Live film={at('film')}>{picture}</Live> : picture}
      {details?.state === 'smaller-copy' && <p className={styles.remark}>{words['smaller-copy']}</p>}
    </>
  );
}

interface PictureProps {
  readonly view: string;
  readonly small: string;
  readonly name: string;
  readonly ratio: number;
  readonly onBroken: () => void;
}

/** The small picture stands there until the large one is decoded. */
function Picture({ view, small, name, ratio, onBroken }: PictureProps) {
  const [isThere, setThere] = useState(false);
  return (
    <span className={styles.picture}>
      {!isThere && <img className={styles.small} src={small} alt="" style={{ aspectRatio: ratio }} />}
      <img
        className={classes(styles.large, !isThere && styles.coming)}
        src={view}
        alt={name}
        decoding="async"
        draggable={false}
        onLoad={() => setThere(true)}
        onError={onBroken}
      />
    </span>
  );
}

/** Plays while the pointer or a finger is on the badge or the picture is pressed; a press of the badge keeps it playing. */
function Live({ film, children }: { readonly film: string; readonly children: React.ReactNode }) {
  const { viewer: words } = useWords(photosWords);
  const grid = useWords(photosWords);
  const [isPressed, setPressed] = useState(false);
  const [isKept, setKept] = useState(false);
  const [isUnplayable, setUnplayable] = useState(false);
  const isPlaying = (isPressed || isKept) && !isUnplayable;
  return (
    <div
      className={styles.live}
      onPointerDown={() => setPressed(true)}
      onPointerUp={() => setPressed(false)}
      onPointerLeave={() => setPressed(false)}
      onPointerCancel={() => setPressed(false)}
    >
      {children}
      {isPlaying && (
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video
          className={styles.moving}
          src={film}
          autoPlay
          playsInline
          aria-label={grid.live}
          onEnded={() => setKept(false)}
          onLoadedMetadata={(event) => setUnplayable(hasNoPicture(event))}
          onError={() => setUnplayable(true)}
        />
      )}
      {isUnplayable ? (
        <p className={styles.unplayable} role="status">
          <span>{words.unplayable}</span>
          <FilmLink film={film} />
        </p>
      ) : (
        <button
          type="button"
          className={styles.badge}
          aria-pressed={isKept}
          aria-label={isKept ? words.pause : words.play}
          onPointerDown={(event) => event.stopPropagation()}
          onPointerEnter={(event) => event.pointerType === 'mouse' && setPressed(true)}
          onPointerLeave={() => setPressed(false)}
          onClick={() => setKept(!isKept)}
        >
          <PhotoIcon name="live" />
          Live
        </button>
      )}
    </div>
  );
}

/** The film alone, for other programs. */
function FilmLink({ film }: { readonly film: string }) {
  const { viewer: words } = useWords(photosWords);
  return (
    // A press on it is no press on the picture.
    <a href={film} download onPointerDown={(event) => event.stopPropagation()}>
      <Icon name="download" size={18} /> {words.takeOutFilm}
    </a>
  );
}

interface UnshownProps {
  readonly text: string;
  readonly thumbnail: string;
  /** Where its film is, which does not play. */
  readonly film: string | undefined;
}

function Unshown({ text, thumbnail, film }: UnshownProps) {
  const [hasPicture, setPicture] = useState(true);
  return (
    <div className={styles.unshown}>
      {hasPicture ? (
        <img src={thumbnail} alt="" onError={() => setPicture(false)} />
      ) : (
        <PhotoIcon name="cloud" size={40} />
      )}
      <p>{text}</p>
      {film !== undefined && <FilmLink film={film} />}
    </div>
  );
}
