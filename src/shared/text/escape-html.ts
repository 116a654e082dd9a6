/** Text for a page or an attribute. Control characters, which no page may hold, come out as the mark of a lost one. */
export function escapeHtml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.replace(/[&<>"'`]/g, (each) => ESCAPES[each] ?? '').replace(/[\0-\x08\x0B\x0C\x0E-\x1F\x7F]/g, '\uFFFD');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
