/** Where every photo of a grid stands: worked out once for all of them, so that only what is in sight has to be drawn. */
import type { PhotoDays } from '../../../../../src/contract/index.ts';

/** One line of the grid: the heading of a day, or photos side by side. Lengths in pixels. */
export interface GridRow {
  readonly y: number;
  readonly height: number;
  /** Place of its first photo in the list; of a heading, of the day's first. */
  readonly from: number;
  /** Place behind its last photo. */
  readonly to: number;
  /** The day whose heading it is. */
  readonly day?: string;
}

export interface GridLayout {
  readonly height: number;
  readonly rows: readonly GridRow[];
}

export interface GridMeasures {
  readonly width: number;
  /** How high photos are about; rows are made to fit by making them lower. */
  readonly rowHeight: number;
  readonly gap: number;
  readonly headingHeight: number;
}

type Photos = Pick<PhotoDays, 'days' | 'ratios'>;

/** Panoramas and strips are cut rather than taking the whole line, or no place at all. */
const NARROWEST = 0.5;
const WIDEST = 2.6;

/** Width divided by height of the place a photo gets. */
export function shapeOf({ ratios }: Photos, place: number): number {
  return Math.min(WIDEST, Math.max(NARROWEST, (ratios[place] ?? 100) / 100));
}

/** Lays photos out day by day, each line as wide as the grid but the last of a day. */
export function layOut(photos: Photos, measures: GridMeasures): GridLayout {
  const { width, rowHeight, gap, headingHeight } = measures;
  const rows: GridRow[] = [];
  let y = 0;
  let first = 0;
  for (const [day, count] of photos.days) {
    const end = first + count;
    rows.push({ y, height: headingHeight, from: first, to: end, day });
    y += headingHeight;
    let from = first;
    let shapes = 0;
    for (let place = first; place < end; place++) {
      shapes += shapeOf(photos, place);
      const gaps = gap * (place - from);
      const isFull = shapes * rowHeight + gaps >= width;
      if (!isFull && place + 1 < end) continue;
      const height = isFull ? (width - gaps) / shapes : rowHeight;
      rows.push({ y, height, from, to: place + 1 });
      y += height + gap;
      from = place + 1;
      shapes = 0;
    }
    first = end;
  }
  return { height: y, rows };
}

/** The row at a height, or the last above it. */
export function rowAt({ rows }: GridLayout, y: number): number {
  return lastWhere(rows, (row) => row.y <= y);
}

/** The row of photos that a place is in. */
export function rowOf({ rows }: GridLayout, place: number): number {
  return lastWhere(rows, (row) => row.from <= place);
}

/** The place a line further up or down that stands nearest; the same where there is none. */
export function placeBeside(photos: Photos, layout: GridLayout, place: number, step: 1 | -1): number {
  const own = layout.rows[rowOf(layout, place)];
  if (own === undefined) return place;
  const wanted = middleOf(photos, own, place);
  for (let at = rowOf(layout, place) + step; ; at += step) {
    const row = layout.rows[at];
    if (row === undefined) return place;
    if (row.day !== undefined) continue;
    let best = row.from;
    for (let each = row.from; each < row.to; each++) {
      if (Math.abs(middleOf(photos, row, each) - wanted) < Math.abs(middleOf(photos, row, best) - wanted)) best = each;
    }
    return best;
  }
}

function middleOf(photos: Photos, row: GridRow, place: number): number {
  let x = 0;
  for (let each = row.from; each < place; each++) x += shapeOf(photos, each) * row.height;
  return x + (shapeOf(photos, place) * row.height) / 2;
}

/** Index of the last that fits, in a list where all that fit come first; 0 where none does. */
function lastWhere(rows: readonly GridRow[], fits: (row: GridRow) => boolean): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const row = rows[middle];
    if (row !== undefined && fits(row)) low = middle;
    else high = middle - 1;
  }
  return low;
}
