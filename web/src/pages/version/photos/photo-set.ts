/** The photos that a grid shows, and what is known of each without asking more. */
import type { PhotoDays, PhotoDetails } from '../../../../../src/contract/index.ts';

export type Mark = 'photo' | 'video' | 'live' | 'elsewhere';

const MARKS: Readonly<Record<string, Mark>> = { v: 'video', l: 'live', c: 'elsewhere' };

export function markAt({ marks }: PhotoDays, place: number): Mark {
  return MARKS[marks[place] ?? ''] ?? 'photo';
}

/** The number of a photo: how the service calls it. */
export function numberAt({ numbers }: PhotoDays, place: number): number {
  return numbers === undefined ? place : (numbers[place] ?? -1);
}

/** Its place in the view; −1 where it is not in it. */
export function placeOf({ numbers, total }: PhotoDays, n: number): number {
  if (numbers !== undefined) return numbers.indexOf(n);
  return n < total ? n : -1;
}

/** The day a photo is on, and which of the day it is. */
export function dayAt({ days }: PhotoDays, place: number): { day: string; inDay: number; count: number } {
  let first = 0;
  for (const [day, count] of days) {
    if (place < first + count) return { day, inDay: place - first, count };
    first += count;
  }
  return { day: '', inDay: 0, count: 0 };
}

/** Where days hold few photos, a heading for each would be mostly headings: then months are told apart ("2026-05"). */
export function inParts(photos: PhotoDays): PhotoDays {
  if (photos.total >= photos.days.length * FEW_A_DAY) return photos;
  const months: [string, number][] = [];
  for (const [day, count] of photos.days) {
    const month = day.slice(0, 7);
    const last = months.at(-1);
    if (last?.[0] === month) last[1] += count;
    else months.push([month, count]);
  }
  return { ...photos, days: months };
}

const FEW_A_DAY = 4;

/** Only some photos of a view, by their numbers, in the order of the view. */
export function onlyThese(all: PhotoDays, numbers: readonly number[]): PhotoDays {
  const wanted = new Set(numbers);
  const days: [string, number][] = [];
  const kept: number[] = [];
  const ratios: number[] = [];
  const seconds: number[] = [];
  let marks = '';
  let place = 0;
  for (const [day, count] of all.days) {
    const before = kept.length;
    for (const end = place + count; place < end; place++) {
      const n = numberAt(all, place);
      if (!wanted.has(n)) continue;
      kept.push(n);
      ratios.push(all.ratios[place] ?? 100);
      seconds.push(all.seconds?.[place] ?? 0);
      marks += all.marks[place] ?? '-';
    }
    if (kept.length > before) days.push([day, kept.length - before]);
  }
  return { view: all.view, total: kept.length, days, numbers: kept, ratios, marks, seconds };
}

/** A view of a single photo. */
export function onlyThis(photo: PhotoDetails): PhotoDays {
  const { n, kind, isLive, widthPx, heightPx } = photo;
  return {
    view: 'library',
    total: 1,
    days: [[(photo.local ?? photo.takenAt ?? '').slice(0, 10), 1]],
    numbers: [n],
    ratios: [widthPx && heightPx ? Math.round((widthPx / heightPx) * 100) : 100],
    marks: kind === 'video' ? 'v' : isLive ? 'l' : '-',
    seconds: [photo.durationSeconds ?? 0],
  };
}
