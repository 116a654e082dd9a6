import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { TakeOutFormats, type TakeOutRequest } from '../../../../../src/contract/index.ts';
import { Button } from '../../../parts/button.tsx';
import { FieldGroup, Form, FormActions } from '../../../parts/form.tsx';
import { SelectField, SwitchField, TextField } from '../../../parts/field.tsx';
import { Section } from '../../../parts/page.tsx';
import { Loaded, ProblemNote } from '../../../parts/states.tsx';
import { takeOutWords } from '../../../words/take-out.ts';
import { versionWords } from '../../../words/version.ts';
import { useWords } from '../../../words/words.ts';
import { KindPage } from '../kind-page.tsx';
import { contentQuery, shelfQuery } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';
import { commonFormats, orderKinds, spanOf, type ChosenKind } from './choice.ts';
import { TakingOut } from './taking-out.tsx';
import { useKindName } from './use-kind-name.ts';
import { useTakeOut } from './use-take-out.ts';
import styles from './take-out-page.module.css';

/** Whole kinds of what is in a version, in formats that other programs read. */
export default function TakeOutPage() {
  const words = useWords(takeOutWords);
  const { id } = useVersion();
  const formats = useQuery(contentQuery(id, ['take-out', 'formats'], TakeOutFormats));
  const shelf = useQuery(shelfQuery(id));
  const takeOut = useTakeOut();
  const lacking = new Set(
    shelf.data?.kinds
      .filter(({ state, count }) => state !== 'unreadable' && (state !== 'here' || count === 0))
      .map(({ kind }) => kind),
  );
  return (
    <KindPage title={words.title} lead={words.lead}>
      <Loaded query={formats} lines={8}>
        {({ kinds }) =>
          takeOut.current === undefined ? (
            <Choice
              kinds={orderKinds(kinds)}
              lacking={lacking}
              isBusy={takeOut.isStarting}
              error={takeOut.error}
              onGo={takeOut.start}
            />
          ) : (
            <TakingOut takeOut={takeOut} />
          )
        }
      </Loaded>
    </KindPage>
  );
}

interface ChoiceProps {
  readonly kinds: readonly ChosenKind[];
  /** Kinds that the version does not hold. */
  readonly lacking: ReadonlySet<string>;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly onGo: (request: TakeOutRequest) => void;
}

function Choice({ kinds, lacking, isBusy, error, onGo }: ChoiceProps) {
  const words = useWords(takeOutWords);
  const nameOf = useKindName();
  const [search] = useSearchParams();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(search.get('kinds')?.split(',')));
  const [format, setFormat] = useState('');
  const [days, setDays] = useState({ from: '', until: '' });
  const [jpegCopies, setJpegCopies] = useState(false);
  const [problem, setProblem] = useState<string>();
  const here = kinds.filter(({ kind }) => !lacking.has(kind));
  const taken = here.filter(({ kind }) => chosen.has(kind));
  const formats = commonFormats(taken);
  const asked = formats.includes(format) ? format : '';
  const isAll = taken.length === here.length;
  const go = (): void => {
    const span = spanOf(days);
    if (taken.length === 0) return setProblem(words.nothingChosen);
    if (span === undefined) return setProblem(words.wrongDates);
    onGo({
      what: 'kinds',
      kinds: taken.map(({ kind }) => kind),
      ...(asked !== '' && { format: asked }),
      ...span,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      jpegCopies,
    });
  };
  return (
    <Form onSubmit={go}>
      <FieldGroup title={words.what}>
        <div className={styles.all}>
          <Button kind="quiet" onClick={() => setChosen(isAll ? new Set() : new Set(here.map(({ kind }) => kind)))}>
            {isAll ? words.noneOf : words.allOf}
          </Button>
        </div>
        <ul className={styles.kinds}>
          {kinds.map(({ kind, title }) => (
            <li key={kind}>
              <label className={styles.kind}>
                <input
                  type="checkbox"
                  checked={chosen.has(kind) && !lacking.has(kind)}
                  disabled={lacking.has(kind)}
                  onChange={(event) => {
                    setProblem(undefined);
                    setChosen(changed(chosen, kind, event.target.checked));
                  }}
                />
                <span>
                  {nameOf(kind, title)}
                  {lacking.has(kind) && <span className={styles.soft}>{words.notHere}</span>}
                </span>
              </label>
            </li>
          ))}
        </ul>
      </FieldGroup>
      <SelectField
        label={words.as}
        value={asked}
        choices={[
          { value: '', label: words.bestOfEach },
          ...formats.map((value) => ({ value, label: words.formats[value] ?? value })),
        ]}
        onChange={(event) => setFormat(event.target.value)}
      />
      {chosen.has('photos') && (
        <SwitchField
          label={words.jpeg}
          help={words.jpegHelp}
          checked={jpegCopies}
          onChange={(event) => setJpegCopies(event.target.checked)}
        />
      )}
      <details className={styles.more}>
        <summary>{words.dates}</summary>
        <div className={styles.days}>
          <TextField
            label={words.from}
            type="date"
            optional
            value={days.from}
            onChange={(event) => setDays({ ...days, from: event.target.value })}
          />
          <TextField
            label={words.until}
            type="date"
            optional
            value={days.until}
            onChange={(event) => setDays({ ...days, until: event.target.value })}
          />
        </div>
      </details>
      <Honest />
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <ProblemNote error={error} />
      <FormActions>
        <Button type="submit" kind="primary" icon="download" busy={isBusy}>
          {words.go}
        </Button>
      </FormActions>
    </Form>
  );
}

/** What one should know of a thing that cannot be called back. */
function Honest() {
  const { honest: words } = useWords(takeOutWords);
  const { kinds } = useWords(versionWords);
  const { base } = useVersion();
  return (
    <Section title={words.title}>
      <ul className={styles.honest}>
        <li>{words.open}</li>
        <li>{words.passwords}</li>
        <li>{words.original}</li>
        <li>
          {words.files} <Link href={addressIn(base, 'photos')}>{kinds.photos}</Link>,{' '}
          <Link href={addressIn(base, 'files')}>{kinds.files}</Link>.
        </li>
      </ul>
    </Section>
  );
}

function changed(chosen: ReadonlySet<string>, kind: string, isChosen: boolean): Set<string> {
  const next = new Set(chosen);
  if (isChosen) next.add(kind);
  else next.delete(kind);
  return next;
}
