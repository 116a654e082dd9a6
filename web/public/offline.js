/* Shows one of the two languages, and tries again as soon as there is a network. */
const kept = localStorage.getItem('holdfast-language');
const language = kept ?? (navigator.language.startsWith('de') ? 'de' : 'en');
document.documentElement.lang = language;
for (const part of document.querySelectorAll('main > [lang]')) part.hidden = part.lang !== language;
window.addEventListener('online', () => location.reload());
