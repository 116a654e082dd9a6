import type { BackupRule } from '../rule.ts';
import { type Formats, formatsOf, type Language } from './formats.ts';

export interface RuleSentenceOptions {
  readonly language: Language;
  readonly now: Date;
  /** An IANA name. */
  readonly timeZone: string;
  /** Whether the device asks for its passcode; where that is not known it is taken to. */
  readonly asksPasscode?: boolean | undefined;
}

/**
 * What a rule means, in a sentence: for the page on which it is changed, while it is being changed.
 *
 * @example
 * explainRule(rule, { language: 'en', now, timeZone, asksPasscode: false })
 * // Once 24 hours have passed since its last backup, it is backed up as soon as it is at home, on power and locked.
 */
export function explainRule(rule: BackupRule, options: RuleSentenceOptions): string {
  const format = formatsOf(options.language, options.now, options.timeZone);
  const parts = options.language === 'de' ? german(format) : english(format);
  if (!rule.automatic) return parts.off;
  const asks = options.asksPasscode ?? true;
  const sentence = asks ? parts.asking(rule) : parts.ready(rule);
  const isPaused = rule.pausedUntil !== undefined && new Date(rule.pausedUntil) > options.now;
  return isPaused && rule.pausedUntil !== undefined ? `${parts.paused(rule.pausedUntil)} ${sentence}` : sentence;
}

interface Parts {
  readonly off: string;
  paused(until: string): string;
  asking(rule: BackupRule): string;
  ready(rule: BackupRule): string;
}

function english(f: Formats): Parts {
  const time = ({ everyHours }: BackupRule): string => {
    const [count, unit] = wholeUnits(everyHours);
    const word = unit === 'day' ? f.plural(count, 'day has', 'days have') : f.plural(count, 'hour has', 'hours have');
    return `Once ${f.number(count)} ${word} passed since its last backup, it is backed up as soon as`;
  };
  return {
    off: 'It is backed up only when somebody asks for it.',
    paused: (until) => `Paused until ${f.until(until)}.`,
    ready: (rule) => {
      const states = ['at home', ...(rule.onPower ? ['on power'] : []), ...(rule.locked ? ['locked'] : [])];
      const battery = charge(rule, f, (percent) => ` and its battery is at ${percent} or more`);
      return `${time(rule)} it is ${f.list(states)}${rule.onPower ? '' : battery}${between(rule)}.`;
    },
    asking: (rule) => {
      const most = rule.maxPromptsPerDay;
      const times = most === 1 ? 'once' : `${f.number(most)} times`;
      const battery = charge(rule, f, (percent) => ` with ${percent} of charge or more`);
      return `${time(rule)} somebody unlocks it at home${battery}${between(rule)}; it then asks for its passcode, at most ${times} a day.`;
    },
  };
}

function german(f: Formats): Parts {
  const time = ({ everyHours }: BackupRule): string => {
    const [count, unit] = wholeUnits(everyHours);
    const word = unit === 'day' ? f.plural(count, 'Tag', 'Tage') : f.plural(count, 'Stunde', 'Stunden');
    const verb = f.plural(count, 'Ist', 'Sind');
    return `${verb} seit der letzten Sicherung ${f.number(count)} ${word} vergangen, wird es gesichert, sobald`;
  };
  return {
    off: 'Es wird nur gesichert, wenn jemand es verlangt.',
    paused: (until) => `Pause bis ${f.until(until)}.`,
    ready: (rule) => {
      const states = ['zu Hause', ...(rule.onPower ? ['am Strom'] : []), ...(rule.locked ? ['gesperrt'] : [])];
      const battery = charge(rule, f, (percent) => ` und der Akku mindestens ${percent} hat`);
      return `${time(rule)} es ${f.list(states)} ist${rule.onPower ? '' : battery}${zwischen(rule)}.`;
    },
    asking: (rule) => {
      const most = rule.maxPromptsPerDay;
      const times = most === 1 ? 'einmal' : `${f.number(most)}-mal`;
      const battery = charge(rule, f, (percent) => ` mit mindestens ${percent} Ladung`);
      return `${time(rule)} es jemand zu Hause${battery} entsperrt${zwischen(rule)}; dann fragt es nach dem Code, höchstens ${times} am Tag.`;
    },
  };
}

const between = ({ window }: BackupRule): string => (window ? `, between ${window.from} and ${window.to}` : '');
const zwischen = ({ window }: BackupRule): string => (window ? `, zwischen ${window.from} und ${window.to} Uhr` : '');

function charge({ minBatteryPercent }: BackupRule, f: Formats, say: (percent: string) => string): string {
  return minBatteryPercent === 0 ? '' : say(f.percent(minBatteryPercent));
}

/** Days where they are whole and more than one: people say “24 hours”, and “7 days”. */
function wholeUnits(hours: number): readonly [number, 'hour' | 'day'] {
  return hours >= 48 && hours % 24 === 0 ? [hours / 24, 'day'] : [hours, 'hour'];
}
