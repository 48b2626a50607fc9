/** What a field says, and what became of it. */
import { html, nothing } from 'lit';
import { icon } from './icons.js';
import { many } from './format.js';

const LONG = 160;
const MOST_PATHS = 12;
const MOST_PARTS = 1_500;

const isNothing = (value) => value === null || value === undefined;
const isParts = (value) => typeof value === 'object' && !isNothing(value);

/** As text, on one line. */
export const written = (value) => (isNothing(value) ? '–' : isParts(value) ? JSON.stringify(value) : String(value));

/** As it is read: what is long is folded. */
export function shown(value) {
  if (isNothing(value)) {
    return html`<span class="faint">–<span class="hidden-text">nothing</span></span>`;
  }
  if (value === '') {
    return html`<span class="faint">an empty text</span>`;
  }
  if (isParts(value)) {
    const size = JSON.stringify(value).length;
    return size > MOST_PARTS ? folded(JSON.stringify(value), JSON.stringify(value, null, 2), 'mono') : parts(value);
  }
  const text = String(value);
  return text.length <= LONG ? html`<span class="value">${text}</span>` : folded(text, text);
}

const folded = (text, all, look = '') => html`<details class="long"><summary><span class="value ${look}">${text.slice(0, LONG - 40)}…</span></summary><pre tabindex="0">${all}</pre></details>`;

/** Lists and objects as people write them down. */
function parts(value) {
  const entries = Object.entries(value);
  if (!entries.length) {
    return html`<span class="faint">empty</span>`;
  }
  if (Array.isArray(value)) {
    return value.some(isParts) ? html`<ul class="parts">${value.map((each) => html`<li>${shown(each)}</li>`)}</ul>` : html`<span class="value">${value.map(written).join(', ')}</span>`;
  }
  return html`<ul class="parts parts-named">${entries.map(([name, each]) => html`<li><span class="soft">${name}</span> ${shown(each)}</li>`)}</ul>`;
}

/** In a table, where a record has one line. */
export const brief = (value) => (isNothing(value) || value === '' ? shown(value) : html`<span class="brief ${isParts(value) ? 'mono' : ''}">${isParts(value) && !Object.keys(value).length ? '–' : written(value)}</span>`);

/** Where two values are apart: inside of lists and objects, the parts that are; null where there are too many. */
function apart(from, to, path = '') {
  if (!isParts(from) || !isParts(to) || Array.isArray(from) !== Array.isArray(to)) {
    return [{ path, from, to }];
  }
  const found = [];
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (JSON.stringify(from[name]) !== JSON.stringify(to[name])) {
      found.push(...apart(from[name], to[name], Array.isArray(from) ? `${path}[${Number(name) + 1}]` : `${path}.${name}`));
    }
  }
  return found.length > MOST_PATHS ? [{ path, from, to }] : found;
}

/** The fields in which two records differ: [{field, from, to}]. */
export const apartIn = (from, to) => [...new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])]
  .filter((field) => JSON.stringify(from?.[field] ?? null) !== JSON.stringify(to?.[field] ?? null)).map((field) => ({ field, from: from?.[field], to: to?.[field] }));

/** Fields with what they said and say: [{field, from, to}]. */
export function changes(list) {
  const lines = list.flatMap(({ field, from, to }) => apart(from, to).map((each) => ({ ...each, path: field + each.path })));
  return html`<dl class="changes">${lines.map(({ path, from, to }) => html`<div><dt>${path}</dt><dd>${
    isNothing(from) ? nothing : html`<del><span class="hidden-text">was </span>${shown(from)}</del> `}${
    isNothing(from) === isNothing(to) ? html`<span class="to" aria-hidden="true">${icon('next')}</span>` : nothing}${
    isNothing(to) ? html`<span class="faint small">nothing any more</span>` : html`<ins><span class="hidden-text">now </span>${shown(to)}</ins>`}</dd></div>`)}</dl>`;
}

/** What all sides say of a field that they do not agree about. */
export const sides = (fields) => html`<div class="sides" tabindex="0" role="group" aria-label="All sides">
  <table><thead><tr><th scope="col">Field</th><th scope="col">Agreed</th><th scope="col">Theirs</th><th scope="col">Ours</th></tr></thead>
    <tbody>${fields.map(({ field, base, theirs, ours }) => html`<tr><th scope="row">${field}</th>${[base, theirs, ours].map((value) => html`<td>${shown(value)}</td>`)}</tr>`)}</tbody></table></div>`;

/** Changes of which there may be many: the first are shown, the rest on demand. */
export function changesInBrief(list, most = 4) {
  return list.length <= most ? changes(list) : html`${changes(list.slice(0, most))}
    <details class="rest"><summary>${many(list.length - most, 'more field')}</summary>${changes(list.slice(most))}</details>`;
}
