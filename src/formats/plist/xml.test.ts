import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeXmlPlist, encodeXmlPlist, PlistReal, PlistUid, PreciseDate, type PlistValue } from '../index.ts';

const plist = (content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">${content}</plist>\n`;

describe('decodeXmlPlist', () => {
  for (const { what, xml, expected } of [
    {
      what: 'text with entities',
      xml: '<string>&lt;a&gt; &amp;&quot;&apos;&#65;&#x1F600;</string>',
      expected: '<a> &"\'A😀',
    },
    { what: 'CDATA', xml: '<string>a<![CDATA[<b>&amp;]]>c</string>', expected: 'a<b>&amp;c' },
    { what: 'a comment inside text', xml: '<string>a<!-- no -->b</string>', expected: 'ab' },
    { what: 'white space in text as it is', xml: '<string> a\n\tb </string>', expected: ' a\n\tb ' },
    { what: 'control characters that XML forbids', xml: '<string>a\u0001b</string>', expected: 'a\u0001b' },
    { what: 'an empty string', xml: '<string></string>', expected: '' },
    { what: 'an empty string, short', xml: '<string/>', expected: '' },
    { what: 'an integer', xml: '<integer> 42\n</integer>', expected: 42 },
    { what: 'a negative integer', xml: '<integer>-9223372036854775808</integer>', expected: -(2n ** 63n) },
    { what: 'a large integer', xml: '<integer>18446744073709551615</integer>', expected: 2n ** 64n - 1n },
    { what: 'an integer with leading zeros', xml: '<integer>+00000000000000000007</integer>', expected: 7 },
    { what: 'a hexadecimal integer', xml: '<integer>0xFF</integer>', expected: 255 },
    { what: 'a real', xml: '<real>1.5e3</real>', expected: new PlistReal(1500) },
    { what: 'a whole real', xml: '<real>3</real>', expected: new PlistReal(3) },
    { what: 'infinity', xml: '<real>-infinity</real>', expected: new PlistReal(-Infinity) },
    { what: 'infinity, short', xml: '<real>+inf</real>', expected: new PlistReal(Infinity) },
    { what: 'not a number', xml: '<real>nan</real>', expected: new PlistReal(NaN) },
    { what: 'data over several lines', xml: '<data>\n\t\taGVs\n\t\tbG8=\n\t</data>', expected: Buffer.from('hello') },
    { what: 'no data', xml: '<data/>', expected: Buffer.alloc(0) },
    { what: 'a date', xml: '<date>2026-11-22T10:20:30Z</date>', expected: new Date('2026-11-22T10:20:30Z') },
    { what: 'a leap day', xml: '<date>2024-02-29T00:00:00Z</date>', expected: new Date('2024-02-29T00:00:00Z') },
    {
      what: 'a date before the common era',
      xml: '<date>-0001-03-01T00:00:00Z</date>',
      expected: new Date('-000001-03-01T00:00:00Z'),
    },
    {
      what: 'a fraction of a second',
      xml: '<date>2001-01-01T00:00:00.25Z</date>',
      expected: new Date('2001-01-01T00:00:00.250Z'),
    },
    { what: 'true', xml: '<true/>', expected: true },
    { what: 'false, long', xml: '<false></false>', expected: false },
    { what: 'an empty array', xml: '<array/>', expected: [] },
    { what: 'an empty dictionary, long', xml: '<dict>\n</dict>', expected: {} },
    {
      what: 'tags with spaces and attributes',
      xml: '<dict ><key x="1">a</key ><array\n>\n</array ></dict>',
      expected: { a: [] },
    },
    {
      what: 'comments between elements',
      xml: '<!-- a > b --><array><!----><true/><!-- x --></array>',
      expected: [true],
    },
    {
      what: 'the UID of a keyed archive',
      xml: '<dict><key>CF$UID</key><integer>7</integer></dict>',
      expected: new PlistUid(7),
    },
    {
      what: 'a dictionary that only looks like a UID',
      xml: '<dict><key>CF$UID</key><string>7</string></dict>',
      expected: { CF$UID: '7' },
    },
  ] satisfies { what: string; xml: string; expected: PlistValue }[]) {
    test(`reads ${what}`, () => {
      assert.deepEqual(decodeXmlPlist(plist(xml)), expected);
    });
  }

  test('makes an own property of any key', () => {
    const value = decodeXmlPlist(plist('<dict><key>__proto__</key><dict><key>admin</key><true/></dict></dict>'));
    assert.deepEqual(Object.keys(value as object), ['__proto__']);
    assert.equal((value as { admin?: boolean }).admin, undefined);
  });

  test('skips a document type with declarations, and does not use them', () => {
    const type = '<!DOCTYPE plist [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>';
    assert.equal(decodeXmlPlist(`<?xml version="1.0"?>${type}<plist><string>x</string></plist>`), 'x');
    assert.throws(() => decodeXmlPlist(`${type}<plist><string>&b;</string></plist>`), { name: 'FormatError' });
  });

  test('takes a value without the plist element, and anything after its end', () => {
    assert.equal(decodeXmlPlist('<string>x</string>'), 'x');
    assert.equal(decodeXmlPlist(`${plist('<true/>')}\n\0\0rubbish`), true);
  });

  test('reads other encodings, by byte order mark or declaration', () => {
    const text = '<?xml version="1.0" encoding="ENCODING"?><plist><string>é</string></plist>';
    const utf16 = Buffer.from(`\ufeff${text.replace('ENCODING', 'UTF-16')}`, 'utf16le');
    assert.equal(decodeXmlPlist(utf16), 'é');
    assert.equal(decodeXmlPlist(Buffer.from(utf16).swap16()), 'é');
    assert.equal(decodeXmlPlist(Buffer.from(text.replace('ENCODING', 'iso-8859-1'), 'latin1')), 'é');
    assert.equal(decodeXmlPlist(Buffer.from(`\ufeff${text.replace('ENCODING', 'utf-8')}`)), 'é');
    assert.throws(() => decodeXmlPlist(Buffer.from(text.replace('ENCODING', 'klingon'))), { name: 'FormatError' });
  });

  for (const { what, xml } of [
    { what: 'nothing', xml: '' },
    { what: 'an empty list', xml: plist('') },
    { what: 'an empty list, short', xml: '<plist/>' },
    { what: 'two values', xml: plist('<true/><true/>') },
    { what: 'an unknown element', xml: plist('<blob>x</blob>') },
    { what: 'text between elements', xml: plist('<dict>x</dict>') },
    { what: 'a value without a key', xml: plist('<dict><true/></dict>') },
    { what: 'a key without a value', xml: plist('<dict><key>a</key></dict>') },
    { what: 'a dictionary that does not end', xml: '<plist><dict><key>a</key><true/>' },
    { what: 'text that does not end', xml: '<plist><string>abc' },
    { what: 'a tag that does not end', xml: '<plist><string' },
    { what: 'a comment that does not end', xml: '<plist><!-- ' },
    { what: 'CDATA that does not end', xml: '<plist><string><![CDATA[x</string></plist>' },
    { what: 'tags that cross', xml: plist('<array><string>x</array></string>') },
    { what: 'a tag closed by a longer one', xml: plist('<string>x</strings>') },
    { what: 'an element inside text', xml: plist('<string>a<true/></string>') },
    { what: 'content in true', xml: plist('<true>yes</true>') },
    { what: 'an integer that is none', xml: plist('<integer>4x</integer>') },
    { what: 'an empty integer', xml: plist('<integer/>') },
    { what: 'an integer beyond 64 bits', xml: plist('<integer>18446744073709551616</integer>') },
    { what: 'a very long integer', xml: plist(`<integer>${'9'.repeat(100_000)}</integer>`) },
    { what: 'a real that is none', xml: plist(`<real>${'1'.repeat(100_000)}x</real>`) },
    { what: 'a day that does not exist', xml: plist('<date>2023-02-29T00:00:00Z</date>') },
    { what: 'a date of another form', xml: plist('<date>22 November 2026</date>') },
    { what: 'data that is no base64', xml: plist('<data>a*b</data>') },
    { what: 'an unknown entity', xml: plist('<string>&nbsp;</string>') },
    { what: 'an entity that does not end', xml: plist('<string>&amp</string>') },
    { what: 'an entity that ends too far away', xml: plist('<string>&amp and more;</string>') },
    { what: 'millions of ampersands', xml: plist(`<string>${'&'.repeat(5_000_000)}</string>`) },
    { what: 'a wrong entity after many right ones', xml: plist(`<string>${'&lt;'.repeat(9_000)}&;</string>`) },
    { what: 'a character beyond Unicode', xml: plist('<string>&#x110000;</string>') },
    { what: 'nesting beyond reason', xml: `<plist>${'<array>'.repeat(100_000)}` },
    { what: 'nesting of dictionaries beyond reason', xml: `<plist>${'<dict><key>a</key>'.repeat(100_000)}` },
    { what: 'document types without end', xml: '<!DOCTYPE a>'.repeat(100_000) },
  ]) {
    test(`refuses ${what}`, () => {
      assert.throws(() => decodeXmlPlist(xml), { name: 'FormatError' });
    });
  }
});

describe('encodeXmlPlist', () => {
  test('writes what Apple writes', () => {
    const value = {
      text: 'a & b < c > d "e"',
      number: 42,
      real: new PlistReal(0.5),
      yes: true,
      when: new Date('2026-11-22T10:20:30.900Z'),
      data: Buffer.alloc(60, 'abc'),
      none: {},
      nothing: [],
      list: ['é', new PlistUid(5)],
    };
    const expected = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>text</key>
	<string>a &amp; b &lt; c &gt; d "e"</string>
	<key>number</key>
	<integer>42</integer>
	<key>real</key>
	<real>0.5</real>
	<key>yes</key>
	<true/>
	<key>when</key>
	<date>2026-11-22T10:20:30Z</date>
	<key>data</key>
	<data>
	YWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJj
	YWJjYWJjYWJj
	</data>
	<key>none</key>
	<dict/>
	<key>nothing</key>
	<array/>
	<key>list</key>
	<array>
		<string>é</string>
		<dict>
			<key>CF$UID</key>
			<integer>5</integer>
		</dict>
	</array>
</dict>
</plist>
`;
    assert.equal(encodeXmlPlist(value).toString(), expected);
  });

  test('leaves out characters that XML forbids', () => {
    assert.equal(decodeXmlPlist(encodeXmlPlist('a\u0000b\u0001\u001b\uffff\tc\r\nd')), 'ab\tc\r\nd');
  });

  test('escapes carriage returns, which XML parsers would turn into line feeds', () => {
    assert.match(encodeXmlPlist('a\r\nb').toString(), /a&#13;\nb/);
  });

  test('reads back text that is nothing but entities, however many', () => {
    for (const count of [1, 4095, 4096, 4097, 100_003]) {
      const text = 'a<&>"'.repeat(count);
      assert.equal(decodeXmlPlist(encodeXmlPlist(text)), text);
    }
  });

  test('leaves null out of dictionaries', () => {
    assert.deepEqual(decodeXmlPlist(encodeXmlPlist({ a: null, b: [null, 1] })), { b: ['', 1] });
  });

  test('gives reals a form that reads back as the same number', () => {
    const reals = [0.1, -0, 1e21, 5e-324, 1.7976931348623157e308, NaN, Infinity].map((value) => new PlistReal(value));
    assert.deepEqual(decodeXmlPlist(encodeXmlPlist(reals)), reals);
  });

  test('writes dates of any year', () => {
    for (const time of [
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '-009999-02-28T12:00:00Z',
      '+012345-03-01T00:00:00Z',
    ]) {
      assert.deepEqual(decodeXmlPlist(encodeXmlPlist(new Date(time))), new Date(time));
    }
    assert.match(encodeXmlPlist(new Date(NaN)).toString(), /2001-01-01T00:00:00Z/);
    assert.match(encodeXmlPlist(new PreciseDate(0.999_999_9)).toString(), /2001-01-01T00:00:00Z/);
  });

  test('refuses what no list can hold', () => {
    const cycle: PlistValue[] = [];
    cycle.push(cycle);
    assert.throws(() => encodeXmlPlist(cycle), TypeError);
    assert.throws(() => encodeXmlPlist({ a: undefined } as never), TypeError);
    assert.throws(() => encodeXmlPlist(2n ** 64n), RangeError);
  });
});
