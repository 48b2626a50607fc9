/** What is written where, said before it is. */
import { html, nothing } from 'lit';
import { pill } from './parts.js';
import { changesInBrief } from './values.js';
import { writes } from './words.js';

const SIGNS = { nothing: 'dot', update: 'pencil', delete: 'minus', restore: 'undo', create: 'plus' };

/** On both sides; of a side, `text` says in other words what is done, and `why` in a sentence what that means. */
export function written({ here, there }) {
  return html`<div class="writes">${[[`In ${here.name}`, here], [`To ${there.name}`, there]].map(([title, side]) => html`
    <section><h3>${title}</h3><p class=${side.action === 'nothing' ? 'soft' : ''}>${pill({ icon: SIGNS[side.action] ?? 'dot', text: side.text ?? writes(side.action), tone: side.action === 'nothing' ? 'calm' : side.action === 'delete' ? 'bad' : 'busy' })}</p>
      ${side.why ? html`<p class="soft">${side.why}</p>` : nothing}
      ${side.action !== 'delete' && side.fields.length ? changesInBrief(side.fields.map(({ field, to, from, says }) => ({ field: to === field ? field : `${field} (as ${to})`, from, to: says })), 8) : nothing}</section>`)}</div>`;
}
