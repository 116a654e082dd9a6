/** Where days and runs of messages begin and end, as a reader of a conversation sees them. */

interface Timed {
  readonly at?: string | undefined;
  readonly fromMe: boolean;
  readonly type: string;
  readonly sender?: { readonly name: string } | undefined;
}

/** Messages of one person within this time stand together, the time under the last. */
const RUN_MS = 10 * 60_000;

/** By the clock of the reader. Without a time nothing is known of the day. */
export function isOtherDay(before: string | undefined, at: string | undefined): boolean {
  if (at === undefined) return false;
  return before === undefined || new Date(before).toDateString() !== new Date(at).toDateString();
}

export function endsRun(message: Timed, after: Timed | undefined): boolean {
  if (after === undefined || after.type === 'event' || after.fromMe !== message.fromMe) return true;
  if (after.sender?.name !== message.sender?.name) return true;
  if (message.at === undefined || after.at === undefined) return true;
  return Date.parse(after.at) - Date.parse(message.at) > RUN_MS || isOtherDay(message.at, after.at);
}
