/**
 * A day ("2026-05-03"), which begins at midnight, or a moment as ISO 8601 has it. Undefined when it is neither.
 *
 * @param midnightOf when a day begins; without it, by the clock of this computer.
 */
export function dayOrMoment(
  text: string,
  midnightOf: (day: string) => Date = (day) => new Date(`${day}T00:00:00`),
): Date | undefined {
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? midnightOf(text) : new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
