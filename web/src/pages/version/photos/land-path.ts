import { LAND } from './land.ts';
import { worldX, worldY } from './projection.ts';

/** The world of the path is so wide. */
export const LAND_WIDTH = 4096;

let path: string | undefined;

/** The land as the outline of a drawing, by the projection of the map. */
export function landPath(): string {
  path ??= LAND.map(outlineOf).join('');
  return path;
}

function outlineOf(steps: string): string {
  let longitude = 0;
  let latitude = 0;
  let outline = '';
  for (const step of steps.split(' ')) {
    const [x = 0, y = 0] = step.split(',').map(Number);
    longitude += x / 4;
    latitude += y / 4;
    // Land across the line where the days change goes on at the other edge of the map.
    const isJump = outline === '' || Math.abs(x / 4) > 180;
    outline += `${isJump ? 'M' : 'L'}${(worldX(longitude) * LAND_WIDTH).toFixed(1)},${(worldY(latitude) * LAND_WIDTH).toFixed(1)}`;
  }
  return `${outline}Z`;
}
