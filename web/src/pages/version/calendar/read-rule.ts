const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;

interface ReadRule {
  /** Absent where the rule is of another kind. */
  readonly frequency?: (typeof FREQUENCIES)[number] | undefined;
  readonly interval: number;
  readonly count?: number | undefined;
  /** "2026-05-01" */
  readonly until?: string | undefined;
}

/** The parts of a rule of RFC 5545 §3.3.10 that are told in words: how often, each how many times, until when. */
export function readRule(rule: string): ReadRule {
  const parts = new Map(
    rule.split(';').map((part): [string, string] => {
      const [name = '', value = ''] = part.split('=');
      return [name.toUpperCase(), value];
    }),
  );
  const frequency = FREQUENCIES.find((each) => each === parts.get('FREQ'));
  const count = Number(parts.get('COUNT'));
  const until = /^(\d{4})(\d\d)(\d\d)/.exec(parts.get('UNTIL') ?? '');
  return {
    frequency,
    interval: Math.max(1, Number(parts.get('INTERVAL') ?? 1) || 1),
    count: Number.isSafeInteger(count) && count > 0 ? count : undefined,
    until: until ? `${until[1]}-${until[2]}-${until[3]}` : undefined,
  };
}
