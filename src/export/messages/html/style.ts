/** How conversations look, on screens and on paper. Ours alone: nothing of a backup gets in here. */
export const CONVERSATION_STYLE = `
:root { --mine: #0a64c8; --mine-text: #fff; --sms: #1d7a43; --theirs: #ececef; --theirs-text: #1d1d1f; }
@media (prefers-color-scheme: dark) { :root { --mine: #2b6fc4; --sms: #2b7a4b; --theirs: #2c2c30; --theirs-text: #f2f2f4; } }
main { max-width: 44rem; }
header { border-bottom: 1px solid var(--line); padding-bottom: 1rem; margin-bottom: 1rem; }
header p { margin: .2rem 0 0; }
nav { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; margin: 1rem 0; font-size: .9rem; } nav a { text-decoration: none; } nav [aria-current] { font-weight: 600; color: var(--text); }
.back { margin-top: 0; }
h2.day { font-size: .8rem; font-weight: 600; color: var(--quiet); text-align: center; margin: 1.8rem 0 .8rem; break-after: avoid; }
.m { display: flex; flex-direction: column; align-items: flex-start; margin: .9rem 0 0; break-inside: avoid; }
.m.next { margin-top: .22rem; } .m.next > .pic:first-child, .m.next > .file:first-child { margin-top: .3rem; }
.m > * { max-width: min(78%, 34rem); }
.m.out { align-items: flex-end; }
.who { margin: 0 0 .12rem .85rem; font-size: .78rem; color: var(--quiet); }
.b, .re p, .was li, .who { unicode-bidi: plaintext; }
.b { margin: 0; padding: .42rem .85rem; border-radius: 1.15rem; background: var(--theirs); color: var(--theirs-text); white-space: pre-wrap; min-width: 2.6rem; }
.b + .b, .b + .file, .file + .b, .file + .file, .pic + .b, .b + .pic, .pic + .pic, .pic + .file, .file + .pic { margin-top: .18rem; }
.out .b { background: var(--mine); color: var(--mine-text); } .out.sms .b { background: var(--sms); }
.in .b:last-of-type { border-bottom-left-radius: .35rem; } .out .b:last-of-type { border-bottom-right-radius: .35rem; }
.b a { color: inherit; text-decoration: underline; text-underline-offset: .15em; }
.b .at { font-weight: 600; }
.b.big { background: none; padding: 0 .2rem; font-size: 2.9rem; line-height: 1.15; color: inherit; }
.b.gone, .out .b.gone, .out.sms .b.gone { background: none; color: var(--quiet); border: 1px dashed var(--line); font-style: italic; }
.subject { display: block; font-weight: 600; }
.re { margin: 0 .5rem .25rem; padding: .1rem .7rem; border-left: 3px solid var(--line); color: var(--quiet); font-size: .85rem; }
.re a { color: inherit; text-decoration: none; } .re p { margin: 0; overflow: hidden; display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; }
.pic { margin: 0; } .pic img, .pic video { display: block; max-height: 26rem; max-width: 100%; border-radius: 1rem; background: var(--soft); }
.pic.sticker img { max-height: 9rem; background: none; border-radius: 0; }
.pic figcaption { font-size: .78rem; color: var(--quiet); margin: .15rem .5rem 0; }
.pic audio { display: block; width: 20rem; }
.out .pic figcaption { text-align: right; }
.file { margin: 0; padding: .6rem .9rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .92rem; background: var(--page); }
.file a { font-weight: 600; text-decoration: none; } .file .quiet { display: block; font-size: .8rem; }
.file.away { border-style: dashed; background: none; color: var(--quiet); }
.app { border-left: 3px solid var(--accent); } .app strong { display: block; }
.taps { margin: -.42rem .7rem 0; font-size: .78rem; color: var(--text); display: flex; flex-wrap: wrap; gap: .2rem; align-items: center; position: relative; }
.out .taps { justify-content: flex-end; }
.taps span { background: var(--page); border: 1px solid var(--line); border-radius: 1rem; padding: .02rem .5rem; } .taps img { height: 1.7rem; vertical-align: middle; }
.was { list-style: none; margin: .2rem .85rem 0; padding: 0; font-size: .8rem; color: var(--quiet); }
.was li { white-space: pre-wrap; } .was q { quotes: "“" "”"; font-style: italic; } .out .was { text-align: right; }
.meta { margin: .12rem .85rem 0; font-size: .72rem; color: var(--quiet); }
.note { margin: .9rem auto; text-align: center; font-size: .82rem; color: var(--quiet); max-width: 34rem; break-inside: avoid; }
.deleted { opacity: .85; } .deleted .b { outline: 1px dashed var(--quiet); outline-offset: 2px; }
:target .b, :target .pic { outline: 2px solid var(--accent); outline-offset: 2px; }
.gap { margin: 0 .2rem; }
@media (max-width: 30rem) { main { padding: 1.25rem .8rem 3rem; } .m > * { max-width: 88%; } .pic audio { width: 15rem; } }
@media print {
  :root { --mine: #e4eefa; --mine-text: #000; --sms: #e3f1e8; --theirs: #f1f1f3; --theirs-text: #000; }
  @page { margin: 1.6cm 1.5cm; }
  body { font-size: 10.5pt; } nav { display: none; } .deleted { opacity: 1; }
  .b, .out .b { print-color-adjust: exact; -webkit-print-color-adjust: exact; border: .5pt solid var(--line); }
  .b.big { border: 0; } .pic img, .pic video { max-height: 9cm; }
  .pic audio, .pic video { display: none; } .pic figcaption::after { content: " (a recording, beside this page)"; }
  .pic.image figcaption::after { content: none; }
}
`;

export const INDEX_STYLE = `
.chats { list-style: none; margin: 1.5rem 0 0; padding: 0; }
.chats li { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .75rem 0; border-top: 1px solid var(--line); break-inside: avoid; }
.chats a { font-weight: 600; text-decoration: none; } .chats .quiet { grid-column: 1; margin: 0; } .chats .when { grid-column: 2; grid-row: 1; color: var(--quiet); font-size: .875rem; white-space: nowrap; }
.chats .count { grid-column: 2; grid-row: 2; text-align: right; } .notes { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .5rem; }
.notes p { margin: .3rem 0; }
`;
