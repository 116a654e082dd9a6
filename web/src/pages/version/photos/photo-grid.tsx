import { memo, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { PhotoDays } from '../../../../../src/contract/index.ts';
import { photosWords } from '../../../words/photos.ts';
import { useWords } from '../../../words/words.ts';
import { useVersion } from '../version.ts';
import { layOut, placeBeside, rowOf, shapeOf, type GridLayout, type GridRow } from './layout.ts';
import { clock } from './clock.ts';
import { dayAt, inParts, markAt, numberAt } from './photo-set.ts';
import { PhotoIcon } from './photo-icon.tsx';
import { Scrubber } from './scrubber.tsx';
import type { Selection } from './selection.ts';
import { Tile } from './tile.tsx';
import { useDays } from './use-days.ts';
import { useSight, useWidth } from './use-sight.ts';
import styles from './photo-grid.module.css';

interface PhotoGridProps {
  readonly photos: PhotoDays;
  readonly selection: Selection;
  readonly onOpen: (place: number) => void;
  /** The one that was looked at last: the keyboard goes on from there. */
  readonly lookedAt: number | undefined;
}

const NARROW_PX = 700;

/** Photos day by day, in lines as wide as the page. Of 50,000, those in sight are there. */
export function PhotoGrid({ photos: all, selection, onOpen, lookedAt }: PhotoGridProps) {
  const words = useWords(photosWords);
  const photos = useMemo(() => inParts(all), [all]);
  const grid = useRef<HTMLDivElement>(null);
  const width = useWidth(grid);
  const layout = useMemo(() => {
    const isNarrow = width < NARROW_PX;
    const measures = {
      width,
      rowHeight: isNarrow ? 118 : 196,
      gap: isNarrow ? 2 : 4,
      headingHeight: isNarrow ? 44 : 52,
    };
    return layOut(width === 0 ? { days: [], ratios: [] } : photos, measures);
  }, [photos, width]);
  const sight = useSight(grid, layout);
  const [active, setActive] = useState(0);
  const [isInside, setInside] = useState(false);
  const wantsFocus = useRef(false);
  if (lookedAt !== undefined && lookedAt !== active) setActive(lookedAt);

  const go = (place: number): void => {
    wantsFocus.current = true;
    setActive(place);
    scrollTo(grid.current, layout.rows[rowOf(layout, place)]);
  };
  // What is gone to may have to be drawn first.
  useEffect(() => {
    if (!wantsFocus.current) return;
    if (focusOn(grid.current, active)) wantsFocus.current = false;
  });
  // Where the viewer was left is where one wants to be: the page goes along, and the focus comes back to it.
  const wasLooking = useRef(false);
  useEffect(() => {
    if (lookedAt !== undefined) scrollTo(grid.current, layout.rows[rowOf(layout, lookedAt)]);
    else if (wasLooking.current) focusOn(grid.current, active);
    wasLooking.current = lookedAt !== undefined;
  }, [lookedAt, layout, active]);

  const { isOn, toggle } = selection;
  const onPress = useCallback(
    (place: number, event: MouseEvent) => {
      setActive(place);
      if (isOn || event.shiftKey || event.ctrlKey || event.metaKey) toggle(place, event.shiftKey);
      else onOpen(place);
    },
    [isOn, toggle, onOpen],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    const last = photos.total - 1;
    const row = layout.rows[rowOf(layout, active)];
    const whole = event.ctrlKey || event.metaKey;
    const steps: Readonly<Record<string, () => number>> = {
      ArrowRight: () => Math.min(last, active + 1),
      ArrowLeft: () => Math.max(0, active - 1),
      ArrowDown: () => placeBeside(photos, layout, active, 1),
      ArrowUp: () => placeBeside(photos, layout, active, -1),
      PageDown: () => lines(photos, layout, active, 1),
      PageUp: () => lines(photos, layout, active, -1),
      Home: () => (whole ? 0 : (row?.from ?? 0)),
      End: () => (whole ? last : (row?.to ?? 1) - 1),
    };
    const step = steps[event.key];
    if (event.key === ' ' || event.key === 'x') toggle(active, event.shiftKey);
    else if (event.key === 'Escape' && isOn) selection.end();
    else if (step !== undefined) go(step());
    else return;
    event.preventDefault();
  };

  const shown = rowsIn(layout, sight.first, sight.last, isInside ? rowOf(layout, active) : -1);
  const isActiveShown = shown.some((index) => {
    const row = layout.rows[index];
    return row !== undefined && row.day === undefined && active >= row.from && active < row.to;
  });
  return (
    <div className={styles.around}>
      {/* The keys work on the photo that has the focus; the grid itself takes it where that one is not drawn. */}
      <div
        ref={grid}
        role="grid"
        aria-label={words.grid}
        aria-rowcount={layout.rows.length}
        aria-multiselectable
        className={styles.grid}
        style={{ blockSize: layout.height }}
        tabIndex={isActiveShown ? -1 : 0}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          setInside(true);
          if (event.target === event.currentTarget) go(firstInSight(grid.current, layout));
        }}
        onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setInside(false)}
      >
        {shown.map((index) => {
          const row = layout.rows[index];
          if (row === undefined) return null;
          return row.day === undefined ? (
            <PhotoLine
              key={index}
              row={row}
              index={index}
              photos={photos}
              width={width}
              selection={selection}
              active={active}
              isLoading={!sight.isRushing}
              onPress={onPress}
            />
          ) : (
            <DayLine key={index} row={row} index={index} day={row.day} selection={selection} />
          );
        })}
      </div>
      <Scrubber grid={grid} layout={layout} />
    </div>
  );
}

