import { html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { capital, exactly, number } from './format.js';
import { icon } from './icons.js';
import { Paged } from './list.js';
import { Loader } from './live.js';
import { blank, bones, notice, trouble } from './parts.js';
import { href } from './route.js';
import { noSnapshot } from './snapshots.js';
import { changes, changesInBrief } from './values.js';
import { DIFFERENCE_WORDS, difference } from './words.js';

/** Two snapshots of a sync: what is in one and not in the other, and what says something else. */
class Compare extends Paged {
  view = 'compare';
  place = ['sync', 'from', 'to'];
  filters = ['entity', 'kind'];

  #counts = new Loader(this, (signal) => this.#ask(signal));
  #counted = null;

  get #entities() {
    return ((this.syncs ?? []).find((sync) => sync.name === this.query.sync)?.entities ?? []).map(({ entity }) => entity);
  }

  /** Where no entity is said, the first that differs. */
  get asked() {
    const asked = super.asked;
    return { ...asked, entity: asked.entity ?? this.#counts?.data?.find(({ counts }) => counts.added + counts.removed + counts.changed)?.entity };
  }

  get ready() {
    return Boolean(this.asked.entity && this.asked.from && this.asked.to);
  }

  page(cursor, signal) {
    return api.compare(this.asked, cursor, 50, signal);
  }

  async #ask(signal) {
    const { sync, from, to } = this.query;
    return from && to && this.#entities.length ? Promise.all(this.#entities.map(async (entity) => ({ entity, ...await api.compare({ sync, entity, from, to }, null, 1, signal) }))) : null;
  }

  willUpdate(changed) {
    const { sync, from, to } = this.query;
    const counted = JSON.stringify([sync, from, to, this.#entities]);
    if (this.#counted !== null && this.#counted !== counted) {
      this.#counts.restart();
    }
    this.#counted = counted;
    super.willUpdate(changed);
  }

  render() {
    const { sync, from, to } = this.query;
    const { data, problem } = this.#counts;
    const unknown = this.syncs && !this.#entities.length;
    return html`
      <p class="way"><a href=${href({ view: 'snapshots', sync })}>Snapshots</a>${icon('next')}<a href=${href({ view: 'snapshots', sync })}>${sync}</a>${icon('next')}<span>Comparison</span></p>
      <div class="head"><h1 tabindex="-1">From snapshot ${from} to ${to}</h1><compare-form .sync=${sync} .from=${from} .to=${to}></compare-form></div>
      ${unknown ? notice('bad', 'cross', 'There is no such sync', html`<p>It is not declared, or not for your organisation.</p>`)
        : data ? this.#page(data) : problem?.status === 404 ? noSnapshot(sync) : problem ? trouble(problem, () => this.#counts.refresh()) : html`<div class="card waiting">${bones(8)}</div>`}`;
  }

  #page(entities) {
    const { sync, from, to } = this.query;
    const snapshot = ({ number: each, sealedAt }) => html`<a href=${href({ view: 'snapshot', sync, number: each })}>snapshot ${each}</a> of ${exactly(sealedAt)}`;
    const all = entities.reduce((sum, { counts }) => sum + counts.added + counts.removed + counts.changed, 0);
    return html`
      <p class="soft run-about">What became between ${snapshot(entities[0].from)} and ${snapshot(entities[0].to)}.${Number(from) > Number(to) ? ' This goes backwards in time.' : ''}</p>
      ${!all ? html`<div class="card">${blank('check', 'They say the same', 'No record was added, removed or changed between them.')}</div>` : html`
        <div class="results">${entities.map(({ entity, counts }) => html`
          <section class="card result ${entity === this.asked.entity ? 'is-chosen' : ''}" aria-label=${entity}><header><h2>${entity}</h2></header>
            <ul class="counts">${DIFFERENCE_WORDS.map((word) => [word, difference(word)]).map(([word, said]) => html`<li class="part-${said.part} ${counts[word] ? '' : 'zero'}">${
              counts[word] ? html`<a href=${href({ view: 'compare', sync, from, to, entity, kind: word })}><b>${number(counts[word])}</b> <span>${said.text}</span></a>` : html`<b>0</b> <span>${said.text}</span>`}</li>`)}</ul></section>`)}</div>
        <h2 class="part-title">Record by record</h2>
        ${this.filterForm(
          this.choice('entity', 'Records', entities.map(({ entity }) => [entity, entity]), { all: null, chosen: this.asked.entity }),
          this.choice('kind', 'What became of it', DIFFERENCE_WORDS.map((word) => [word, capital(difference(word).text)])))}
        ${this.body((rows) => html`<ul class="card items plan-rows">${repeat(rows, (row) => row.row, (row) => this.#row(row))}</ul>`,
          () => blank('check', 'No record is like that', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${this.widen}>Show all</button>`))}`}`;
  }

  #row(row) {
    const { sync, entity, to, from } = this.asked;
    const said = difference(row.kind);
    return html`<li class="item">
      <div class="item-what"><span class="outcome part-${said.part}">${icon(said.icon)}${capital(said.text)}</span><span class="small soft">${entity}</span></div>
      <div class="item-why"><h3><a class="mono" href=${href({ view: 'record', sync, entity, key: row.name, snapshot: row.kind === 'removed' ? from : to })}>${row.key ?? row.name}</a></h3>
        ${row.erased ? html`<p class="small gone">${icon('lock')}What it said was removed since.</p>` : row.kind === 'changed' ? changesInBrief(row.changed)
          : html`<details><summary>What it ${row.kind === 'removed' ? 'said' : 'says'}</summary>${changes(row.changed)}</details>`}</div></li>`;
  }
}
customElements.define('view-compare', Compare);
