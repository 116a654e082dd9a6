import assert from 'node:assert/strict';

/** A property of a vCard as a reader finds it. */
export interface ReadProperty {
  readonly name: string;
  readonly group: string | undefined;
  readonly parameters: readonly (readonly [string, string])[];
  readonly value: string;
}

const LINE =
  /^(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"\n]*"|[^",;:\n]*)(?:,(?:"[^"\n]*"|[^",;:\n]*))*)*):(.*)$/s;

/** Reads cards as strictly as the RFCs are written: whatever is not as they say fails the test. */
export function readVcards(text: string): ReadProperty[][] {
  assert.ok(text.endsWith('\r\n'));
  const lines = text.slice(0, -2).split('\r\n');
  for (const line of lines) {
    assert.ok(Buffer.byteLength(line) <= 75, `a line of ${Buffer.byteLength(line)} bytes`);
    assert.ok(line.isWellFormed() && !line.includes('\uFFFD'));
    // oxlint-disable-next-line no-control-regex -- they are what may not be there
    assert.doesNotMatch(line, /[\0-\x08\x0A-\x1F\x7F]/);
  }
  const cards: ReadProperty[][] = [];
  for (const line of lines.join('\r\n').replaceAll('\r\n ', '').split('\r\n')) {
    const property = readLine(line);
    if (property.name === 'BEGIN') cards.push([]);
    cards.at(-1)?.push(property);
  }
  for (const card of cards) checkCard(card);
  return cards;
}

function readLine(line: string): ReadProperty {
  const [, group, name = '', parameters = '', value = ''] = LINE.exec(line) ?? assert.fail(`no property: ${line}`);
  const list = [...parameters.matchAll(/;([A-Za-z0-9-]+)=("[^"]*"|[^;]*)/g)].map(
    ([, key = '', each = '']) => [key, each.replace(/^"(.*)"$/s, '$1')] as const,
  );
  return { group, name, parameters: list, value };
}

function checkCard(card: readonly ReadProperty[]): void {
  const names = card.map(({ name }) => name);
  assert.deepEqual([names[0], names[1], names.at(-1)], ['BEGIN', 'VERSION', 'END']);
  for (const once of ['BEGIN', 'END', 'VERSION', 'N', 'UID', 'BDAY', 'REV', 'PRODID', 'FN']) {
    assert.ok(names.filter((name) => name === once).length <= 1, `${once} twice`);
  }
  assert.ok(names.includes('FN') && names.includes('N'));
  for (const { group, name } of card) {
    if (name === 'X-ABLabel')
      assert.equal(card.filter((each) => each.group === group && each.name !== name).length > 0, true);
  }
}

/** Takes back what a text value escapes; anything escaped that need not be fails. */
export function unescaped(text: string): string {
  return text.replace(/\\(.)|[,;]/gs, (all, escaped: string | undefined) => {
    assert.ok(escaped !== undefined && '\\;,n'.includes(escaped), `${all} stands alone`);
    return escaped === 'n' ? '\n' : escaped;
  });
}

/** The parts of a structured value. */
export function partsOf(value: string): string[] {
  const parts = [''];
  for (const token of value.match(/\\.|[^\\]/gs) ?? []) {
    if (token === ';') parts.push('');
    else parts.push(`${parts.pop()}${token}`);
  }
  return parts.map(unescaped);
}
