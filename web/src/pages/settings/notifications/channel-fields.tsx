import type { MailChannel, NotifyChannel } from '../../../../../src/contract/index.ts';
import type { FieldErrors } from '../../../forms/check.ts';
import { NumberField, SelectField, TextAreaField, TextField } from '../../../parts/field.tsx';
import { notificationWords } from '../../../words/notifications.ts';
import { useWords } from '../../../words/words.ts';

interface FieldsProps<C extends NotifyChannel> {
  readonly channel: C;
  readonly errors: FieldErrors;
  readonly onChange: (channel: C) => void;
}

/** What each kind needs to know. */
export function ChannelFields({ channel, errors, onChange }: FieldsProps<NotifyChannel>) {
  const words = useWords(notificationWords);
  if (channel.kind === 'mail') return <MailFields channel={channel} errors={errors} onChange={onChange} />;
  if (channel.kind === 'webhook') {
    return (
      <TextField
        label={words.url}
        type="url"
        value={channel.url ?? ''}
        error={errors['url']}
        onChange={(event) => onChange({ ...channel, url: event.target.value })}
      />
    );
  }
  return (
    <>
      <TextField
        label={words.server}
        type="url"
        value={channel.server}
        error={errors['server']}
        onChange={(event) => onChange({ ...channel, server: event.target.value })}
      />
      {channel.kind === 'ntfy' && (
        <TextField
          label={words.topic}
          help={words.topicHelp}
          spellCheck={false}
          value={channel.topic}
          error={errors['topic']}
          onChange={(event) => onChange({ ...channel, topic: event.target.value })}
        />
      )}
    </>
  );
}

const SECURITIES = ['tls', 'starttls', 'none'] as const;

function MailFields({ channel, errors, onChange }: FieldsProps<MailChannel>) {
  const words = useWords(notificationWords);
  return (
    <>
      <TextField
        label={words.host}
        value={channel.host}
        error={errors['host']}
        spellCheck={false}
        onChange={(event) => onChange({ ...channel, host: event.target.value })}
      />
      <SelectField
        label={words.security}
        value={channel.security}
        error={errors['security']}
        choices={SECURITIES.map((value) => ({ value, label: words.securities[value] }))}
        onChange={({ target: { value } }) =>
          onChange({ ...channel, security: SECURITIES.find((each) => each === value) ?? 'starttls' })
        }
      />
      <NumberField
        label={words.port}
        optional
        value={channel.port ?? Number.NaN}
        error={errors['port']}
        onChange={(port) => onChange({ ...channel, port: Number.isNaN(port) ? undefined : port })}
      />
      <TextField
        label={words.user}
        optional
        autoComplete="off"
        value={channel.user ?? ''}
        error={errors['user']}
        onChange={({ target: { value } }) => onChange({ ...channel, user: value === '' ? undefined : value })}
      />
      <TextField
        label={words.sender}
        type="email"
        value={channel.sender}
        error={errors['sender']}
        onChange={(event) => onChange({ ...channel, sender: event.target.value })}
      />
      <TextAreaField
        label={words.to}
        help={words.toHelp}
        rows={2}
        defaultValue={channel.to.join('\n')}
        error={errors['to'] ?? errors['to.0']}
        onChange={({ target }) =>
          onChange({ ...channel, to: target.value.split(/[\s,;]+/).filter((each) => each !== '') })
        }
      />
    </>
  );
}
