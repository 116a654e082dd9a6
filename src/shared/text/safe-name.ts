/** As many UTF-8 bytes as leave room for a number behind a name: file systems take 255 bytes or 255 UTF-16 units. */
const MAX_NAME_BYTES = 200;
/** What follows the last dot counts as an extension up to here; "Mr. Somebody of Somewhere" has none. */
const MAX_EXTENSION_BYTES = 20;

/**
 * What no name may hold on one system or another: separators, wildcards, control characters, line separators, and the
 * marks that turn the direction of reading around and make "exe.jpg" of "gpj.exe".
 */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** Devices of Windows, whatever the extension. */
const RESERVED = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/i;
const PLAIN = /^[A-Za-z0-9_-][A-Za-z0-9 _-]*(?:\.[A-Za-z0-9_-]+)*$/;

export interface SafeNameOptions {
  /** Leaves composed and decomposed letters as they are, for names that other files may refer to. */
  readonly keepForm?: boolean;
}

/**
 * One name, not a path, that Windows, macOS and Linux all take: at most 200 bytes in UTF-8, never empty, "." or "..",
 * without what any of them forbids. The extension stays, letters and emoji stay whole, and accented letters become
 * composed (NFC). Different texts may get the same name: telling them apart is up to the folder they go to.
 *
 * @example
 * safeName('Anna: Fotos?.zip') // 'Anna_ Fotos_.zip'
 */
export function safeName(text: string, { keepForm = false }: SafeNameOptions = {}): string {
  if (text.length <= MAX_NAME_BYTES && PLAIN.test(text) && !RESERVED.test(text) && !text.endsWith(' ')) return text;
  const whole = text.toWellFormed();
  const name = withoutTail((keepForm ? whole : whole.normalize('NFC')).replace(FORBIDDEN, '_'));
  const allowed = RESERVED.test(name) ? `_${name}` : name;
  return shortName(allowed, MAX_NAME_BYTES) || '_';
}

/**
 * The name cut to a number of UTF-8 bytes, at the borders of what people see as one character. An extension stays.
 *
 * @param suffix what goes between the name and its extension: " (2)".
 */
export function shortName(name: string, maxBytes: number, suffix = ''): string {
  if (suffix === '' && (name.length * 3 <= maxBytes || Buffer.byteLength(name) <= maxBytes)) return name;
  const extension = extensionOf(name);
  const stem = name.slice(0, name.length - extension.length);
  const room = maxBytes - Buffer.byteLength(extension) - Buffer.byteLength(suffix);
  const ending = `${suffix}${extension}`;
  const kept = beginning(stem, room);
  return `${ending === '' ? withoutTail(kept) : kept}${ending}`;
}

/** ".jpg" of "IMG_1.jpg"; '' for a name that only begins with a dot. */
function extensionOf(name: string): string {
  const extension = /(?<=.)\.[^. ]+$/su.exec(name)?.[0] ?? '';
  return Buffer.byteLength(extension) <= MAX_EXTENSION_BYTES ? extension : '';
}

/** Windows drops dots and spaces at the end, so that what was written would not be found by its name. */
function withoutTail(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end--;
  return name.slice(0, end);
}

/** Made when first needed: most names are short. */
let segmenter: Intl.Segmenter | undefined;

function beginning(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  segmenter ??= new Intl.Segmenter();
  // A byte is at most one UTF-16 unit: what lies further on cannot fit.
  let taken = 0;
  let bytes = 0;
  for (const { segment, index } of segmenter.segment(text.slice(0, maxBytes + 1))) {
    bytes += Buffer.byteLength(segment);
    if (bytes > maxBytes) break;
    taken = index + segment.length;
  }
  return text.slice(0, taken);
}
