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
  const points = steps.split(' ').map((step) => {
    const [x = 0, y = 0] = step.split(',').map(Number);
    longitude += x / 4;
    latitude += y / 4;
    return `${(worldX(longitude) * LAND_WIDTH).toFixed(1)},${(worldY(latitude) * LAND_WIDTH).toFixed(1)}`;
  });
  return `M${points.join('L')}Z`;
}
