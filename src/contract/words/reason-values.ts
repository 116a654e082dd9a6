/**
 * Every reason there is, by its code, with the values its sentence needs. A new one: its line in the file of its area, its
 * sentence in `en/` and `de/`, and an example in `reason-examples.test-helper.ts`; the compiler and `words.test.ts` say
 * what is missing.
 *
 * Values are what stands in JSON. A time is ISO 8601 in UTC, an amount a plain number whose name carries its unit.
 */
import type { AlarmReasons } from './alarm-reasons.ts';
import type { CheckupReasons } from './checkup-reasons.ts';
import type { Reason } from '../reason.ts';
import type { Formats } from './formats.ts';
import type { RuleReasons } from './rule-reasons.ts';
import type { ServiceReasons } from './service-reasons.ts';
import type { StatusReasons } from './status-reasons.ts';

/** One type per area; an area is a file of this folder, of `en/` and of `de/`. */
export type ReasonValues = RuleReasons & AlarmReasons & CheckupReasons & ServiceReasons & StatusReasons;

export type ReasonCode = keyof ReasonValues;

/** The sentences of an area in one language. Whole sentences without a name, so that they stand under it or alone. */
export type WordsFor<V> = { readonly [C in keyof V]: (values: V[C], format: Formats) => string };

/** A sentence that needs nothing. */
export type NoValues = Readonly<Record<string, never>>;

/**
 * Makes a reason, so that no value of it can be forgotten.
 *
 * @example
 * because('needs-power', {})
 */
export function because<C extends ReasonCode>(code: C, values: ReasonValues[C]): Reason {
  return { code, values: { ...values } };
}
