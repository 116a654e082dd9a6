import type { CheckupLine, CheckupTopic, Reason } from '../contract/index.ts';

interface About {
  /** A device, a copy, a disk, by name. */
  readonly subject?: string | undefined;
  readonly udid?: string | undefined;
  /** Whether backups are in danger where it is not proven. */
  readonly essential?: boolean;
}

/** One line of the report. Details are named up to a limit; a vault gone bad must not fill the memory. */
export function line(
  topic: CheckupTopic,
  state: CheckupLine['state'],
  reason: Reason,
  { subject, udid, essential = false }: About = {},
  more: readonly Reason[] = [],
): CheckupLine {
  return {
    topic,
    state,
    essential,
    ...(subject !== undefined && { subject }),
    ...(udid !== undefined && { udid }),
    reason,
    more: [...more],
  };
}
