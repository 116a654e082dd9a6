import { useEffect, useState, type RefObject } from 'react';
import { rowAt, type GridLayout } from './layout.ts';

/** Rows that are drawn: those in sight, and some around them. */
export interface Sight {
  readonly first: number;
  readonly last: number;
  /** The page rushes by: pictures are not worth loading. */
  readonly isRushing: boolean;
}

/** So much above and below is drawn as well; nothing where the page rushes by, as it is gone before anybody comes to it. */
const AROUND_PX = 400;
/** More than about two windows a second. */
const RUSHING_PX_PER_MS = 3;
const RESTED_MS = 120;

/** Follows the window over the grid. Changes only when other rows come into sight. */
export function useSight(grid: RefObject<HTMLElement | null>, layout: GridLayout): Sight {
  const [sight, setSight] = useState<Sight>({ first: 0, last: 0, isRushing: false });
  useEffect(() => {
    let frame = 0;
    let rest: ReturnType<typeof setTimeout> | undefined;
    let lastTop = 0;
    let lastMs = performance.now();
    const look = (isRushing: boolean): void => {
      if (grid.current === null) return;
      const top = -grid.current.getBoundingClientRect().top;
      const around = isRushing ? 0 : AROUND_PX;
      const first = rowAt(layout, top - around);
      const last = rowAt(layout, top + window.innerHeight + around);
      setSight((old) =>
        old.first === first && old.last === last && old.isRushing === isRushing ? old : { first, last, isRushing },
      );
    };
    const onScroll = (): void => {
      if (frame !== 0) return;
      frame = requestAnimationFrame((now) => {
        frame = 0;
        const speed = Math.abs(window.scrollY - lastTop) / Math.max(1, now - lastMs);
        lastTop = window.scrollY;
        lastMs = now;
        const isRushing = speed > RUSHING_PX_PER_MS;
        look(isRushing);
        clearTimeout(rest);
        if (isRushing) rest = setTimeout(() => look(false), RESTED_MS);
      });
    };
    look(false);
    window.addEventListener('scroll', onScroll, { passive: true });
    window.addEventListener('resize', onScroll, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(rest);
      window.removeEventListener('scroll', onScroll);
      window.removeEventListener('resize', onScroll);
    };
  }, [grid, layout]);
  return sight;
}

/** How wide something is, in whole pixels; 0 until it is known. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
