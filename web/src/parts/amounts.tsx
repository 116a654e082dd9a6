import { exactTime } from '../telling/time.ts';
import { useFormats } from '../telling/use-formats.ts';
import { useLanguage } from '../words/language.ts';

interface TimeProps {
  /** ISO 8601. */
  readonly at: string;
}

/** "3 hours ago"; the exact time where the pointer rests. */
export function RelativeTime({ at }: TimeProps) {
  return <Time at={at}>{useFormats().ago(at)}</Time>;
}

/** "yesterday at 19:40", "on 3 May at 22:00". */
export function Moment({ at }: TimeProps) {
  return <Time at={at}>{useFormats().moment(at)}</Time>;
}

function Time({ at, children }: TimeProps & { readonly children: string }) {
  return (
    <time dateTime={at} title={exactTime(new Date(at), useLanguage())}>
      {children}
    </time>
  );
}

/** "12 GB". */
export function Bytes({ of }: { readonly of: number }) {
  return <>{useFormats().bytes(of)}</>;
}

/** "1,208". */
export function Count({ of }: { readonly of: number }) {
  return <>{useFormats().number(of)}</>;
}
