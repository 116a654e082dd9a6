import { randomInt, timingSafeEqual } from 'node:crypto';

/** Without those that are mistaken for each other: 0 O, 1 I L. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 10;

/** What whoever started the service reads there, and nobody else in the network knows: about 2^49 possibilities. */
export function makeSetUpCode(): string {
  const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** However it is typed: small letters, with or without the dash. */
export function isSetUpCode(code: string, typed: string): boolean {
  const wanted = Buffer.from(plain(code));
  const given = Buffer.from(plain(typed));
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const plain = (code: string): string => code.toUpperCase().replace(/[^0-9A-Z]/g, '');