interface LineProps {
  readonly row: GridRow;
  readonly index: number;
  readonly selection: Selection;
}

interface PhotoLineProps extends LineProps {
  readonly photos: PhotoDays;
  readonly width: number;
  readonly active: number;
  readonly isLoading: boolean;
  readonly onPress: (place: number, event: MouseEvent) => void;
}

const PhotoLine = memo(function PhotoLine(props: PhotoLineProps) {
  const { row, index, photos, width, selection, active, isLoading, onPress } = props;
  const words = useWords(photosWords);
  const { id } = useVersion();
  const days = useDays();
  const { day, inDay, count } = dayAt(photos, row.from);
  const gap = width < NARROW_PX ? 2 : 4;
  const lefts = leftsOf(photos, row, gap);
  const tiles = Array.from({ length: row.to - row.from }, (_, column) => {
    const place = row.from + column;
    const tileWidth = shapeOf(photos, place) * row.height;
    const mark = markAt(photos, place);
    const seconds = photos.seconds?.[place] ?? 0;
    const length = mark === 'video' && seconds > 0 ? clock(seconds) : '';
    const label = `${words[mark]} ${length} ${words.placeOnDay(inDay + column + 1, count, days.whole(day), days.format)}`;
    return (
      <Tile
        key={place}
        id={id}
        n={numberAt(photos, place)}
        place={place}
        left={lefts[column] ?? 0}
        width={tileWidth}
        mark={mark}
        length={length}
        label={label}
        selectLabel={`${words.select}: ${label}`}
        column={column + 1}
        isChosen={selection.places.has(place)}
        isChoosing={selection.isOn}
        isActive={place === active}
        isLoading={isLoading}
        onPress={onPress}
        onChoose={selection.toggle}
      />
    );
  });
  return (
    <div role="row" aria-rowindex={index + 1} className={styles.row} style={placeOfRow(row)}>
      {tiles}
    </div>
  );
});

const DayLine = memo(function DayLine({ row, index, day, selection }: LineProps & { readonly day: string }) {
  const words = useWords(photosWords);
  const days = useDays();
  const written = days.whole(day);
  let isAll = selection.isOn;
  for (let place = row.from; isAll && place < row.to; place++) isAll = selection.places.has(place);
  return (
    <div role="row" aria-rowindex={index + 1} className={styles.heading} style={placeOfRow(row)}>
      <span role="rowheader">{written}</span>
      {selection.isOn && (
        <span role="gridcell">
          <button
            type="button"
            aria-pressed={isAll}
            aria-label={isAll ? words.unselectDay(written) : words.selectDay(written)}
            onClick={() => selection.setAll(row.from, row.to, !isAll)}
          >
            <PhotoIcon name="check" size={16} />
          </button>
        </span>
      )}
    </div>
  );
});

function leftsOf(photos: PhotoDays, row: GridRow, gap: number): number[] {
  const lefts: number[] = [];
  let left = 0;
  for (let place = row.from; place < row.to; place++) {
    lefts.push(left);
    left += shapeOf(photos, place) * row.height + gap;
  }
  return lefts;
}

function placeOfRow({ y, height }: GridRow): { transform: string; blockSize: number } {
  return { transform: `translateY(${y}px)`, blockSize: height };
}

/** Those in sight, and the one that the keyboard stands in wherever it is: drawn away, it would lose the focus. */
function rowsIn({ rows }: GridLayout, first: number, last: number, kept: number): number[] {
  const shown: number[] = [];
  if (kept >= 0 && kept < first && kept < rows.length) shown.push(kept);
  for (let index = first; index <= last && index < rows.length; index++) shown.push(index);
  if (kept > last && kept < rows.length) shown.push(kept);
  return shown;
}

const LINES_OF_A_PAGE = 4;

function lines(photos: PhotoDays, layout: GridLayout, place: number, step: 1 | -1): number {
  let at = place;
  for (let line = 0; line < LINES_OF_A_PAGE; line++) at = placeBeside(photos, layout, at, step);
  return at;
}

/** Whether it is drawn. */
function focusOn(grid: HTMLElement | null, place: number): boolean {
  const tile = grid?.querySelector<HTMLElement>(`[data-place="${place}"]`);
  tile?.focus({ preventScroll: true });
  return tile !== null && tile !== undefined;
}

function firstInSight(grid: HTMLElement | null, layout: GridLayout): number {
  const top = -(grid?.getBoundingClientRect().top ?? 0);
  return layout.rows.find((row) => row.day === undefined && row.y >= top)?.from ?? 0;
}

/** Brings a row into sight where it is not. */
function scrollTo(grid: HTMLElement | null, row: GridRow | undefined): void {
  if (grid === null || row === undefined) return;
  const top = grid.getBoundingClientRect().top + row.y;
  const bottom = top + row.height;
  const room = window.innerHeight - 90;
  if (top >= 60 && bottom <= room) return;
  const by = top < 60 ? top - 70 : bottom - room;
  window.scrollBy({ top: by, behavior: 'instant' });
}
