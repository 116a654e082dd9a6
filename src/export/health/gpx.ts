import type { RoutePoint } from '../../content/index.ts';
import { attribute } from './xml.ts';

/** A route as GPX 1.1, which maps and sports programs read: as the Health app itself exports it. */
export function* gpx(name: string, points: Iterable<RoutePoint>): Generator<string, undefined> {
  yield `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Holdfast" xmlns="http://www.topografix.com/GPX/1/1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.topografix.com/GPX/1/1 http://www.topografix.com/GPX/1/1/gpx.xsd">
  <trk>
    <name>${attribute(name)}</name>
    <trkseg>
`;
  for (const point of points) yield trackPoint(point);
  yield '    </trkseg>\n  </trk>\n</gpx>\n';
}

function trackPoint(point: RoutePoint): string {
  const { at, latitude, longitude, altitudeMeters } = point;
  const extensions = [
    ['speed', point.speed],
    ['course', point.courseDegrees],
    ['hAcc', point.horizontalAccuracyMeters],
    ['vAcc', point.verticalAccuracyMeters],
  ] as const;
  const known = extensions.flatMap(([name, value]) =>
    typeof value === 'number' ? [`<${name}>${decimal(value)}</${name}>`] : [],
  );
  return `      <trkpt lat="${decimal(latitude)}" lon="${decimal(longitude)}">${
    typeof altitudeMeters === 'number' ? `<ele>${decimal(altitudeMeters)}</ele>` : ''
  }${at ? `<time>${at.toISOString()}</time>` : ''}${known.length > 0 ? `<extensions>${known.join('')}</extensions>` : ''}</trkpt>\n`;
}

/** Numbers of XML Schema are written out: a ten-millionth of a degree, as near Greenwich, is no "1e-7". */
const decimal = (value: number): string =>
  Math.abs(value) < SHORTENED && value !== 0 ? value.toFixed(DECIMALS) : String(value);

/** Below this JavaScript writes powers of ten. */
const SHORTENED = 1e-6;
/** A millimetre is some 0.00000001 degrees. */
const DECIMALS = 10;
