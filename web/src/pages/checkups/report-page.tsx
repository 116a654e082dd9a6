import { useQuery } from '@tanstack/react-query';
import { CheckupReport, CheckupTopic, type CheckupLine } from '../../../../src/contract/index.ts';
import { addressOf, ask, pathOf } from '../../api/api.ts';
import { classes } from '../../parts/classes.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { VerdictMark } from '../../parts/verdict-mark.tsx';
import { exactTime } from '../../telling/time.ts';
import { useSay } from '../../telling/use-formats.ts';
import { checkupsWords } from '../../words/checkups.ts';
import { useLanguage } from '../../words/language.ts';
import { useWords } from '../../words/words.ts';
import styles from './checkups-page.module.css';

const MARKS: Readonly<Record<CheckupLine['state'], IconName>> = {
  proven: 'check',
  repaired: 'refresh',
  failed: 'close',
  unproven: 'information',
};

/** The report of one checkup: the verdict on top, then every line of what was looked at. */
export function ReportPage({ id }: { readonly id: string }) {
  const words = useWords(checkupsWords);
  const language = useLanguage();
  const say = useSay();
  const query = useQuery({
    queryKey: ['checkups', id],
    queryFn: ({ signal }) => ask(pathOf('checkups', id), CheckupReport, { signal }),
  });
  const report = query.data;
  return (
    <Page
      title={report === undefined ? '' : words.of(exactTime(new Date(report.endedAt), language))}
      back={{ to: '/checkups', label: words.backToAll }}
      lead={
        report && (
          <>
            <VerdictMark verdict={report.verdict} wordUnseen /> {say(report.summary)}
          </>
        )
      }
    >
      <Loaded query={query} lines={8}>
        {({ lines }) => (
          <>
            <p className={styles.links}>
              <a href={addressOf(pathOf('checkups', id, 'report.pdf'))}>{words.print}</a>
              <a href={addressOf(pathOf('checkups', id, 'report.html'))}>{words.page}</a>
            </p>
            {CheckupTopic.options.map((topic) => {
              const own = lines.filter((line) => line.topic === topic);
              return (
                own.length > 0 && (
                  <Section key={topic} title={words.topics[topic]}>
                    <ul className={styles.lines}>
                      {own.map((line) => (
                        <Line key={`${line.subject ?? ''} ${line.reason.code}`} line={line} />
                      ))}
                    </ul>
                  </Section>
                )
              );
            })}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Line({ line: { state, subject, reason, more } }: { readonly line: CheckupLine }) {
  const words = useWords(checkupsWords);
  const say = useSay();
  return (
    <li className={styles.line}>
      <span className={classes(styles.mark, styles[state])}>
        <Icon name={MARKS[state]} size={18} />
      </span>
      <div>
        <p>
          <strong>
            {words.states[state]}
            {subject !== undefined && `: ${subject}`}
          </strong>
        </p>
        <p>{say(reason)}</p>
        {more.map((each) => (
          <p key={JSON.stringify(each)} className={styles.soft}>
            {say(each)}
          </p>
        ))}
      </div>
    </li>
  );
}
