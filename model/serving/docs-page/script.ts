/** What the page does: sends the form's row to `predict` beside it, shows the answer, and the command that gets the same one. */
export const script = `
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const form = document.getElementById('row');
const answer = document.getElementById('answer');
const command = document.getElementById('command');
const button = form.querySelector('button.main');
// Beside this page, wherever a stage or a proxy has put it.
const url = new URL('predict', location.href.replace(/[?#].*$/, '').replace(/[/]$/, '')).href;
const field = (index) => document.getElementById('c' + index);

function valueOf(column, text) {
  if (text === '') return undefined;
  if (column.type === 'boolean') return text === 'true';
  if (column.type === 'number' || column.type === 'integer') return Number(text);
  if (column.type === 'timestamp' && text.length === 16) return text + ':00';
  return text;
}

function row() {
  const values = {};
  data.columns.forEach((column, index) => {
    const value = valueOf(column, field(index).value);
    // As its own, whatever the column is called.
    if (value !== undefined) Object.defineProperty(values, column.name, { value, enumerable: true });
  });
  return values;
}

function fill(values) {
  data.columns.forEach((column, index) => {
    const value = values[column.name];
    field(index).value = value === undefined || value === null ? '' : String(value);
  });
  show();
}

function headers() {
  const name = document.getElementById('header-name').value.trim();
  return { 'content-type': 'application/json', ...(name === '' ? {} : { [name]: document.getElementById('header-value').value }) };
}

const quoted = (text) => "'" + text.replaceAll("'", "'\\\\''") + "'";

function show() {
  const parts = ['curl ' + quoted(url)];
  for (const [name, value] of Object.entries(headers())) parts.push('-H ' + quoted(name + ': ' + value));
  parts.push('-d ' + quoted(JSON.stringify({ input: row() })));
  command.textContent = parts.join(' \\\\\\n  ');
}

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function clearProblems() {
  data.columns.forEach((_, index) => {
    field(index).removeAttribute('aria-invalid');
    document.getElementById('p' + index).textContent = '';
  });
}

function showAnswer(body, milliseconds) {
  const parts = [element('p', { className: 'prediction', id: 'prediction' }, String(body.prediction))];
  if (body.probabilities !== undefined) {
    const bars = element('dl', { className: 'bars' });
    for (const [name, probability] of Object.entries(body.probabilities)) {
      const fill = element('i', {});
      fill.style.width = probability * 100 + '%';
      const bar = element('dd', { className: 'bar' }, fill);
      bar.setAttribute('aria-hidden', 'true');
      bars.append(element('dt', {}, name), bar, element('dd', {}, (probability * 100).toFixed(1) + ' %'));
    }
    parts.push(bars);
  }
  parts.push(element('p', { className: 'soft small' }, body.modelName + ', version ' + body.modelVersion + ', in ' + milliseconds.toFixed(0) + ' ms'));
  const raw = element('pre', { tabIndex: 0 }, JSON.stringify(body, null, 2));
  parts.push(element('details', {}, element('summary', {}, 'The answer as JSON'), raw));
  answer.replaceChildren(...parts);
  answer.parentElement.scrollIntoView({ block: 'nearest' });
}

function showProblem(message, details) {
  answer.replaceChildren(element('p', { className: 'alert' }, message));
  let first;
  for (const { field: name, found, expected } of details ?? []) {
    const index = data.columns.findIndex((column) => column.name === name);
    if (index === -1) continue;
    field(index).setAttribute('aria-invalid', 'true');
    document.getElementById('p' + index).textContent = 'It is ' + found + ', expected ' + expected + '.';
    first = first ?? field(index);
  }
  if (first !== undefined) first.focus();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  clearProblems();
  // What is no number has an empty value, and would be left out without a word.
  const unread = data.columns.filter((_, index) => field(index).validity.badInput);
  if (unread.length > 0) return showProblem('Something is not as its field takes it.', unread.map(({ name, type }) => ({ field: name, found: 'unreadable', expected: 'a ' + type })));
  button.disabled = true;
  const startedAt = performance.now();
  try {
    const response = await fetch(url, { method: 'POST', headers: headers(), body: JSON.stringify({ input: row() }) });
    const text = await response.text();
    let body;
    try { body = JSON.parse(text); } catch { body = {}; }
    if (response.ok) showAnswer(body, performance.now() - startedAt);
    else showProblem((body.error && body.error.message) || body.message || ('The answer is ' + response.status + '.'), body.error && body.error.details);
  } catch (error) {
    showProblem('No answer: ' + error.message + '.');
  } finally {
    button.disabled = false;
  }
});
form.addEventListener('input', show);
document.getElementById('example').addEventListener('click', () => { clearProblems(); fill(data.example); });
document.getElementById('clear').addEventListener('click', () => { clearProblems(); fill({}); });
document.getElementById('copy').addEventListener('click', async (event) => {
  const { target } = event;
  try {
    await navigator.clipboard.writeText(command.textContent);
    target.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(command);
    target.textContent = 'Selected';
  }
  setTimeout(() => { target.textContent = 'Copy'; }, 2000);
});
fill(data.example);
`;
