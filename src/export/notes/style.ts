/** The look of a note: one calm column, lines as on the phone, boxes as circles that fill when they are ticked. */
export const NOTE_STYLE = `
nav { margin-bottom: 1.5rem; }
.date { text-align: center; color: var(--quiet); font-size: .8rem; margin: 0 0 1rem; }
article h1 { font-size: 1.75rem; margin: 0 0 .25rem; } article h2 { font-size: 1.35rem; margin: .9rem 0 .2rem; } article h3 { font-size: 1.1rem; margin: .7rem 0 .1rem; }
sup, sub { line-height: 0; } article p { margin: 0; } article > p, article > div { min-height: 1.5em; }
.problem { background: var(--soft); border-radius: 10px; padding: .75rem 1rem; margin: .5rem 0 1rem !important; color: var(--quiet); }
pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875rem; }
pre { margin: .25rem 0; padding: .75rem 1rem; background: var(--soft); border-radius: 10px; white-space: pre-wrap; }
blockquote { margin: .25rem 0; padding-inline-start: .9rem; border-inline-start: 3px solid var(--line); color: var(--quiet); }
ul, ol { margin: .15rem 0; padding-inline-start: 1.6rem; } li { padding: .1rem 0; } li.none { list-style: none; }
ul.dashed { list-style-type: "–  "; } ul.checklist { list-style: none; padding-inline-start: .1rem; } ul.checklist ul, ul.checklist ol { padding-inline-start: 1.9rem; }
.checklist label { display: flex; gap: .6rem; align-items: flex-start; }
.checklist input { appearance: none; flex: none; width: 1.2rem; height: 1.2rem; margin: .15rem 0 0; border: 1.5px solid var(--quiet); border-radius: 50%; display: grid; place-content: center; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.checklist input:checked { background: #e0a30a; border-color: #e0a30a; } .checklist input:checked::before { content: ""; width: .32rem; height: .6rem; border: solid #fff; border-width: 0 2px 2px 0; transform: translateY(-1px) rotate(45deg); }
.done > label { color: var(--quiet); }
.center { text-align: center; } .right { text-align: right; } .justified { text-align: justify; }
${Array.from({ length: 8 }, (_, i) => `.in${i + 1} { margin-inline-start: ${(i + 1) * 1.6}rem; }`).join(' ')}
mark { color: inherit; border-radius: 3px; padding: 0 .1em; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
mark.purple { background: #b07de04d; } mark.pink { background: #f26a944d; } mark.orange { background: #f59a2352; } mark.mint { background: #3fc9a84d; } mark.blue { background: #4a9df04d; }
.hashtag, .mention { color: #b47d00; font-weight: 500; } .calculation { color: #b47d00; }
@media (prefers-color-scheme: dark) { .hashtag, .mention, .calculation { color: #ffcc4d; } }
figure { margin: .6rem 0; } figure img { border-radius: 10px; max-height: 40rem; } figure video { border-radius: 10px; } figcaption { color: var(--quiet); font-size: .8rem; } audio { width: 100%; }
.gallery { display: flex; flex-wrap: wrap; gap: .6rem; } .gallery figure { margin: .3rem 0; flex: 1 1 12rem; max-width: 22rem; }
.wide { overflow-x: auto; margin: .6rem 0; } table.cells { width: auto; min-width: 50%; } .cells td { border: 1px solid var(--line); padding: .35rem .6rem; min-width: 4rem; height: 2.2rem; }
.card { display: flex; gap: .9rem; align-items: center; max-width: 28rem; margin: .5rem 0; padding: .7rem 1rem; background: var(--soft); border-radius: 12px; color: inherit; text-decoration: none; break-inside: avoid; }
.card img { width: 3.5rem; height: 3.5rem; object-fit: cover; border-radius: 8px; flex: none; } .card > span { display: grid; min-width: 0; } .card b { font-weight: 600; }
.absent { background: none; border: 1px dashed var(--line); color: var(--quiet); }
details { margin: .4rem 0; } summary { cursor: pointer; color: var(--quiet); font-size: .875rem; } .summary { font-style: italic; } .loose { margin-top: 1.5rem; }
@media print { nav { display: none; } figure, .wide, pre { break-inside: avoid; } }
`;

/** The look of the list of all notes. */
export const INDEX_STYLE = `
.folder { margin-top: 2rem; } .folder h2 { display: flex; gap: .6rem; align-items: baseline; } .folder h2 span { font-weight: 400; }
.notes { list-style: none; margin: .5rem 0 0; padding: 0; border-radius: 12px; background: var(--soft); overflow: hidden; }
.notes li + li { border-top: 1px solid var(--line); } .notes a { display: block; padding: .65rem 1rem; color: inherit; text-decoration: none; } .notes a:hover b { color: var(--accent); }
.notes li:target { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 12px; }
.notes b { display: block; font-weight: 600; } .notes .line { display: flex; gap: .75rem; color: var(--quiet); font-size: .875rem; } .notes .line span:last-child { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.notes time { flex: none; }
`;
