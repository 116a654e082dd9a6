import { cocoaSeconds, daysBefore } from '../apple-time.ts';
import { makeCoreData, type CoreDataModel } from '../core-data.ts';
import type { Library } from '../library.ts';

const DOMAIN = 'HomeDomain';
const PATH = 'Library/Notes/notes.sqlite';

/** notes.sqlite as it has been since iOS 6. */
const MODEL: CoreDataModel = {
  versionIdentifier: '4',
  entities: {
    Account: { number: 1 },
    NextId: { number: 2 },
    Note: { number: 3 },
    NoteBody: { number: 5 },
    Store: { number: 8 },
  },
  tables: {
    ZACCOUNT: {
      INTEGER: 'ZDIDCHOOSETOMIGRATE ZTYPE ZDEFAULTSTORE',
      VARCHAR: 'ZACCOUNTIDENTIFIER ZCONSTRAINTSPATH ZNAME',
    },
    ZNEXTID: { INTEGER: 'ZCOUNTER' },
    ZNOTE: {
      INTEGER: `ZCONTAINSCJK ZCONTENTTYPE ZDELETEDFLAG ZEXTERNALFLAGS ZEXTERNALSEQUENCENUMBER ZEXTERNALSERVERINTID
        ZINTEGERID ZISBOOKKEEPINGENTRY ZBODY ZSTORE`,
      TIMESTAMP: 'ZCREATIONDATE ZMODIFICATIONDATE',
      VARCHAR: 'ZAUTHOR ZGUID ZSERVERID ZSUMMARY ZTITLE',
    },
    ZNOTEBODY: { INTEGER: 'ZOWNER', VARCHAR: 'ZCONTENT ZEXTERNALCONTENTREF', BLOB: 'ZEXTERNALREPRESENTATION' },
    ZSTORE: { INTEGER: 'ZACCOUNT', VARCHAR: 'ZEXTERNALIDENTIFIER ZNAME ZSYNCANCHOR' },
  },
};

/** Notes of a mail account, which iOS keeps apart to this day, with all that people and mail programs put into HTML. */
export const LEGACY_NOTES = [
  {
    guid: 'BADCAFE0-0000-4000-8000-000000000001',
    title: 'Aus der Post',
    body: 'Aus der Post<div><b>Wichtig</b> &amp; <i>eilig</i></div><div><br></div><ul><li>Eins</li><li>Zwei &lt;3</li></ul><div><a href="https://example.org/">mehr</a></div>',
  },
  {
    guid: 'BADCAFE0-0000-4000-8000-000000000002',
    title: 'Böse',
    body: 'Böse<script>alert(1)</script><div onclick="alert(2)">harmlos</div><img src="https://example.com/zaehler.gif"><a href="javascript:alert(3)">klick</a><style>p{}</style>',
  },
  { guid: 'BADCAFE0-0000-4000-8000-000000000003', title: 'Weg', body: 'Weg', isDeleted: true },
] as const;

export function fillLegacyNotes(library: Library): void {
  const { disk, now } = library;
  const chance = library.random('legacy notes');
  const bytes = makeCoreData(MODEL, chance.uuid(), (store) => {
    const account = store.add('Account', 'ZACCOUNT', { ZNAME: 'Web.de', ZTYPE: 2, ZACCOUNTIDENTIFIER: chance.uuid() });
    const folder = store.add('Store', 'ZSTORE', { ZNAME: 'Notizen', ZACCOUNT: account, ZEXTERNALIDENTIFIER: 'Notes' });
    for (const [i, note] of LEGACY_NOTES.entries()) {
      const made = daysBefore(now, 3000 + i);
      const body = store.add('NoteBody', 'ZNOTEBODY', { ZCONTENT: note.body });
      const key = store.add('Note', 'ZNOTE', {
        ZGUID: note.guid,
        ZTITLE: note.title,
        ZBODY: body,
        ZSTORE: folder,
        ZINTEGERID: i + 1,
        ZDELETEDFLAG: 'isDeleted' in note,
        ZCREATIONDATE: cocoaSeconds(made),
        ZMODIFICATIONDATE: cocoaSeconds(made),
      });
      store.database.prepare('UPDATE ZNOTEBODY SET ZOWNER = ? WHERE Z_PK = ?').run(key, body);
    }
  });
  disk.writeFile(DOMAIN, PATH, bytes, { modifiedAt: now });
}
