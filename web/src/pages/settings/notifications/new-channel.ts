import type { NotifyChannel } from '../../../../../src/contract/index.ts';

export type ChannelKind = NotifyChannel['kind'];

export const KINDS: readonly ChannelKind[] = ['mail', 'ntfy', 'gotify', 'webhook'];

/** A way that is still to be filled in, under a name that no other has. */
export function newChannel(kind: ChannelKind, others: readonly NotifyChannel[]): NotifyChannel {
  const common = { id: freeName(kind, others), enabled: true, from: 'attention', reports: true } as const;
  if (kind === 'mail') return { ...common, kind, host: '', security: 'starttls', sender: '', to: [] };
  if (kind === 'ntfy') return { ...common, kind, server: 'https://ntfy.sh', topic: '' };
  return kind === 'gotify' ? { ...common, kind, server: '' } : { ...common, kind };
}

function freeName(kind: ChannelKind, others: readonly NotifyChannel[]): string {
  const taken = new Set(others.map(({ id }) => id));
  let name: string = kind;
  for (let number = 2; taken.has(name); number += 1) name = `${kind}-${number}`;
  return name;
}
