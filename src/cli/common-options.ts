import { InvalidArgumentError, Option } from 'commander';
import type { CliContext } from './context.ts';

export const jsonOption = (): Option => new Option('--json', 'print one JSON object per line');

export const vaultOption = ({ places }: CliContext): Option =>
  new Option(
    '--vault <dir>',
    `the folder of the vault; without it ${places.vaultDir}, which HOLDFAST_VAULT changes`,
  ).argParser(namedFolder);

export const passwordFileOption = (): Option =>
  new Option(
    '--password-file <file>',
    'take the backup password from the first line of this file; else HOLDFAST_PASSWORD',
  );

export const addressOption = (): Option => new Option('--address <ip>', 'reach the device over Wi-Fi at this address');

/** Parses a folder. An empty one is a variable of a script that nobody set, and would mean wherever the script is. */
export function namedFolder(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It takes a folder, and none is named');
}

/** Parses an option that takes a whole number in a range. */
export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(wholeNumberWords(minimum, maximum));
  };
}

function wholeNumberWords(minimum: number, maximum: number): string {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `${minimum} or more` : `${minimum} to ${maximum}`;
  return `It takes a whole number: ${range}`;
}
