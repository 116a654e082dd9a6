import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { divide, FIELD, multiply } from './gf256.ts';
import { lineText, readLine } from './share-code.ts';
import { joinShares, lineCount, makeShares, shareInText, shareLines, shareOfLines, type Share } from './shares.ts';
import { joinParts, splitSecret } from './split.ts';

const PASSWORD = 'correct horse battery staple';
const password = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });

describe('the field', () => {
  test('multiplies as AES does', () => {
    // FIPS 197, section 4.2.
    assert.equal(multiply(0x57, 0x83), 0xc1);
    assert.equal(multiply(0x57, 0x13), 0xfe);
    for (let a = 0; a < 256; a++) for (let b = 0; b < 256; b++) assert.equal(multiply(a, b), slowly(a, b));
  });

  test('divides what it multiplied', () => {
    for (let a = 0; a < 256; a++) for (let b = 1; b < 256; b++) assert.equal(divide(multiply(a, b), b), a);
    assert.throws(() => divide(1, 0), RangeError);
  });
});

describe('a secret in parts', () => {
  test('comes back from any of them that are enough', () => {
    const secrets = fc.uint8Array({ minLength: 1, maxLength: 40 });
    const sizes = fc
      .integer({ min: 1, max: 20 })
      .chain((count) => fc.tuple(fc.integer({ min: 1, max: count }), fc.constant(count)));
    fc.assert(
      fc.property(secrets, sizes, fc.infiniteStream(fc.nat()), (secret, [needed, count], choices) => {
        const parts = splitSecret(secret, needed, count);
        const chosen = Array.from(
          { length: needed },
          () => parts.splice((choices.next().value ?? 0) % parts.length, 1)[0],
        );
        assert.deepEqual(joinParts(chosen.filter((part) => part !== undefined)), secret);
      }),
    );
  });

  test('is told by fewer in no way: whatever a part shows, every secret is as likely', () => {
    const shown = 0x5a;
    for (let secret = 0; secret < 256; secret++) {
      const leading = Array.from({ length: 256 }, (_, coefficient) => coefficient).filter((coefficient) => {
        const [, second] = splitSecret(Uint8Array.of(secret), 2, 2, () => Uint8Array.of(coefficient));
        return second?.bytes[0] === shown;
      });
      assert.equal(leading.length, 1);
    }
  });

  test('is not made of impossible numbers', () => {
    for (const [needed, count] of [
      [0, 1],
      [2, 1],
      [1, 256],
      [1.5, 2],
    ] as const) {
      assert.throws(() => splitSecret(Buffer.from('x'), needed, count), RangeError);
    }
  });
});

describe('shares of a password', () => {
  test('give it back when they are enough, printed and typed again', () => {
    fc.assert(
      fc.property(password, fc.integer({ min: 1, max: 6 }), fc.nat(4), (secret, needed, more) => {
        const shares = makeShares(secret, { needed, count: needed + more });
        const typed = shares.map((share) => shareInText(printed(share)));
        assert.deepEqual(
          typed.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] })),
          shares.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] })),
        );
        assert.equal(joinShares(typed.toReversed().slice(0, needed)), secret);
        assert.equal(joinShares(typed), secret);
      }),
      { numRuns: 60 },
    );
  });

  test('are always written in this way', () => {
    const share = makeShares(PASSWORD, { needed: 2, count: 3, random: counting() })[2];
    assert.ok(share !== undefined);
    assert.equal(printed(share), VECTOR);
    assert.equal(shareInText(VECTOR).set, '00010203');
  });

  test('are too few until they are enough, and the same one twice is one', () => {
    const [first, second] = makeShares(PASSWORD, { needed: 3, count: 5 });
    assert.ok(first && second);
    assert.throws(() => joinShares([first, second]), { code: 'USAGE', details: { needed: 3, given: 2 } });
    assert.throws(() => joinShares([first, second, first]), { code: 'USAGE', message: /3 shares are needed/ });
    assert.throws(() => joinShares([]), { code: 'USAGE' });
  });

  test('of two sets do not go together', () => {
    const [one] = makeShares(PASSWORD, { needed: 2, count: 2 });
    const [, other] = makeShares(PASSWORD, { needed: 2, count: 2 });
    assert.ok(one && other);
    assert.throws(() => joinShares([one, other]), { code: 'USAGE', message: /does not belong to the set/ });
    assert.throws(() => joinShares([one, { ...other, set: one.set }]), {
      code: 'FORMAT_INVALID',
      message: /do not make a password/,
    });
  });

  test('do not tell the length of a password by theirs', () => {
    assert.equal(sizeFor('a'), sizeFor('elevenchars'));
    assert.equal(sizeFor('a password of 20 let'), sizeFor('a password of 27 letters ok'));
  });

  test('are not made of what nobody can type', () => {
    assert.throws(() => makeShares('x'.repeat(201), { needed: 1, count: 1 }), { code: 'USAGE' });
    assert.throws(() => makeShares('', { needed: 1, count: 1 }), { code: 'USAGE' });
  });
});

