import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { PhotoDays, PhotoPlaces, PhotosAt } from '../../../../../src/contract/index.ts';
import { IconButton } from '../../../parts/button.tsx';
import { Section } from '../../../parts/page.tsx';
import { EmptyState, Loaded } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { photosWords } from '../../../words/photos.ts';
import { useWords } from '../../../words/words.ts';
import { contentAddress, contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { PhotosShown } from './gallery.tsx';
import { LAND_WIDTH, landPath } from './land-path.ts';
import { onlyThese } from './photo-set.ts';
import {
  boxOf,
  showing,
  within,
  worldPx,
  worldX,
  worldY,
  zoomedBy,
  type Box,
  type MapView,
  type Size,
} from './projection.ts';
import styles from './photo-map.module.css';

const WORLD = { west: -180, south: -90, east: 180, north: 90 };
const REST_MS = 300;
const MOST_PHOTOS = 500;
type Cluster = PhotoPlaces['clusters'][number];

/** Where photos were taken: a map drawn here, and under it the photos of what it shows. */
export default function PhotoMap() {
  const words = useWords(photosWords);
  const { id } = useVersion();
  const all = useQuery(contentQuery(id, ['photos', 'places'], PhotoPlaces, { zoom: 3, ...WORLD }));
  return (
    <Loaded
      query={all}
      lines={6}
      isEmpty={({ placed }) => placed === 0}
      empty={
        <EmptyState icon="globe" title={words.places.none}>
          {words.places.noneHint}
        </EmptyState>
      }
    >
      {(places) => <Shown all={places} />}
    </Loaded>
  );
}

function Shown({ all }: { readonly all: PhotoPlaces }) {
  const { places: words } = useWords(photosWords);
  const format = useFormats();
  const { id } = useVersion();
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const [search] = useSearchParams();
  const first = useMemo(() => boxAround(all.clusters, search.get('at')), [all, search]);
  const [moved, setView] = useState<MapView>();
  const view = moved ?? (size === undefined ? undefined : showing(first, size));
  const box = view === undefined || size === undefined ? undefined : boxOf(view, size);
  const settled = useSettled(box);
  const zoom = Math.max(0, Math.floor(view?.zoom ?? 0));
  const near = useQuery({
    ...contentQuery(id, ['photos', 'places'], PhotoPlaces, { zoom, ...rounded(settled ?? WORLD) }),
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <p className={styles.lead}>{words.lead(all.placed, format)}</p>
      <div className={styles.frame} ref={frame}>
        {view !== undefined && size !== undefined && (
          <Plane
            view={view}
            size={size}
            clusters={(near.data ?? all).clusters}
            onMove={(next) => setView(within(next))}
            onWhole={() => setView(showing(boxAround(all.clusters, null), size))}
          />
        )}
      </div>
      {settled !== undefined && <PhotosHere box={settled} />}
    </>
  );
}

interface PlaneProps {
  readonly view: MapView;
  readonly size: Size;
  readonly clusters: readonly Cluster[];
  readonly onMove: (view: MapView) => void;
  readonly onWhole: () => void;
}

function Plane({ view, size, clusters, onMove, onWhole }: PlaneProps) {
  const { places: words } = useWords(photosWords);
  const plane = useRef<HTMLDivElement>(null);
  const held = useRef<{ readonly x: number; readonly y: number; readonly view: MapView }>(undefined);
  const px = worldPx(view.zoom);
  useWheel(plane, (by, atX, atY) => onMove(zoomedBy(view, by, atX - size.width / 2, atY - size.height / 2)));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const step = 80 / px;
    const moves: Readonly<Record<string, MapView>> = {
      ArrowLeft: { ...view, x: view.x - step },
      ArrowRight: { ...view, x: view.x + step },
      ArrowUp: { ...view, y: view.y - step },
      ArrowDown: { ...view, y: view.y + step },
      '+': zoomedBy(view, 1),
      '-': zoomedBy(view, -1),
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onMove(next);
  };
  const drag = (event: PointerEvent): void => {
    const from = held.current;
    if (from === undefined) return;
    onMove({
      ...from.view,
      x: from.view.x - (event.clientX - from.x) / px,
      y: from.view.y - (event.clientY - from.y) / px,
    });
  };
  const scale = px / LAND_WIDTH;
  return (
    <>
      {/* It is moved with the arrow keys and the pointer. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={plane}
        role="application"
        aria-label={`${words.label}. ${words.hint}`}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className={styles.plane}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.target instanceof Element && event.target.closest('button')) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          held.current = { x: event.clientX, y: event.clientY, view };
        }}
        onPointerMove={drag}
        onPointerUp={() => (held.current = undefined)}
        onPointerCancel={() => (held.current = undefined)}
      >
        <svg width={size.width} height={size.height} aria-hidden="true" focusable="false">
          <g transform={`translate(${size.width / 2 - view.x * px} ${size.height / 2 - view.y * px}) scale(${scale})`}>
            <path d={landPath()} className={styles.land} />
          </g>
        </svg>
        {clusters.map((cluster) => (
          <ClusterMark
            key={cluster.n}
            cluster={cluster}
            x={size.width / 2 + (worldX(cluster.longitude) - view.x) * px}
            y={size.height / 2 + (worldY(cluster.latitude) - view.y) * px}
            size={size}
            onOpen={() => onMove(closer(cluster, view, size))}
          />
        ))}
      </div>
      <div className={styles.controls}>
        <IconButton icon="add" label={words.closer} onClick={() => onMove(zoomedBy(view, 1))} />
        <IconButton icon="minus" label={words.wider} onClick={() => onMove(zoomedBy(view, -1))} />
        <IconButton icon="globe" label={words.world} onClick={onWhole} />
      </div>
    </>
  );
}

interface MarkProps {
  readonly cluster: Cluster;
  readonly x: number;
  readonly y: number;
  readonly size: Size;
  readonly onOpen: () => void;
}

function ClusterMark({ cluster, x, y, size, onOpen }: MarkProps) {
  const { places: words } = useWords(photosWords);
  const format = useFormats();
  const { id } = useVersion();
  const [hasPicture, setPicture] = useState(true);
  if (x < -30 || y < -30 || x > size.width + 30 || y > size.height + 30) return null;
  return (
    <button
      type="button"
      className={styles.cluster}
      style={{ transform: `translate(${Math.round(x)}px, ${Math.round(y)}px)` }}
      aria-label={words.cluster(cluster.photos, format)}
      onClick={onOpen}
    >
      {hasPicture && (
        <img
          src={contentAddress(id, ['photos', String(cluster.n), 'thumbnail'])}
          alt=""
          decoding="async"
          draggable={false}
          onError={() => setPicture(false)}
        />
      )}
      <span>{format.number(cluster.photos)}</span>
    </button>
  );
}

/** The photos of what the map shows. */
function PhotosHere({ box }: { readonly box: Box }) {
  const words = useWords(photosWords);
  const format = useFormats();
  const { id } = useVersion();
  const days = useQuery(contentQuery(id, ['photos', 'days'], PhotoDays, { view: 'library' }));
  const here = useQuery({
    ...contentQuery(id, ['photos', 'at'], PhotosAt, { ...rounded(box), limit: MOST_PHOTOS }),
    placeholderData: keepPreviousData,
  });
  const photos = useMemo(
    () => (days.data && here.data ? onlyThese(days.data, here.data.numbers) : undefined),
    [days.data, here.data],
  );
  return (
    <Loaded query={here} lines={3}>
      {({ total }) => (
        <Section
          title={words.places.here(total, format)}
          {...(total > MOST_PHOTOS && { lead: words.places.first(MOST_PHOTOS, format) })}
        >
          {photos !== undefined && photos.total > 0 && <PhotosShown photos={photos} />}
        </Section>
      )}
    </Loaded>
  );
}

/** All that was photographed, or around the one place that is asked for. */
function boxAround(clusters: readonly Cluster[], at: string | null): Box {
  const [latitude = Number.NaN, longitude = Number.NaN] = (at ?? '').split(',').map(Number.parseFloat);
  if (Number.isFinite(latitude) && Number.isFinite(longitude)) {
    return { west: longitude - 0.05, east: longitude + 0.05, south: latitude - 0.03, north: latitude + 0.03 };
  }
  const boxes = clusters.map(({ box }) => box);
  return {
    west: Math.min(...boxes.map(([west]) => west)),
    south: Math.min(...boxes.map(([, south]) => south)),
    east: Math.max(...boxes.map(([, , east]) => east)),
    north: Math.max(...boxes.map(([, , , north]) => north)),
  };
}

function closer({ box, longitude, latitude }: Cluster, view: MapView, size: Size): MapView {
  const [west, south, east, north] = box;
  const next = showing({ west, south, east, north }, size);
  const isNearer = next.zoom > view.zoom + 0.5;
  return isNearer ? next : { x: worldX(longitude), y: worldY(latitude), zoom: view.zoom + 1.5 };
}

/** So that going back and forth asks for the same. */
function rounded({ west, south, east, north }: Box): Box {
  return { west: round(west), south: round(south), east: round(east), north: round(north) };
}

function round(degrees: number): number {
  return Math.round(degrees * 10_000) / 10_000;
}

/** What has stayed for a moment: while the map moves, nothing is asked. */
function useSettled(box: Box | undefined): Box | undefined {
  const [settled, setSettled] = useState<Box>();
  const { west, south, east, north } = box ?? {};
  useEffect(() => {
    if (west === undefined || south === undefined || east === undefined || north === undefined) return undefined;
    const timer = setTimeout(() => setSettled({ west, south, east, north }), REST_MS);
    return () => clearTimeout(timer);
  }, [west, south, east, north]);
  return settled;
}

function useSize(element: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>();
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => entry && setSize(entry.contentRect));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** The wheel brings nearer what is under it. The page does not move along: React's own listener could not keep it. */
function useWheel(element: RefObject<HTMLElement | null>, onTurn: (by: number, x: number, y: number) => void): void {
  const latest = useRef(onTurn);
  useEffect(() => {
    latest.current = onTurn;
  });
  useEffect(() => {
    const target = element.current;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = target?.getBoundingClientRect();
      latest.current(-event.deltaY / 240, event.clientX - (box?.left ?? 0), event.clientY - (box?.top ?? 0));
    };
    target?.addEventListener('wheel', onWheel, { passive: false });
    return () => target?.removeEventListener('wheel', onWheel);
  }, [element]);
}
