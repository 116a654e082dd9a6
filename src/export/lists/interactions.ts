import { namesOfInteraction, openContacts, openInteractions, type Interaction } from '../../content/index.ts';
import { isAbout, isWithin } from '../text/times.ts';
import { listExport } from './list-export.ts';

interface NamedInteraction {
  readonly interaction: Interaction;
  readonly names: readonly string[];
}

const identifiers = ({ interaction: { sender, recipients } }: NamedInteraction): string =>
  [sender, ...recipients]
    .map((person) => person?.identifier)
    .filter((each) => each)
    .join('; ');

/** Whom the owner was in touch with, and by which app. */
export const interactionsExport = listExport<NamedInteraction>({
  kind: 'interactions',
  title: 'Interactions',
  about: 'Whom the phone noticed its owner to be in touch with, and by which app; it suggests people by this.',
  columns: [
    {
      title: 'Time',
      value: ({ interaction }, times) => times.iso(interaction.startedAt),
      page: ({ interaction: { startedAt } }, times) => startedAt && times.moment(startedAt),
    },
    { title: 'Direction', value: ({ interaction }) => interaction.direction },
    { title: 'App', value: ({ interaction }) => interaction.app },
    { title: 'With', value: ({ names }) => names.join('; ') },
    { title: 'Group', value: ({ interaction }) => interaction.groupName },
    { title: 'Numbers and addresses', value: identifiers, page: false },
    { title: 'Shared to', value: ({ interaction }) => interaction.targetApp, page: false },
    { title: 'Until', value: ({ interaction }, times) => times.iso(interaction.endedAt), page: false },
    { title: 'Attachments', value: ({ interaction }) => interaction.attachments.length, page: false },
    { title: 'Identifier', value: ({ interaction }) => interaction.key, page: false },
  ],
  data: ({ interaction, names }) => ({ ...interaction, names }),
  async open({ backup, options }) {
    const interactions = await openInteractions(backup);
    if (interactions === undefined) return undefined;
    using contacts = await openContacts(backup);
    let incomplete = 0;
    function* rows(): Generator<NamedInteraction, undefined> {
      for (const interaction of interactions?.all() ?? []) {
        const row = { interaction, names: namesOfInteraction(interaction, contacts) };
        if (interaction.problem !== undefined) incomplete++;
        if (isWithin(interaction.startedAt, options) && isAbout([...row.names, identifiers(row)], options.people))
          yield row;
      }
    }
    return {
      rows: rows(),
      notes: () =>
        incomplete === 0
          ? []
          : [`For ${incomplete} interactions, somebody or something named is no longer in the tables.`],
      close: () => interactions[Symbol.dispose](),
    };
  },
});