describe('a typed share', () => {
  const [share] = makeShares(PASSWORD, { needed: 2, count: 3, random: counting() });
  const lines = share === undefined ? [] : shareLines(share).map(lineText);

  test('may be in small letters, without spaces, with dashes, with letters that look alike', () => {
    const [first = ''] = lines;
    const bare = first.replace(/^1\s+/, '');
    for (const typed of [
      first,
      bare,
      bare.toLowerCase(),
      bare.replaceAll(' ', ''),
      bare.replaceAll(' ', '-'),
      `1. ${bare}`,
    ]) {
      assert.equal(readLine(typed, 1), bare.replaceAll(' ', '').slice(0, 20), typed);
    }
    assert.equal(readLine(bare.replaceAll('0', 'o').replaceAll('1', 'l'), 1), bare.replaceAll(' ', '').slice(0, 20));
  });

  test('tells at once when a letter is wrong, two changed places, or it is another line', () => {
    const [first = '', second = ''] = lines;
    assert.equal(readLine(second, 1), undefined);
    assert.equal(readLine(first, 2), undefined);
    assert.equal(readLine(first.slice(0, -1), 1), undefined);
    let unnoticed = 0;
    for (let at = 3; at < first.length; at++) {
      const wrong = `${first.slice(0, at)}${first[at] === 'Z' ? 'Y' : 'Z'}${first.slice(at + 1)}`;
      if (first[at] !== ' ' && readLine(wrong, 1) !== undefined) unnoticed++;
    }
    assert.equal(unnoticed, 0);
  });

  test('is found in the page it was printed from, and what is wrong with it is named', () => {
    const html = `<style>.x{width:1 AAAAA}</style><p>Share 1</p>${lines.map((line) => `<div>${line.replace(/(\w{5})/g, '<b>$1</b>')}</div>`).join('')}`;
    assert.deepEqual(shareInText(html), share && { ...share, bytes: Buffer.from(share.bytes) });
    assert.throws(() => shareInText('nothing here'), { code: 'FORMAT_INVALID', message: /no share/ });
    assert.throws(() => shareInText(lines.slice(1).join('\n')), { message: /line 1 of the share is missing/ });
    assert.throws(() => shareInText(lines.join('\n').replace(/^4  ./m, '4  X')), {
      message: /line 4 .* not typed right/,
    });
    assert.throws(() => shareInText(lines.slice(0, -1).join('\n')), { message: /line 5 of the share is missing/ });
    const prose = `There were 3 times three green cards in it.\n`;
    assert.ok(shareInText(prose + lines.join('\n')));
  });

  test('knows how many lines it has from the first', () => {
    for (const length of [1, 11, 12, 27, 28, 60, 200]) {
      const [some] = makeShares('x'.repeat(length), { needed: 1, count: 1 });
      assert.ok(some !== undefined);
      const texts = shareLines(some);
      assert.equal(lineCount(texts[0]?.groups.join('') ?? ''), texts.length);
    }
  });

  test('of another version is refused', () => {
    const letters = '20'.padEnd(20, '0');
    assert.throws(() => shareOfLines([letters]), { message: /does not know/ });
  });
});

/** The third of three, two of which are needed, with 0, 1, 2, … for random bytes. */
const VECTOR = `1  04106 0R004 10643 CCNXP  YJ
2  MZKXD 4T7YZ B38DB 1CNTX  PA
3  9D75R PJJ1S F50HJ J9M2P  9R
4  6SK5D HQPMT BRFDZ 7TX3Q  CW
5  E9RHN TP1K4 H1DX9 10000  3A`;

const printed = (share: Share): string => shareLines(share).map(lineText).join('\n');

const sizeFor = (secret: string): number => makeShares(secret, { needed: 1, count: 1 })[0]?.bytes.length ?? 0;

/** 0, 1, 2, … in the place of random bytes. */
function counting(): (sizeBytes: number) => Uint8Array {
  let next = 0;
  return (sizeBytes) => Uint8Array.from({ length: sizeBytes }, () => next++ & 0xff);
}

/** Multiplication as one learns it: shift and add, reduce when it overflows. */
function slowly(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = product & 0x80 ? ((product << 1) ^ FIELD.reducedBy) & 0xff : product << 1;
    if (b & (1 << bit)) product ^= a;
  }
  return product;
}
