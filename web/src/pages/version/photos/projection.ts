/** A map by Mercator, as large as the window needs it. The world is a square of side 1, its north-west corner at 0, 0. */
export interface MapView {
  /** What is in the middle, in parts of the world. */
  readonly x: number;
  readonly y: number;
  /** How many times the world has been doubled: it is 256 · 2^zoom pixels wide. */
  readonly zoom: number;
}

export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const TILE_PX = 256;
const MAX_LATITUDE = 85;
const MIN_ZOOM = 0;
const MAX_ZOOM = 17;

export function worldX(longitude: number): number {
  return (longitude + 180) / 360;
}

export function worldY(latitude: number): number {
  const angle = (Math.min(MAX_LATITUDE, Math.max(-MAX_LATITUDE, latitude)) * Math.PI) / 180;
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + angle / 2)) / (2 * Math.PI);
}

export function longitudeAt(x: number): number {
  return x * 360 - 180;
}

export function latitudeAt(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}

/** How many pixels the world is wide. */
export function worldPx(zoom: number): number {
  return TILE_PX * 2 ** zoom;
}

/** Keeps a view on the map. */
export function within({ x, y, zoom }: MapView): MapView {
  return {
    x: Math.min(1, Math.max(0, x)),
    y: Math.min(1, Math.max(0, y)),
    zoom: Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom)),
  };
}

/** What is to be seen. */
export function boxOf({ x, y, zoom }: MapView, { width, height }: Size): Box {
  const [halfX, halfY] = [width / worldPx(zoom) / 2, height / worldPx(zoom) / 2];
  return {
    west: longitudeAt(inWorld(x - halfX)),
    east: longitudeAt(inWorld(x + halfX)),
    north: y - halfY <= 0 ? 90 : latitudeAt(y - halfY),
    south: y + halfY >= 1 ? -90 : latitudeAt(y + halfY),
  };
}

/** The nearest view that shows all of a box, with some room around it. */
export function showing(box: Box, { width, height }: Size): MapView {
  const [left, right] = [worldX(box.west), worldX(box.east)];
  const [top, bottom] = [worldY(box.north), worldY(box.south)];
  const zoom = Math.min(fit(width, right - left), fit(height, bottom - top), 14);
  return within({ x: (left + right) / 2, y: (top + bottom) / 2, zoom });
}

function inWorld(part: number): number {
  return Math.min(1, Math.max(0, part));
}

/** The zoom at which a part of the world takes three quarters of so many pixels. */
function fit(px: number, part: number): number {
  return Math.log2((px * 0.75) / TILE_PX / Math.max(part, 1e-6));
}

/** Nearer or farther, so that what is under a point of the map stays there. Pixels from its middle. */
export function zoomedBy(view: MapView, by: number, atX = 0, atY = 0): MapView {
  const next = within({ ...view, zoom: view.zoom + by });
  const moved = 1 / worldPx(view.zoom) - 1 / worldPx(next.zoom);
  return within({ ...next, x: view.x + atX * moved, y: view.y + atY * moved });
}
