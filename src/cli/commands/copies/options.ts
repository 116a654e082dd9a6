/** What more than one command about copies is told. */
import { InvalidArgumentError, Option } from 'commander';
import { ClockWindow } from '../../../contract/index.ts';
import type { NewResticCopy } from '../../../copies/index.ts';
import { wholeNumber } from '../../common-options.ts';

export const resticBinaryOption = (): Option =>
  new Option('--restic-binary <file>', 'the restic to use; without it the one on PATH');

export const envFileOption = (): Option =>
  new Option('--env-file <file>', 'credentials of the place, one NAME=value a line; nobody else may read the file');

export const windowOption = (): Option =>
  new Option('--window <from-to>', 'when it may run by itself, and until when: 22:00-06:00').argParser(parseWindow);

export const limitOption = (): Option =>
  new Option('--limit-upload <kB/s>', 'how fast it may be, in kilobytes a second').argParser(wholeNumber(1));

export const keepOption = (what: string): Option =>
  new Option('--keep <rule>', `${what}: last=3,daily=30,weekly=52,monthly=forever`).argParser(parseKeep);

function parseWindow(text: string): { from: string; to: string } {
  const [from, to, ...more] = text.split('-');
  const window = ClockWindow.safeParse({ from, to });
  if (!window.success || more.length > 0) throw new InvalidArgumentError('It takes two times: 22:00-06:00');
  return window.data;
}

/** More periods than anything here will last. */
const FOREVER = 99_999;

function parseKeep(text: string): NonNullable<NewResticCopy['keep']> {
  const rule: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [, period, count] = /^(last|daily|weekly|monthly|yearly)=([1-9]\d{0,4}|forever)$/.exec(part.trim()) ?? [];
    if (period === undefined) throw new InvalidArgumentError('It takes a rule: daily=30,weekly=52,monthly=forever');
    rule[period] = count === 'forever' ? FOREVER : Number(count);
  }
  return rule;
}
