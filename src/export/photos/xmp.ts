import type { Photo } from '../../content/index.ts';
import { localTimeOf } from './photo-folders.ts';

/** What photo programs make of a favourite. */
const FAVORITE_RATING = 5;

const NAMESPACES = {
  dc: 'http://purl.org/dc/elements/1.1/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  exif: 'http://ns.adobe.com/exif/1.0/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  lr: 'http://ns.adobe.com/lightroom/1.0/',
  digiKam: 'http://www.digikam.org/ns/1.0/',
  Iptc4xmpCore: 'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/',
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
} as const;

/**
 * An XMP sidecar (ISO 16684-1): what Photos knows of a picture and the picture itself does not, in the words that
 * Lightroom, digiKam, Immich and the like read. Albums become hierarchical keywords below "Albums".
 */
export function xmpSidecar(photo: Photo, timeZone: string): string {
  const albums = photo.albums.flatMap(({ title, folders }) => (title === null ? [] : [[...folders, title]]));
  const taken = photo.takenAt && timeWithOffset(photo, photo.takenAt, timeZone);
  const { position, camera } = photo;
  const properties = [
    alternatives('dc:title', photo.title),
    alternatives('dc:description', photo.caption),
    list('dc:subject', 'Bag', [...(photo.keywords ?? []), ...(photo.people ?? [])]),
    list(
      'lr:hierarchicalSubject',
      'Bag',
      albums.map((path) => ['Albums', ...path].map(withoutBar).join('|')),
    ),
    list(
      'digiKam:TagsList',
      'Seq',
      albums.map((path) => ['Albums', ...path].map(withoutSlash).join('/')),
    ),
    list('Iptc4xmpExt:PersonInImage', 'Bag', photo.people ?? []),
    text('Iptc4xmpCore:Location', photo.address),
    text('xmp:CreateDate', taken),
    text('photoshop:DateCreated', taken),
    text('exif:DateTimeOriginal', taken),
    text('xmp:ModifyDate', photo.modifiedAt && timeWithOffset(photo, photo.modifiedAt, timeZone)),
    text('xmp:Rating', photo.isFavorite === true ? String(FAVORITE_RATING) : undefined),
    text('exif:GPSLatitude', position && degreesAndMinutes(position.latitude, 'N', 'S')),
    text('exif:GPSLongitude', position && degreesAndMinutes(position.longitude, 'E', 'W')),
    text('exif:GPSHPositioningError', position?.accuracyM === undefined ? undefined : String(position.accuracyM)),
    text('tiff:Make', camera?.make),
    text('tiff:Model', camera?.model),
  ].filter((each) => each !== '');
  const namespaces = Object.entries(NAMESPACES).map(([prefix, uri]) => `    xmlns:${prefix}="${uri}"`);
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Holdfast">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
${namespaces.join('\n')}>
${properties.map((each) => `   ${each}\n`).join('')}  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
`;
}

function timeWithOffset(photo: Photo, at: Date, timeZone: string): string {
  const { wall, offset } = localTimeOf(photo, at, timeZone);
  return `${wall}${offset}`;
}

const text = (name: string, value: string | null | undefined): string =>
  value ? `<${name}>${escapeXml(value)}</${name}>` : '';

const list = (name: string, kind: 'Bag' | 'Seq', values: readonly string[]): string =>
  values.length === 0
    ? ''
    : `<${name}><rdf:${kind}>${values.map((each) => `<rdf:li>${escapeXml(each)}</rdf:li>`).join('')}</rdf:${kind}></${name}>`;

/** A text that could be in several languages, and is in one. */
const alternatives = (name: string, value: string | null | undefined): string =>
  value ? `<${name}><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(value)}</rdf:li></rdf:Alt></${name}>` : '';

/** "47,39.618000N": degrees, and minutes with their fraction. */
function degreesAndMinutes(value: number, positive: string, negative: string): string {
  const size = Math.abs(value);
  const degrees = Math.floor(size);
  const minutes = ((size - degrees) * 60).toFixed(6);
  return `${degrees},${minutes}${value < 0 ? negative : positive}`;
}

const withoutBar = (name: string): string => name.replaceAll('|', '/');
const withoutSlash = (name: string): string => name.replaceAll('/', '|');

/** Characters that XML 1.0 cannot hold, not even escaped. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const NOT_IN_XML = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

function escapeXml(value: string): string {
  return value
    .toWellFormed()
    .replace(NOT_IN_XML, '\uFFFD')
    .replace(/[&<>"\r]/g, (each) => ESCAPES[each] ?? '');
}
