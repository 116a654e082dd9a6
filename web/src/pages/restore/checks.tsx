import type { RestoreCheck } from '../../../../src/contract/index.ts';
import { classes } from '../../parts/classes.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { sentence } from '../../parts/sentence.ts';
import { useFormats } from '../../telling/use-formats.ts';
import { useLanguage } from '../../words/language.ts';
import { tellCheck } from '../../words/restore-checks.ts';
import { restoreWords } from '../../words/restore.ts';
import { useWords } from '../../words/words.ts';
import styles from './checks.module.css';

const MARKS: Readonly<Record<RestoreCheck['outcome'], IconName>> = {
  passed: 'check',
  warns: 'information',
  stops: 'close',
};

/** What was looked at before a restore, each with a tick or with what to do about it. */
export function Checks({ checks }: { readonly checks: readonly RestoreCheck[] }) {
  const words = useWords(restoreWords);
  const language = useLanguage();
  const format = useFormats();
  return (
    <ul className={styles.checks}>
      {checks.map((check) => {
        const { outcome } = check;
        const { message, hint } = tellCheck(check, language, format);
        return (
          <li key={`${check.id} ${check.message}`} className={classes(styles.check, styles[outcome])}>
            <Icon name={MARKS[outcome]} size={20} />
            <div>
              <p>
                <span className="unseen">{words[outcome]}: </span>
                {sentence(message)}
              </p>
              {hint !== undefined && outcome !== 'passed' && <p className={styles.hint}>{hint}</p>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
