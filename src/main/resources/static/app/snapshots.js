import { html, nothing } from 'lit';
import * as api from './api.js';
import { number } from './format.js';
import { icon } from './icons.js';
import './chain.js';
import { Paged } from './list.js';
import { Plain, blank, moment } from './parts.js';
import { go, href } from './route.js';
import { modeOf } from './words.js';

/** In the place of one that was asked for. */
export const noSnapshot = (sync) => html`<div class="card">${blank('stack', 'There is no such snapshot', 'It has another number, or another sync.', html`<a class="button" href=${href({ view: 'snapshots', sync })}>To the snapshots</a>`)}</div>`;

/** What every publish of a sync left behind, the newest first. */
class Snapshots extends Paged {
  view = 'snapshots';
  place = ['sync'];
  filters = [];

  get asked() {
    return { sync: super.asked.sync ?? this.syncs?.[0]?.name };
  }

  get ready() {
    return Boolean(this.asked.sync);
  }

  page(cursor, signal) {
    return api.snapshots(this.asked.sync, cursor, signal);
  }

  every() {
    return 10_000;
  }

  render() {
    const { sync } = this.asked;
    const syncs = (this.syncs ?? []).map((each) => [each.name, each.title]);
    const newest = this.items[0]?.number;
    return html`
      <div class="head"><h1 tabindex="-1">Snapshots</h1><p class="soft">Every publish is numbered and sealed, and stays as it was.</p></div>
      ${this.syncs && !syncs.length ? html`<div class="card">${blank('stack', 'No sync is declared yet', 'Its snapshots show here once it is, and has run.')}</div>` : html`
        <div class="bars">
          ${syncs.length > 1 || (this.query.sync && !syncs.some(([name]) => name === this.query.sync)) ? this.filterForm(this.choice('sync', 'Sync', syncs, { all: null, chosen: sync })) : nothing}
          ${newest > 1 ? html`<compare-form .sync=${sync} .from=${newest - 1} .to=${newest}></compare-form>` : nothing}
        </div>
        ${sync ? html`<chain-state .sync=${sync} .me=${this.me}></chain-state>` : nothing}
        ${this.body((snapshots) => this.#table(sync, snapshots), () => blank('stack', 'No snapshot yet', 'The first run that publishes seals the first one.', html`<a class="button" href="/">To the overview</a>`), { older: 'Show older snapshots' })}`}`;
  }

  #table(sync, snapshots) {
    return html`<div class="card list"><table role="table" class="stacks snapshots">
      <caption class="hidden-text">Snapshots, the newest first</caption>
      <thead role="rowgroup"><tr role="row">${['Snapshot', 'Sealed', 'By'].map((text) => html`<th role="columnheader" scope="col">${text}</th>`)}
        <th role="columnheader" scope="col" class="figure">Changes</th><th role="columnheader" scope="col">Digest</th><th role="columnheader" scope="col"><span class="hidden-text">What changed</span></th></tr></thead>
      <tbody role="rowgroup">${snapshots.map((each) => html`
        <tr role="row" class="run-row"><th role="rowheader" scope="row"><a href=${href({ view: 'snapshot', sync, number: each.number })}>Snapshot ${each.number}</a></th>
          <td role="cell" data-label="Sealed">${moment(each.sealedAt)}</td>
          <td role="cell" data-label="By">${each.run ? html`<a href=${href({ view: 'run', id: each.run.run })}>${modeOf(each.run.mode)} ${each.run.run}</a> <span class="soft under">by ${each.run.requestedBy}</span>` : html`<span class="faint">–</span>`}</td>
          <td role="cell" data-label="Changes" class="figure ${each.changes ? '' : 'zero'}">${number(each.changes)}</td>
          <td role="cell" data-label="Digest"><code class="soft" title=${each.digest}>${each.digest.slice(0, 12)}…</code></td>
          <td role="cell" data-label="" class="last">${each.number > 1 && each.changes ? html`<a class="small" href=${href({ view: 'compare', sync, from: each.number - 1, to: each.number })}>What changed<span class="hidden-text"> with snapshot ${each.number}</span></a>` : nothing}</td></tr>`)}</tbody></table></div>`;
  }
}
customElements.define('view-snapshots', Snapshots);

/** Which two snapshots to compare. */
class CompareForm extends Plain {
  static properties = { sync: {}, from: {}, to: {} };

  render() {
    const field = (name, label, value) => html`<div class="field"><label for="compare-${name}">${label}</label>
      <input id="compare-${name}" name=${name} type="number" min="1" step="1" required .value=${String(value ?? '')}></div>`;
    return html`<form class="compare-form" aria-label="Compare snapshots" @submit=${this.#submit}>
      ${field('from', 'Compare snapshot', this.from)}${field('to', 'with snapshot', this.to)}<button class="button">${icon('scales')}Compare</button></form>`;
  }

  #submit = (event) => {
    event.preventDefault();
    const { from, to } = event.target.elements;
    go({ view: 'compare', sync: this.sync, from: from.value, to: to.value });
  };
}
customElements.define('compare-form', CompareForm);
