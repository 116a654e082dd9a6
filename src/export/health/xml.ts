/** What an attribute of XML holds: escaped, without what no XML may hold. Line ends stay, as references. */
export function attribute(text: string): string {
  if (HARMLESS.test(text)) return text;
  return text.replaceAll(NOT_XML, '\ufffd').replaceAll(/[&<>"'\t\n\r]/g, (each) => ESCAPES[each] ?? '');
}

/** Most values are numbers, dates and plain words. */
const HARMLESS = /^[\w .,:;+\-/()%’]*$/;

/** Control characters, and halves of pairs: no XML can hold them. */
const NOT_XML =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** ` name="value"` for each that has a value. */
export function attributes(values: Readonly<Record<string, string | number | undefined | null>>): string {
  let text = '';
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') text += ` ${name}="${attribute(String(value))}"`;
  }
  return text;
}
