/** iCalendar as RFC 5545 writes it: components of properties, escaped, folded, each line ended by CR LF. */

/** One line: a name, its parameters, and a value that is in the form of its type already. */
export interface Property {
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly value: string;
}

export interface Component {
  /** "VEVENT" */
  readonly name: string;
  readonly properties: readonly Property[];
  readonly components: readonly Component[];
}

const MAX_LINE_BYTES = 75;

/** A property whose value needs no escaping: a date, a number, a rule, an address. */
export function property(name: string, value: string, parameters: Property['parameters'] = []): Property {
  return { name, parameters, value: oneLine(value) };
}

/** A property that holds text; several texts make a list. */
export function textProperty(
  name: string,
  text: string | readonly string[],
  parameters: Property['parameters'] = [],
): Property {
  const values = typeof text === 'string' ? [text] : text;
  return { name, parameters, value: values.map(escapeText).join(',') };
}

export function component(
  name: string,
  properties: readonly (Property | undefined | false | null | '')[],
  components: readonly Component[] = [],
): Component {
  return { name, properties: properties.filter((each) => typeof each === 'object' && each !== null), components };
}

/** The text of a component, a line at a time. */
export function* componentLines({ name, properties, components }: Component): Generator<string, undefined> {
  yield `BEGIN:${name}\r\n`;
  for (const each of properties) yield propertyLine(each);
  for (const each of components) yield* componentLines(each);
  yield `END:${name}\r\n`;
}

function propertyLine({ name, parameters, value }: Property): string {
  const list = parameters.map(([key, text]) => `;${key}=${parameterValue(text)}`).join('');
  return folded(`${name}${list}:${value}`);
}

/** Text within a value: RFC 5545 §3.3.11. Line ends of every system become one. */
function escapeText(text: string): string {
  return withoutControls(text.toWellFormed().replaceAll(/\r\n?|\u2028|\u2029/g, '\n')).replaceAll(/[\\;,\n]/g, (each) =>
    each === '\n' ? '\\n' : `\\${each}`,
  );
}

/** Quotes and line ends within a parameter as RFC 6868 has them; quoted where it holds what separates. */
function parameterValue(text: string): string {
  const encoded = withoutControls(text.toWellFormed().replaceAll(/\r\n?/g, '\n')).replaceAll(/[\^\n"]/g, (each) =>
    each === '"' ? "^'" : each === '\n' ? '^n' : '^^',
  );
  return /[:;,]/.test(encoded) ? `"${encoded}"` : encoded;
}

/** No value may break its line, whatever an address out of a backup holds. */
const oneLine = (value: string): string => withoutControls(value.toWellFormed()).replaceAll(/[\n\t]/g, ' ');

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const withoutControls = (text: string): string => text.replaceAll(/[\0-\x08\x0B-\x1F\x7F]/g, '');

/** Lines are at most 75 bytes; what continues them begins with a space. Characters stay whole. */
function folded(line: string): string {
  if (line.length * 3 <= MAX_LINE_BYTES || Buffer.byteLength(line) <= MAX_LINE_BYTES) return `${line}\r\n`;
  const lines: string[] = [];
  let current = '';
  let bytes = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > MAX_LINE_BYTES) {
      lines.push(current);
      current = ' ';
      bytes = 1;
    }
    current += character;
    bytes += size;
  }
  return `${[...lines, current].join('\r\n')}\r\n`;
}
