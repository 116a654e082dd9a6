import { useState } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { RecoverySheet, RecoverySheetRequest } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { deviceQuery } from '../../api/queries.ts';
import { useCheck } from '../../forms/use-check.ts';
import { Moment } from '../../parts/amounts.tsx';
import { Button } from '../../parts/button.tsx';
import { NumberField, PasswordField, SelectField } from '../../parts/field.tsx';
import { Form, FormActions } from '../../parts/form.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Loaded, ProblemNote } from '../../parts/states.tsx';
import type { PageProps } from '../../routes.tsx';
import { recoverySheetWords } from '../../words/recovery-sheet.ts';
import { useWords } from '../../words/words.ts';
import styles from './recovery-sheet-page.module.css';

const CONTENTS = ['no-password', 'password', 'shares'] as const;
type Content = (typeof CONTENTS)[number];

/** Pages to print for the day when nobody remembers. */
export default function RecoverySheetPage({ params: { udid = '' } }: PageProps) {
  const words = useWords(recoverySheetWords);
  const query = useQuery(deviceQuery(udid));
  const name = query.data?.name ?? '';
  return (
    <Page
      title={name === '' ? words.title : words.titleOf(name)}
      lead={words.lead}
      back={{ to: `/devices/${encodeURIComponent(udid)}`, label: name }}
    >
      <Loaded query={query}>{() => <Making udid={udid} />}</Loaded>
    </Page>
  );
}

function Making({ udid }: { readonly udid: string }) {
  const words = useWords(recoverySheetWords);
  const [content, setContent] = useState<Content>('no-password');
  const [needed, setNeeded] = useState(2);
  const [count, setCount] = useState(3);
  const [password, setPassword] = useState('');
  const { errors, submit } = useCheck();
  const make = useMutation({
    mutationFn: (body: RecoverySheetRequest) =>
      ask(pathOf('devices', udid, 'recovery-sheet'), RecoverySheet, { method: 'POST', body }),
    onSuccess: () => setPassword(''),
  });
  // What was made before is no longer what is asked for.
  const change = (changed: () => void): void => {
    changed();
    make.reset();
  };
  const wanted = {
    content: content === 'shares' ? { needed, count } : content,
    ...(content !== 'no-password' && password !== '' && { password }),
  };
  return (
    <>
      <Section title={words.what}>
        <Form onSubmit={() => submit(RecoverySheetRequest, wanted, (body) => make.mutate(body))}>
          <SelectField
            label={words.content}
            help={words.contentHelp[content]}
            value={content}
            choices={CONTENTS.map((value) => ({ value, label: words.contents[value] }))}
            onChange={({ target: { value } }) =>
              change(() => setContent(CONTENTS.find((each) => each === value) ?? 'no-password'))
            }
          />
          {content === 'shares' && (
            <>
              <NumberField
                label={words.count}
                min={2}
                max={20}
                value={count}
                onChange={(value) => change(() => setCount(value))}
              />
              <NumberField
                label={words.needed}
                help={words.neededHelp}
                min={2}
                max={20}
                value={needed}
                error={errors['content'] ?? errors['content.needed']}
                onChange={(value) => change(() => setNeeded(value))}
              />
            </>
          )}
          {content !== 'no-password' && (
            <PasswordField
              label={words.password}
              help={words.passwordHelp}
              autoComplete="off"
              value={password}
              error={errors['password']}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
          <ProblemNote error={make.error} here={words.here} />
          <FormActions>
            <Button kind="primary" type="submit" icon="document" busy={make.isPending}>
              {words.make}
            </Button>
          </FormActions>
        </Form>
      </Section>
      {make.data && <Made made={make.data} />}
    </>
  );
}

function Made({ made: { sheet, shares, until } }: { readonly made: RecoverySheet }) {
  const words = useWords(recoverySheetWords);
  return (
    <Section title={words.made} lead={<span role="status">{words.print}</span>}>
      <ul className={styles.pages}>
        <li>
          <a href={sheet} target="_blank" rel="noopener">
            {words.open}
          </a>
        </li>
        {shares.map((share, at) => (
          <li key={share}>
            <a href={share} target="_blank" rel="noopener">
              {words.share(at + 1, shares.length)}
            </a>
          </li>
        ))}
      </ul>
      <p>
        {words.until} <Moment at={until} />.
      </p>
      {shares.length > 0 && <p className={styles.note}>{words.handOut}</p>}
      <p className={styles.note}>{words.keep}</p>
    </Section>
  );
}
