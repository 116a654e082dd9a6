import type {
  BlockedCallers,
  ClockAlarm,
  ClockAlarms,
  DeviceAccount,
  DeviceAccounts,
  PageQuery,
} from '../../../contract/index.ts';
import { clockText, type Account, type Alarm } from '../../../content/index.ts';
import { accountsIn, alarmsIn, blockedIn, namesIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandKind, isoOf, pageFrom, shortId, textOrNone } from '../values.ts';

/** As the day goes; timers come last. */
export async function listClockAlarms(unlocked: Unlocked, query: PageQuery): Promise<ClockAlarms> {
  const { alarms, timers } = demandKind(await alarmsIn(unlocked), 'alarms');
  const all: ClockAlarm[] = [
    ...alarms.map(tellAlarm).toSorted((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : 1)),
    ...timers.map(({ key, label, durationSeconds }) => ({
      id: key,
      kind: 'timer' as const,
      label: textOrNone(label),
      seconds: durationSeconds !== undefined && durationSeconds >= 0 ? durationSeconds : undefined,
    })),
  ];
  return pageFrom(all, query, (alarm) => alarm);
}

function tellAlarm({ key, kind, label, hour, minute, repeats, isEnabled, bedtime }: Alarm): ClockAlarm {
  return {
    id: key,
    kind,
    label: textOrNone(label),
    time: timeOf(hour, minute),
    repeats: repeats && [...repeats],
    isOn: isEnabled,
    bedtime: timeOf(bedtime?.hour, bedtime?.minute),
  };
}

/** What a backup says may be no time of a day. */
function timeOf(hour: number | undefined, minute: number | undefined): string | undefined {
  const text = clockText(hour, minute);
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? text : undefined;
}

/** Those that a person signs in to, by name; the whole list is what `extract accounts` gives. */
export async function listDeviceAccounts(unlocked: Unlocked, query: PageQuery): Promise<DeviceAccounts> {
  return pageFrom(peoplesAccounts(demandKind(await accountsIn(unlocked), 'list of accounts')), query, (each) => each);
}

/** Parts of an account stand in the list beside it: the mail of an iCloud account. */
export function peoplesAccounts(accounts: readonly Account[]): DeviceAccount[] {
  const known = new Set(accounts.map(({ key }) => key));
  const isPart = ({ parent, key }: Account): boolean => !!parent && parent !== key && known.has(parent);
  const parts = Map.groupBy(accounts.filter(isPart), ({ parent }) => parent);
  return accounts
    .filter((account) => !isPart(account) && account.isVisible !== false && account.isActive !== false)
    .map((account): DeviceAccount => {
      const { key, description, type, username, addedAt } = account;
      const uses = [account, ...(parts.get(key) ?? [])].flatMap(({ enabledFor }) => enabledFor.map(useOf));
      return {
        id: key,
        title: textOrNone(description) ?? textOrNone(type) ?? '',
        kind: textOrNone(type),
        user: textOrNone(username),
        addedAt: isoOf(addedAt),
        uses: [...new Set(uses)].toSorted(),
      };
    })
    .toSorted((a, b) => a.title.localeCompare(b.title));
}

const useOf = (dataClass: string): string => dataClass.replace(/^com\.apple\.Dataclass\./, '');

/** Callers whose calls and messages the device rejects. */
export async function listBlockedCallers(unlocked: Unlocked, query: PageQuery): Promise<BlockedCallers> {
  const { addresses } = demandKind(await blockedIn(unlocked), 'list of blocked callers');
  const contacts = await namesIn(unlocked);
  return pageFrom(addresses, query, ({ address }) => ({
    id: shortId(address),
    name: contacts?.nameFor(address),
    address,
  }));
}
