import { useMutation } from '@tanstack/react-query';
import { Account } from '../../../../src/contract/index.ts';
import { ask, pathOf, tell } from '../../api/api.ts';
import { Button } from '../../parts/button.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { LanguageSwitch } from '../../shell/language-switch.tsx';
import { useSession } from '../../shell/session.ts';
import { useFormats } from '../../telling/use-formats.ts';
import { accountWords } from '../../words/accounts.ts';
import type { Language } from '../../words/language.ts';
import { useWords } from '../../words/words.ts';
import { PasswordSection } from './password-section.tsx';
import { PlacesSection } from './places-section.tsx';
import { TokensSection } from './tokens-section.tsx';
import styles from './you-page.module.css';

/** One's own account: language, password, where it is signed in, tokens for programs. */
export default function YouPage() {
  const words = useWords(accountWords);
  const format = useFormats();
  const { account, version } = useSession();
  const signOut = useMutation({
    mutationFn: () => tell('session', { method: 'DELETE' }),
    // Loaded anew, the page holds nothing any more of what was shown to this person.
    onSuccess: () => window.location.assign('/'),
  });
  const remember = useMutation({
    mutationFn: (language: Language) =>
      ask(pathOf('accounts', account.id), Account, { method: 'PATCH', body: { language } }),
  });
  return (
    <Page
      title={words.own.title}
      lead={`${account.name} · ${format.list(account.roles.map((role) => words.roles[role]))}`}
      actions={
        <Button icon="out" busy={signOut.isPending} onClick={() => signOut.mutate()}>
          {words.own.signOut}
        </Button>
      }
    >
      <ProblemNote error={signOut.error} />
      <Section title={words.own.language} lead={words.own.languageLead}>
        <LanguageSwitch onChoose={(language) => remember.mutate(language)} />
        <ProblemNote error={remember.error} />
      </Section>
      <TokensSection />
      <PlacesSection />
      <PasswordSection account={account} />
      <p className={styles.soft}>{words.own.version(version)}</p>
    </Page>
  );
}
