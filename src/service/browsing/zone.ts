import { AppError } from '../../shared/errors.ts';
import { timeZoneNamed } from '../../shared/time/time-zone.ts';

/** The time zone a page asks for, or the one of this computer. @throws {AppError} USAGE for a name nobody knows */
export function zoneOf(name: string | undefined): string {
  const wanted = name ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = timeZoneNamed(wanted);
  if (zone === undefined) throw new AppError('USAGE', 'this is the name of no time zone');
  return zone;
}
