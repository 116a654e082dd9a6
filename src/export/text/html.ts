/**
 * Pages that open anywhere, offline, for decades: one file, no script, nothing loaded from elsewhere. Whatever comes
 * out of a backup is text in them and never markup.
 */
import { escapeHtml } from '../../shared/text/escape-html.ts';

/** Markup that may stand in a page as it is. Made by `html` only, so that no text of a backup becomes it by accident. */
export class Markup {
  readonly text: string;

  /** @param text markup, escaped already. */
  constructor(text: string) {
    this.text = text;
  }
}

type Insertable = Markup | string | number | undefined | null | false | readonly Insertable[];

/** Markup from a template: every value in it is escaped, except markup; absent ones come out empty, lists joined. */
export function html(strings: TemplateStringsArray, ...values: readonly Insertable[]): Markup {
  let text = strings[0] ?? '';
  values.forEach((value, i) => {
    text += inserted(value) + (strings[i + 1] ?? '');
  });
  return new Markup(text);
}

function inserted(value: Insertable): string {
  if (value === undefined || value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return value.map(inserted).join('');
}

/** A relative address of a file that lies beside the page; each part is encoded, so that no name leads elsewhere. */
export function fileAddress(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** An address out of a backup that may be followed, or undefined: `javascript:` and its like are no links. */
export function safeLink(address: string): string | undefined {
  return /^(?:https?|mailto|tel|sms|facetime):/i.test(address.trim()) ? address.trim() : undefined;
}

export interface PageOptions {
  readonly title: string;
  /** BCP 47: "en", "de". */
  readonly language?: string;
  /** Rules of this page, after the common ones. Ours alone: nothing from a backup. */
  readonly style?: string;
}

/** Nothing runs and nothing is fetched, whatever got into the page. */
const POLICY =
  "default-src 'none'; img-src 'self' data: file:; media-src 'self' file:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The look all pages share: the system's typeface, one accent, light and dark, good on paper. */
const COMMON_STYLE = `
:root { color-scheme: light dark; --text: #1d1d1f; --quiet: #6e6e73; --line: #e3e3e6; --page: #fff; --soft: #f5f5f7; --accent: #0a64c8; }
@media (prefers-color-scheme: dark) { :root { --text: #f2f2f4; --quiet: #a1a1a8; --line: #38383c; --page: #17171a; --soft: #242428; --accent: #6cb2ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .35rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
a { color: var(--accent); } .quiet { color: var(--quiet); font-size: .875rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); } th { font-weight: 600; }
img, video { max-width: 100%; height: auto; } audio { max-width: 100%; }
@media print { :root { color-scheme: light; --text: #000; --quiet: #444; --line: #bbb; --page: #fff; --soft: #f3f3f3; --accent: #000; } main { max-width: none; padding: 0; } a { text-decoration: none; } thead { display: table-header-group; } tr { break-inside: avoid; } }
`;

/** A page up to where its content begins: write it, then the content piece by piece, then `pageEnd`. */
export function pageStart({ title, language = 'en', style = '' }: PageOptions): string {
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${COMMON_STYLE}${style}</style>
</head>
<body>
<main>
`;
}

export const pageEnd = '</main>\n</body>\n</html>\n';

/** A whole small page. */
export const page = (options: PageOptions, content: Markup): string =>
  `${pageStart(options)}${content.text}\n${pageEnd}`;
