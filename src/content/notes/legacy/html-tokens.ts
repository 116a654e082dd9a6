/** HTML as a row of tags and text. It never fails: what cannot be a tag is text, as browsers have it. */

export type HtmlToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string };

/** Elements whose content is no text of the page. */
const RAW = new Set([
  'script',
  'style',
  'textarea',
  'title',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'noscript',
  'plaintext',
]);
const TAG_NAME = /^[a-z][a-z0-9:-]{0,30}/i;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
  copy: '©',
  reg: '®',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  bdquo: '„',
  laquo: '«',
  raquo: '»',
  bull: '•',
  euro: '€',
  shy: '\u00AD',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  ecirc: 'ê',
  agrave: 'à',
  aacute: 'á',
  iacute: 'í',
  oacute: 'ó',
  uacute: 'ú',
  ntilde: 'ñ',
  ccedil: 'ç',
  deg: '°',
  middot: '·',
  times: '×',
};

export function* htmlTokens(source: string): Generator<HtmlToken, undefined> {
  let at = 0;
  while (at < source.length) {
    const start = source.indexOf('<', at);
    const textEnd = start === -1 ? source.length : start;
    if (textEnd > at) yield { kind: 'text', text: withoutEntities(source.slice(at, textEnd)) };
    if (start === -1) return;
    const end = endOfTag(source, start);
    const token = tokenOf(source.slice(start + 1, end - 1), source.slice(start, end));
    if (token) yield token;
    at = token?.kind === 'open' && RAW.has(token.name) ? endOfRaw(source, end, token.name) : end;
  }
}

/** Where the tag that begins here is over: behind its `>` that stands in no quotes; behind `<` when it is no tag. */
function endOfTag(source: string, start: number): number {
  if (source.startsWith('<!--', start)) return endAfter(source, '-->', start);
  if (!/[a-z/!?]/i.test(source[start + 1] ?? '')) return start + 1;
  const simple = endAfter(source, '>', start);
  const quote = /=\s*["'][^"']*$/.exec(source.slice(start, simple))?.[0].replace(/^=\s*/, '')[0];
  if (quote === undefined) return simple;
  const closing = source.indexOf(quote, simple);
  return closing === -1 ? simple : endAfter(source, '>', closing);
}

function endAfter(source: string, what: string, from: number): number {
  const found = source.indexOf(what, from);
  return found === -1 ? source.length : found + what.length;
}

/** Where the content of such an element is over: at its closing tag, which is passed over as well. */
function endOfRaw(source: string, from: number, name: string): number {
  const closing = new RegExp(`</${name}`, 'i');
  const found = source.slice(from).search(closing);
  return found === -1 ? source.length : endAfter(source, '>', from + found);
}

function tokenOf(inside: string, whole: string): HtmlToken | undefined {
  if (whole === '<') return { kind: 'text', text: '<' };
  if (inside.startsWith('!') || inside.startsWith('?')) return undefined;
  const isClosing = inside.startsWith('/');
  const name = TAG_NAME.exec(inside.slice(isClosing ? 1 : 0))?.[0];
  if (name === undefined) return undefined;
  if (isClosing) return { kind: 'close', name: name.toLowerCase() };
  const attributes = new Map<string, string>();
  for (const [, key = '', double, single, bare] of inside.slice(name.length).matchAll(ATTRIBUTE)) {
    const lower = key.toLowerCase();
    if (!attributes.has(lower)) attributes.set(lower, withoutEntities(double ?? single ?? bare ?? ''));
  }
  return { kind: 'open', name: name.toLowerCase(), attributes };
}

function withoutEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? whole) : whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\uFFFD';
  });
}
