import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { useFormats } from '../../telling/use-formats.ts';
import { standingWords } from '../../words/standing.ts';
import { useWords } from '../../words/words.ts';
import { KeptPlaces } from '../copies/kept-places.tsx';
import { NextSteps } from '../copies/next-steps.tsx';

/** Three copies, two media, one elsewhere: where the backups of a device lie, and how sure that is. */
export function Places({ udid }: { readonly udid: string }) {
  const words = useWords(standingWords);
  const format = useFormats();
  return (
    <Loaded query={useQuery(statusQuery)} lines={5}>
      {({ devices }) =>
        devices
          .filter((device) => device.udid === udid)
          .map((device) => (
            <div key={device.udid}>
              <Section title={words.title} lead={words.counts(device, format)}>
                <KeptPlaces places={device.places} />
              </Section>
              {device.steps.length > 0 && (
                <Section title={words.doThis}>
                  <NextSteps steps={device.steps} />
                </Section>
              )}
            </div>
          ))
      }
    </Loaded>
  );
}
