import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { NotifyChannel } from '../../../../../src/contract/index.ts';
import { keepSecret } from '../../../api/notify.ts';
import { useCheck } from '../../../forms/use-check.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { PasswordField, SelectField, SwitchField, TextField } from '../../../parts/field.tsx';
import { Form, FormActions } from '../../../parts/form.tsx';
import { notify } from '../../../parts/notices.tsx';
import { ProblemNote } from '../../../parts/states.tsx';
import { formWords } from '../../../words/forms.ts';
import { notificationWords } from '../../../words/notifications.ts';
import { partsWords } from '../../../words/parts.ts';
import { useWords } from '../../../words/words.ts';
import { ChannelFields } from './channel-fields.tsx';

interface ChannelDialogProps {
  readonly channel: NotifyChannel;
  readonly isNew: boolean;
  readonly onClose: () => void;
  readonly onSave: (channel: NotifyChannel) => Promise<void>;
}

/** One way of telling, to be filled in or changed. */
export function ChannelDialog({ channel, isNew, onClose, onSave }: ChannelDialogProps) {
  const words = useWords(notificationWords);
  const { save: saveWord, saved } = useWords(formWords);
  const { cancel } = useWords(partsWords);
  const [draft, setDraft] = useState(channel);
  const [secret, setSecret] = useState('');
  const { errors, submit } = useCheck();
  const save = useMutation({
    mutationFn: async (checked: NotifyChannel) => {
      await onSave(checked);
      if (secret !== '') await keepSecret(checked.id, secret);
    },
    onSuccess: () => {
      notify(saved);
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={isNew ? words.addKind(words.kinds[channel.kind]) : channel.id}>
      <Form onSubmit={() => submit(NotifyChannel, draft, (checked) => save.mutate(checked))}>
        {isNew && (
          <TextField
            label={words.id}
            help={words.idHelp}
            value={draft.id}
            error={errors['id']}
            spellCheck={false}
            onChange={(event) => setDraft({ ...draft, id: event.target.value })}
          />
        )}
        <ChannelFields channel={draft} errors={errors} onChange={setDraft} />
        <PasswordField
          label={secretLabel(channel.kind, words)}
          help={isNew ? undefined : words.keepSecret}
          autoComplete="off"
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
        />
        <SelectField
          label={words.from}
          value={draft.from}
          choices={(['attention', 'at-risk'] as const).map((level) => ({ value: level, label: words.levels[level] }))}
          onChange={(event) => setDraft({ ...draft, from: event.target.value === 'at-risk' ? 'at-risk' : 'attention' })}
        />
        <SwitchField
          label={words.reports}
          checked={draft.reports}
          onChange={(event) => setDraft({ ...draft, reports: event.target.checked })}
        />
        <SwitchField
          label={words.enabled}
          checked={draft.enabled}
          onChange={(event) => setDraft({ ...draft, enabled: event.target.checked })}
        />
        <ProblemNote error={save.error} />
        <FormActions>
          <Button kind="primary" type="submit" busy={save.isPending}>
            {saveWord}
          </Button>
          <Button onClick={onClose}>{cancel}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}

function secretLabel(kind: NotifyChannel['kind'], words: (typeof notificationWords)['en']): string {
  return { mail: words.mailPassword, ntfy: words.ntfyToken, gotify: words.gotifyToken, webhook: words.key }[kind];
}
