/** A strict reader of iCalendar, written from RFC 5545 and RFC 6868 alone: what the writer is checked against. */
import assert from 'node:assert/strict';
import type { Component, Property } from './icalendar.ts';

/** Reads one component. Fails on anything that the standard does not allow. */
export function readICalendar(text: string): Component {
  assert.ok(text.endsWith('\r\n'), 'the last line has no end');
  const lines = text.slice(0, -2).split('\r\n');
  for (const line of lines) {
    assert.doesNotMatch(line, /[\r\n]/, 'a line end by itself');
    assert.ok(Buffer.byteLength(line) <= 75, `a line of ${Buffer.byteLength(line)} bytes`);
    assert.ok(line.isWellFormed(), 'a character was cut in two');
  }
  const unfolded: string[] = [];
  for (const line of lines) {
    if (!line.startsWith(' ')) unfolded.push(line);
    else unfolded.push(`${unfolded.pop()}${line.slice(1)}`);
  }
  const rest = unfolded.map(readLine);
  const [first, ...others] = rest;
  assert.ok(first?.name === 'BEGIN');
  const found = readComponent(first.value, others);
  assert.equal(others.length, 0, 'something follows the end');
  return found;
}

function readComponent(name: string, lines: Property[]): Component {
  const properties: Property[] = [];
  const components: Component[] = [];
  for (;;) {
    const line = lines.shift();
    assert.ok(line !== undefined, `${name} has no end`);
    if (line.name === 'END') {
      assert.equal(line.value, name);
      return { name, properties, components };
    }
    if (line.name === 'BEGIN') components.push(readComponent(line.value, lines));
    else properties.push(line);
  }
}

function readLine(line: string): Property {
  const name = /^[A-Z0-9-]+/.exec(line)?.[0];
  assert.ok(name !== undefined, `no name in ${line}`);
  const parameters: [string, string][] = [];
  let rest = line.slice(name.length);
  while (rest.startsWith(';')) {
    // oxlint-disable-next-line no-control-regex -- the standard forbids them
    const match = /^;([A-Z0-9-]+)=(?:"([^"\0-\x08\x0A-\x1F\x7F]*)"|([^";:,\0-\x08\x0A-\x1F\x7F]*))/.exec(rest);
    assert.ok(match?.[1] !== undefined, `no parameter in ${rest}`);
    parameters.push([match[1], decodeParameter(match[2] ?? match[3] ?? '')]);
    rest = rest.slice(match[0].length);
  }
  assert.ok(rest.startsWith(':'), `no value in ${line}`);
  return { name, parameters, value: rest.slice(1) };
}

const decodeParameter = (text: string): string =>
  text.replaceAll(/\^[n'^]/g, (each) => (each === '^n' ? '\n' : each === "^'" ? '"' : '^'));

/** The texts of a value: RFC 5545 §3.3.11. */
export function readTexts(value: string): string[] {
  const texts: string[] = [];
  let text = '';
  for (let i = 0; i < value.length; i++) {
    const character = value[i];
    assert.ok(character !== ';', 'a semicolon that is not escaped');
    if (character === ',') {
      texts.push(text);
      text = '';
    } else if (character === '\\') {
      const next = value[++i];
      assert.ok(next !== undefined && '\\;,nN'.includes(next), `\\${next} is no escape`);
      text += next === 'n' || next === 'N' ? '\n' : next;
    } else text += character;
  }
  return [...texts, text];
}

/** The value of a property of a component, as one text. */
export function textOf({ properties }: Component, name: string): string | undefined {
  const found = properties.find((each) => each.name === name);
  return found && readTexts(found.value).join(',');
}

/** A property as it stands: "DTSTART;TZID=Europe/Berlin:20260106T193000". */
export function lineOf({ properties }: Component, name: string): string | undefined {
  return linesOf({ properties }, name)[0];
}

export function linesOf({ properties }: Pick<Component, 'properties'>, name: string): string[] {
  return properties
    .filter((each) => each.name === name)
    .map(({ parameters, value }) => `${[name, ...parameters.map((pair) => pair.join('='))].join(';')}:${value}`);
}
