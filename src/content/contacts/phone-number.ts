/** Numbers as people write them, made comparable. */

/** A number without its looks. */
export interface PlainNumber {
  /** Digits only. */
  readonly digits: string;
  /** It began with + or 00: the country code is part of it. */
  readonly isInternational: boolean;
}

/** Where "+49 (0) 151" puts a zero that is dialled within the country only. */
const OPTIONAL_ZERO = /\(0\)/;
const EXTENSION = /(?:[,;]|\b(?:ext|extension)\b|\bx\s*\d).*$/i;
const KEYPAD = ['', '', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ'];

/** The digits of a telephone number, "1-800-MY-APPLE" included; undefined for what is none. */
export function plainNumber(text: string): PlainNumber | undefined {
  const written = text
    .trim()
    .replace(/^(?:tel|sms|p|phone):/i, '')
    .normalize('NFKC')
    .replace(EXTENSION, '');
  // What has hardly any digits is a name: "DHL", by which a short message may be signed.
  if (written.includes('@') || (written.match(/\p{Nd}/gu) ?? []).length < 2) return undefined;
  const startsWithPlus = /^\W*\+/.test(written);
  const all = (startsWithPlus ? written.replace(OPTIONAL_ZERO, '') : written).replace(/./gsu, digitOf);
  const isInternational = startsWithPlus || all.startsWith('00');
  const digits = isInternational ? all.replace(/^00/, '') : all;
  return digits === '' ? undefined : { digits, isInternational };
}

function digitOf(character: string): string {
  if (character >= '0' && character <= '9') return character;
  if (/^[a-z]$/i.test(character)) {
    return String(KEYPAD.findIndex((letters) => letters !== '' && letters.includes(character.toUpperCase())));
  }
  return /^\p{Nd}$/u.test(character) ? String(valueOfDigit(character)) : '';
}

/** Digits of all scripts come in runs of ten, and each run begins with its zero. */
function valueOfDigit(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}

/** How many digits at the end two numbers need in common before they are compared further. */
export const COMPARED_DIGITS = 7;

/**
 * How well two numbers agree: 3 the same digits; 2 one is the other within its country ("0151…" and "+49 151…");
 * 1 one ends with all of the other (a local number and the same with its area code); 0 not at all. Two numbers with
 * different country codes never agree.
 */
export function agreement(a: PlainNumber, b: PlainNumber): 0 | 1 | 2 | 3 {
  if (a.digits === b.digits) return 3;
  if (a.isInternational && b.isInternational) return 0;
  const [long, short] = [national(a), national(b)].toSorted((x, y) => y.length - x.length);
  if (long === undefined || short === undefined || short.length < COMPARED_DIGITS || !long.endsWith(short)) return 0;
  if (!a.isInternational && !b.isInternational) return long === short ? 2 : 1;
  // What is before it has to look like a country code; Italy keeps the zero after it.
  return /^(?:[1-9]\d{0,2}0?)?$/.test(long.slice(0, long.length - short.length)) ? 2 : 1;
}

/** Without the zero that is dialled before an area code. */
const national = ({ digits, isInternational }: PlainNumber): string =>
  isInternational ? digits : digits.replace(/^0+/, '');
