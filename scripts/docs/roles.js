/* global document, history, location, URLSearchParams, addEventListener */
const form = document.querySelector('form');
const groups = [...document.querySelectorAll('tbody')];
const rows = [...document.querySelectorAll('tr[data-callers]')];
const columns = document.querySelectorAll('col[data-caller]');
const fields = ['find', 'subject', 'as'].map((name) => form.elements[name]);

function show() {
  const [find, subject, as] = fields.map(({ value }) => value);
  const words = find.toLowerCase().split(/\s+/);
  for (const row of rows) {
    const text = `${row.dataset.id} ${row.textContent}`.toLowerCase();
    row.hidden =
      !words.every((word) => text.includes(word)) ||
      (subject !== '' && row.parentElement.dataset.subject !== subject) ||
      (as !== '' && !row.dataset.callers.split(' ').includes(as));
  }
  for (const group of groups) group.hidden = !group.querySelector('[data-callers]:not([hidden])');
  for (const column of columns) column.classList.toggle('chosen', column.dataset.caller === as);
  const shown = rows.filter(({ hidden }) => !hidden).length;
  document.getElementById('count').textContent = `${shown} of ${rows.length} operations`;
  document.getElementById('none').hidden = shown > 0;
}

/** What is chosen stands in the address, so that it can be sent to somebody. */
function remember() {
  const chosen = new URLSearchParams(
    fields.filter(({ value }) => value).map(({ name, value }) => [name, value]),
  );
  history.replaceState(null, '', chosen.size > 0 ? `#${chosen}` : location.pathname);
}

function recall() {
  const chosen = new URLSearchParams(location.hash.slice(1));
  for (const field of fields) {
    field.value = chosen.get(field.name) ?? '';
    if (field.selectedIndex === -1) field.value = '';
  }
  show();
}

form.hidden = false;
form.addEventListener('input', () => {
  show();
  remember();
});
form.addEventListener('reset', (event) => {
  event.preventDefault();
  for (const field of fields) field.value = '';
  show();
  remember();
  fields[0].focus();
});
form.addEventListener('submit', (event) => event.preventDefault());
addEventListener('hashchange', recall);
recall();
