/** What people write into a field: the input of its type, and what is meant by what stands in it. */
import { html, nothing } from 'lit';

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const LONG = 70;

/** As an input holds it. */
export function typed(value) {
  return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/**
 * What is meant, as JSON with every digit that was written: {json}, or {problem} in a sentence.
 *
 * @param field a declared one; what may not be null is an empty text where nothing stands
 */
export function meant({ type, emptied }, text) {
  const said = text.trim();
  if (type === 'text') {
    return { json: text === '' && emptied ? 'null' : JSON.stringify(text) };
  }
  if (said === '') {
    return { json: 'null' };
  }
  switch (type) {
    case 'integer': return /^-?(0|[1-9]\d*)$/.test(said) ? { json: said } : { problem: 'Write a whole number such as 12.' };
    case 'decimal': return NUMBER.test(said) ? { json: said } : { problem: 'Write a number such as 12.50: with a point, and nothing between the thousands.' };
    case 'boolean': return { json: said === 'true' ? 'true' : 'false' };
    case 'json': return listed(said);
    default: return { json: JSON.stringify(said) };
  }
}

function listed(text) {
  try {
    JSON.parse(text);
    return { json: text };
  } catch (failure) {
    return { problem: `Write JSON, such as [1, 2] or {"a": 1}: ${failure.message}.` };
  }
}

/** Fields with what they are to say, as the member of a body. */
export const written = (pairs) => `{${pairs.map(([name, json]) => `${JSON.stringify(name)}: ${json}`).join(', ')}}`;

/** @param changed is called with what stands in it */
export function input({ id, field, text, label = null, problem = null, list = null, changed }) {
  const { type } = field;
  const wrong = problem ? 'true' : nothing;
  const hint = problem ? `${id}-problem` : nothing;
  const heard = (event) => changed(event.target.value);
  if (type === 'boolean') {
    return html`<select id=${id} aria-label=${label ?? nothing} aria-invalid=${wrong} aria-describedby=${hint} @change=${heard}>
      ${[['', '–'], ['true', 'true'], ['false', 'false']].map(([value, said]) => html`<option value=${value} ?selected=${value === text}>${said}</option>`)}</select>`;
  }
  if (type === 'json' || (type === 'text' && (text.length > LONG || text.includes('\n')))) {
    return html`<textarea id=${id} class=${type === 'json' ? 'mono' : ''} rows="3" spellcheck="false" aria-label=${label ?? nothing} aria-invalid=${wrong} aria-describedby=${hint} .value=${text} @input=${heard}></textarea>`;
  }
  return html`<input id=${id} type=${type === 'date' ? 'date' : 'text'} inputmode=${list ? nothing : type === 'decimal' ? 'decimal' : type === 'integer' ? 'numeric' : nothing} list=${list ?? nothing} autocomplete="off" spellcheck="false"
    aria-label=${label ?? nothing} aria-invalid=${wrong} aria-describedby=${hint} .value=${text} @input=${heard}>`;
}

export const mistake = (id, problem) => (problem ? html`<small class="mistake" id="${id}-problem">${problem}</small>` : nothing);
