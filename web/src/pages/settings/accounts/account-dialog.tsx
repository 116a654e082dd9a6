import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Account, AccountPatch, NewAccount, type Role } from '../../../../../src/contract/index.ts';
import { ask, pathOf } from '../../../api/api.ts';
import { accountsQuery, overviewQuery } from '../../../api/queries.ts';
import { useCheck } from '../../../forms/use-check.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { PasswordField, SelectField, SwitchField, TextField } from '../../../parts/field.tsx';
import { FieldGroup, Form, FormActions } from '../../../parts/form.tsx';
import { notify } from '../../../parts/notices.tsx';
import { ProblemNote } from '../../../parts/states.tsx';
import { accountWords } from '../../../words/accounts.ts';
import { formWords } from '../../../words/forms.ts';
import { isLanguage, LANGUAGES, useLanguage } from '../../../words/language.ts';
import { useWords } from '../../../words/words.ts';

const ROLES: readonly Role[] = ['owner', 'administrator'];

interface AccountDialogProps {
  /** Left out for one that is to be made. */
  readonly account: Account | undefined;
  readonly onClose: () => void;
}

/** Makes an account, or changes who somebody is here. */
export function AccountDialog({ account, onClose }: AccountDialogProps) {
  const words = useWords(accountWords);
  const { save: saveWord } = useWords(formWords);
  const client = useQueryClient();
  const language = useLanguage();
  const { data: overview } = useQuery(overviewQuery);
  const { errors, submit } = useCheck();
  const [draft, setDraft] = useState<NewAccount>({
    name: account?.name ?? '',
    password: '',
    roles: account?.roles ?? ['owner'],
    devices: account?.devices ?? [],
    language: account?.language ?? language,
  });
  const save = useMutation({
    mutationFn: (body: NewAccount | AccountPatch) =>
      account === undefined
        ? ask('accounts', Account, { method: 'POST', body })
        : ask(pathOf('accounts', account.id), Account, { method: 'PATCH', body }),
    onSuccess: async ({ name }) => {
      await client.invalidateQueries(accountsQuery);
      notify(account === undefined ? words.created(name) : words.saved);
      onClose();
    },
  });
  const send = (): void => {
    if (account === undefined) submit(NewAccount, draft, (body) => save.mutate(body));
    else submit(AccountPatch, { ...draft, password: undefined }, (body) => save.mutate(body));
  };
  return (
    <Dialog open onClose={onClose} title={account === undefined ? words.add : account.name}>
      <Form onSubmit={send}>
        <TextField
          label={words.name}
          value={draft.name}
          error={errors['name']}
          autoComplete="off"
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        {account === undefined && (
          <PasswordField
            label={words.password}
            help={words.passwordHelp}
            value={draft.password}
            error={errors['password']}
            autoComplete="new-password"
            onChange={(event) => setDraft({ ...draft, password: event.target.value })}
          />
        )}
        <FieldGroup title={words.rolesTitle}>
          {ROLES.map((role) => (
            <SwitchField
              key={role}
              label={words.roles[role]}
              help={words.roleHelp[role]}
              checked={draft.roles.includes(role)}
              onChange={() => setDraft({ ...draft, roles: toggle(draft.roles, role) })}
            />
          ))}
          {errors['roles'] && <p role="alert">{errors['roles']}</p>}
        </FieldGroup>
        {draft.roles.includes('owner') && (
          <FieldGroup title={words.devicesTitle}>
            {overview?.devices.map(({ udid, name }) => (
              <SwitchField
                key={udid}
                label={name}
                checked={draft.devices.includes(udid)}
                onChange={() => setDraft({ ...draft, devices: toggle(draft.devices, udid) })}
              />
            ))}
          </FieldGroup>
        )}
        <SelectField
          label={words.language}
          value={draft.language}
          choices={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          onChange={({ target: { value } }) => setDraft({ ...draft, language: isLanguage(value) ? value : 'en' })}
        />
        <ProblemNote error={save.error} here={{ NOT_ALLOWED: words.ownedAlready }} />
        <FormActions>
          <Button kind="primary" type="submit" busy={save.isPending}>
            {account === undefined ? words.create : saveWord}
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}

function toggle<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((each) => each !== item) : [...list, item];
}
