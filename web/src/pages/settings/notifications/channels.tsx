import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Settings, type ChannelState, type NotifyChannel } from '../../../../../src/contract/index.ts';
import { ask } from '../../../api/api.ts';
import { sendTest } from '../../../api/notify.ts';
import { channelsQuery, settingsQuery } from '../../../api/queries.ts';
import { Menu } from '../../../parts/menu.tsx';
import { notify } from '../../../parts/notices.tsx';
import { Section } from '../../../parts/page.tsx';
import { EmptyState, ProblemNote } from '../../../parts/states.tsx';
import { VerdictMark } from '../../../parts/verdict-mark.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { useNow } from '../../../telling/use-now.ts';
import { notificationWords } from '../../../words/notifications.ts';
import { useWords } from '../../../words/words.ts';
import { ChannelDialog } from './channel-dialog.tsx';
import { KINDS, newChannel } from './new-channel.ts';
import styles from './channels.module.css';

interface ChannelsProps {
  readonly channels: readonly NotifyChannel[];
  readonly lead: string;
}

/** The ways alarms are told over, each with how it goes. What is changed here is saved at once. */
export function Channels({ channels, lead }: ChannelsProps) {
  const words = useWords(notificationWords);
  const [edited, setEdited] = useState<NotifyChannel>();
  const { data: states = [] } = useQuery(channelsQuery);
  const save = useSaveChannels();
  const remove = (channel: NotifyChannel): void =>
    save.mutate(
      channels.filter(({ id }) => id !== channel.id),
      { onSuccess: () => notify(words.removed(channel.id), () => save.mutate([...channels])) },
    );
  return (
    <Section
      title={words.channels}
      lead={lead}
      actions={
        <Menu
          label={words.add}
          icon="add"
          items={KINDS.map((kind) => ({
            label: words.addKind(words.kinds[kind]),
            onSelect: () => setEdited(newChannel(kind, channels)),
          }))}
        />
      }
    >
      {channels.length === 0 && (
        <EmptyState icon="bell" title={words.none}>
          {words.noneText}
        </EmptyState>
      )}
      <ProblemNote error={save.error} />
      <ul className={styles.channels}>
        {channels.map((channel) => (
          <ChannelItem
            key={channel.id}
            channel={channel}
            state={states.find(({ id }) => id === channel.id)}
            onEdit={() => setEdited(channel)}
            onRemove={() => remove(channel)}
          />
        ))}
      </ul>
      {edited && (
        <ChannelDialog
          channel={edited}
          isNew={!channels.some(({ id }) => id === edited.id)}
          onClose={() => setEdited(undefined)}
          onSave={async (channel) => {
            const kept = channels.filter(({ id }) => id !== edited.id);
            await save.mutateAsync([...kept, channel]);
          }}
        />
      )}
    </Section>
  );
}

interface ChannelItemProps {
  readonly channel: NotifyChannel;
  readonly state: ChannelState | undefined;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function ChannelItem({ channel, state, onEdit, onRemove }: ChannelItemProps) {
  const words = useWords(notificationWords);
  const format = useFormats();
  const now = useNow();
  const test = useMutation({ mutationFn: () => sendTest(channel.id), onSuccess: () => notify(words.tested) });
  const failing = state?.failingSince;
  return (
    <li className={styles.channel}>
      <VerdictMark verdict={!channel.enabled ? 'unknown' : failing ? 'attention' : 'safe'} wordUnseen />
      <div className={styles.text}>
        <p>
          <strong>{channel.id}</strong> · {words.kinds[channel.kind]} · {targetOf(channel)}
        </p>
        <p className={styles.soft}>
          {!channel.enabled
            ? words.off
            : failing
              ? `${words.failing(format.span(now.getTime() - Date.parse(failing)))}${state.problem ? `: ${state.problem}` : ''}`
              : state?.lastSentAt
                ? words.working(format.ago(state.lastSentAt))
                : words.unused}
        </p>
        <ProblemNote error={test.error} />
      </div>
      <Menu
        label={words.moreAbout(channel.id)}
        items={[
          { label: words.test, icon: 'bell', onSelect: () => test.mutate() },
          { label: words.edit, icon: 'edit', onSelect: onEdit },
          { label: words.remove, icon: 'trash', onSelect: onRemove },
        ]}
      />
    </li>
  );
}

/** Where it goes, without anything secret. */
function targetOf(channel: NotifyChannel): string {
  if (channel.kind === 'mail') return channel.to.join(', ');
  const address = channel.kind === 'webhook' ? channel.url : channel.server;
  // The contract let it through: it is an address.
  return address === undefined ? '' : new URL(address).host;
}

function useSaveChannels() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (channels: NotifyChannel[]) =>
      ask('settings', Settings, { method: 'PATCH', body: { notify: { channels } } }),
    onSuccess: () => client.invalidateQueries(settingsQuery),
  });
}
