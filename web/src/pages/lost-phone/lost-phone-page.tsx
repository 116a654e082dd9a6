import { useQuery } from '@tanstack/react-query';
import { LostPhone } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { Moment } from '../../parts/amounts.tsx';
import { ButtonLink } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import type { PageProps } from '../../routes.tsx';
import { lostPhoneWords } from '../../words/lost-phone.ts';
import { useWords } from '../../words/words.ts';
import styles from './lost-phone-page.module.css';

const NUMBERS = ['imei', 'meid', 'serialNumber', 'phoneNumber', 'iccid', 'model', 'productVersion'] as const;

/** What to do when a device is gone: calmly, in order, with everything that is asked for at hand. */
export default function LostPhonePage({ params }: PageProps) {
  const { udid = '' } = params;
  const words = useWords(lostPhoneWords);
  const query = useQuery({
    queryKey: ['device', udid, 'lost'],
    queryFn: ({ signal }) => ask(pathOf('devices', udid, 'lost'), LostPhone, { signal }),
  });
  const device = `/devices/${encodeURIComponent(udid)}`;
  return (
    <Page
      title={query.data === undefined ? '' : words.title(query.data.name)}
      lead={words.lead}
      back={{ to: device, label: words.back }}
    >
      <Loaded query={query} lines={8}>
        {(phone) => (
          <>
            <Section title={words.now}>
              <Steps steps={words.steps} />
            </Section>
            <Numbers phone={phone} />
            <AtHand phone={phone} />
            <Section title={words.plan}>
              <Steps steps={words.planSteps} />
              {phone.lastBackup && (
                <p>
                  <ButtonLink
                    kind="primary"
                    icon="restore"
                    to={`/restore?device=${encodeURIComponent(udid)}&version=${phone.lastBackup.snapshot}`}
                  >
                    {words.restore}
                  </ButtonLink>
                </p>
              )}
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Steps({ steps }: { readonly steps: readonly string[] }) {
  return (
    <ol className={styles.steps}>
      {steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  );
}

function Numbers({ phone }: { readonly phone: LostPhone }) {
  const words = useWords(lostPhoneWords);
  const known = NUMBERS.flatMap((name) => {
    const value = phone[name];
    return value === undefined ? [] : [{ name, value }];
  });
  return (
    <Section title={words.numbers}>
      {known.length === 0 ? (
        <p>{words.noNumbers}</p>
      ) : (
        <Facts
          facts={known.map(({ name, value }) => ({
            name: words.names[name],
            value: (
              <span className={styles.number}>
                {value} <CopyButton text={value} />
              </span>
            ),
          }))}
        />
      )}
    </Section>
  );
}

function AtHand({ phone: { lastSeenAt, lastBackup } }: { readonly phone: LostPhone }) {
  const words = useWords(lostPhoneWords);
  return (
    <Section title={words.look}>
      <Facts
        facts={[
          { name: words.seen, value: lastSeenAt === undefined ? words.neverSeen : <Moment at={lastSeenAt} /> },
          {
            name: words.backup,
            value:
              lastBackup === undefined ? (
                words.none
              ) : (
                <>
                  <Moment at={lastBackup.at} />, {lastBackup.encrypted ? words.encrypted : words.plain}
                </>
              ),
          },
        ]}
      />
      {lastBackup && (
        <p className={styles.links}>
          {(['contacts', 'notes', 'messages'] as const).map((kind) => (
            <ButtonLink key={kind} to={`/versions/${lastBackup.snapshot}/${kind}`}>
              {words[kind]}
            </ButtonLink>
          ))}
          <ButtonLink to={`/versions/${lastBackup.snapshot}`}>{words.everything}</ButtonLink>
        </p>
      )}
    </Section>
  );
}
