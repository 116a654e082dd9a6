import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { classes } from '../../../parts/classes.ts';
import { photosWords } from '../../../words/photos.ts';
import { useWords } from '../../../words/words.ts';
import type { GridLayout } from './layout.ts';
import { useDays } from './use-days.ts';
import styles from './scrubber.module.css';

interface ScrubberProps {
  readonly grid: RefObject<HTMLElement | null>;
  readonly layout: GridLayout;
}

/** Shown only where there is much to go through. */
const WORTH_IT_PX = 4_000;
/** Years nearer to each other than this, of the whole height, are not written. */
const YEARS_APART = 0.035;

interface Stop {
  readonly y: number;
  readonly day: string;
}

/** Beside the grid: the years, and a handle that goes through all of it at once. */
export function Scrubber({ grid, layout }: ScrubberProps) {
  const words = useWords(photosWords);
  const days = useDays();
  const track = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const [isHeld, setHeld] = useState(false);
  const stops = useMemo(
    () => layout.rows.flatMap(({ y, day }): Stop[] => (day === undefined ? [] : [{ y, day }])),
    [layout],
  );
  const years = useMemo(() => yearsOf(stops, layout.height), [stops, layout]);
  const isWorthIt = layout.height > WORTH_IT_PX;
  useEffect(() => {
    if (!isWorthIt) return undefined;
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const top = -(grid.current?.getBoundingClientRect().top ?? 0);
      setAt(Math.min(1, Math.max(0, top / (layout.height - window.innerHeight / 2))));
    };
    const onScroll = (): void => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    look();
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', onScroll);
    };
  }, [grid, layout, isWorthIt]);
  if (!isWorthIt) return <span />;

  const goTo = (y: number): void => {
    const top = window.scrollY + (grid.current?.getBoundingClientRect().top ?? 0);
    window.scrollTo({ top: top + y - 60, behavior: 'instant' });
  };
  const follow = (event: PointerEvent): void => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined) return;
    const part = Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
    goTo(part * (layout.height - window.innerHeight / 2) + 60);
  };
  const current = stopAt(stops, at * (layout.height - window.innerHeight / 2) + 60);
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, () => Stop | undefined>> = {
      ArrowDown: () => otherStop(stops, current, 7, 1),
      ArrowUp: () => otherStop(stops, current, 7, -1),
      PageDown: () => otherStop(stops, current, 4, 1),
      PageUp: () => otherStop(stops, current, 4, -1),
      Home: () => stops[0],
      End: () => stops.at(-1),
    };
    const stop = steps[event.key]?.();
    if (stop === undefined) return;
    event.preventDefault();
    goTo(stop.y + 1);
  };
  return (
    <div className={styles.side}>
      <div
        ref={track}
        role="slider"
        tabIndex={0}
        aria-label={words.scrubber}
        aria-orientation="vertical"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(at * 100)}
        aria-valuetext={days.month(current?.day ?? '')}
        className={classes(styles.track, isHeld && styles.held)}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setHeld(true);
          follow(event);
        }}
        onPointerMove={(event) => isHeld && follow(event)}
        onPointerUp={() => setHeld(false)}
        onPointerCancel={() => setHeld(false)}
      >
        {years.map(({ year, part }) => (
          <span key={year} className={styles.year} style={{ insetBlockStart: `${part * 100}%` }}>
            {year}
          </span>
        ))}
        <span className={styles.handle} style={{ insetBlockStart: `${at * 100}%` }} />
        <span className={styles.bubble} style={{ insetBlockStart: `${at * 100}%` }}>
          {days.month(current?.day ?? '')}
        </span>
      </div>
    </div>
  );
}

function yearsOf(stops: readonly Stop[], height: number): { year: string; part: number }[] {
  const years: { year: string; part: number }[] = [];
  for (const { y, day } of stops) {
    const year = day.slice(0, 4);
    const last = years.at(-1);
    const part = y / height;
    if (year === '' || last?.year === year) continue;
    if (last === undefined || part - last.part >= YEARS_APART) years.push({ year, part });
  }
  return years;
}

function stopAt(stops: readonly Stop[], y: number): Stop | undefined {
  let low = 0;
  let high = stops.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((stops[middle]?.y ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return stops[low];
}

/** The next day of another month (7 characters of it) or year (4). */
function otherStop(stops: readonly Stop[], current: Stop | undefined, length: number, step: 1 | -1): Stop | undefined {
  if (current === undefined) return stops[0];
  const own = current.day.slice(0, length);
  for (let index = stops.indexOf(current) + step; index >= 0 && index < stops.length; index += step) {
    if (stops[index]?.day.slice(0, length) !== own) return stops[index];
  }
  return step === 1 ? stops.at(-1) : stops[0];
}
