import { InvalidArgumentError, Option } from 'commander';

export const jsonOption = (): Option => new Option('--json', 'print one JSON object per line');

export const vaultOption = (): Option =>
  new Option('--vault <dir>', 'the vault (else HOLDFAST_VAULT, else the data folder of this computer)');

export const addressOption = (): Option =>
  new Option('--address <ip>', 'reach the device directly at this address (Wi-Fi)');

/** Parses an option that takes a whole number in a range. */
export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`a whole number from ${minimum} to ${maximum} is needed.`);
  };
}
