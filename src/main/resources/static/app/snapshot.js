import { html, nothing } from 'lit';
import * as api from './api.js';
import { exactly, many } from './format.js';
import { icon } from './icons.js';
import { Loader } from './live.js';
import { Plain, bones, moment, trouble } from './parts.js';
import { href } from './route.js';
import { noSnapshot } from './snapshots.js';
import { may, modeOf } from './words.js';

const FORMATS = [['csv', 'CSV'], ['jsonl', 'JSON lines'], ['parquet', 'Parquet']];

/** One snapshot: when, by what run, how it is chained, and the records as it sealed them. */
class Snapshot extends Plain {
  static properties = { me: {}, query: {}, syncs: {} };

  #snapshot = new Loader(this, (signal) => api.snapshot(this.query.sync, this.query.number, signal));
  #of = null;

  willUpdate() {
    const of = JSON.stringify([this.query.sync, this.query.number]);
    if (this.#of !== null && this.#of !== of) {
      this.#snapshot.restart();
    }
    this.#of = of;
  }

  render() {
    const { sync, number: one } = this.query;
    const { data, problem } = this.#snapshot;
    return html`
      <p class="way"><a href=${href({ view: 'snapshots', sync })}>Snapshots</a>${icon('next')}<a href=${href({ view: 'snapshots', sync })}>${sync}</a>${icon('next')}<span>Snapshot ${one}</span></p>
      <div class="head run-head"><div><h1 tabindex="-1">Snapshot ${one}</h1></div>
        ${data && data.number > 1 ? html`<a class="button primary" href=${href({ view: 'compare', sync, from: data.number - 1, to: data.number })}>${icon('scales')}What changed with it</a>` : nothing}</div>
      ${data ? this.#page(data) : problem?.status === 404 ? noSnapshot(sync) : problem ? trouble(problem, () => this.#snapshot.refresh()) : html`<div class="card waiting">${bones(6)}</div>`}`;
  }

  #page(snapshot) {
    const { sync } = this.query;
    const entities = (this.syncs ?? []).find((each) => each.name === sync)?.entities ?? [];
    const asOf = { snapshot: snapshot.number };
    return html`
      <section class="card sealed" aria-label="How it came about"><dl class="facts">
        <div><dt>Sealed</dt><dd>${exactly(snapshot.sealedAt)} <span class="soft">(${moment(snapshot.sealedAt)})</span></dd></div>
        <div><dt>By</dt><dd>${snapshot.run ? html`<a href=${href({ view: 'run', id: snapshot.run.run })}>${modeOf(snapshot.run.mode)} ${snapshot.run.run}</a>, asked for by ${snapshot.run.requestedBy}` : '–'}</dd></div>
        <div><dt>Changes</dt><dd>${many(snapshot.changes, 'version')} began with it</dd></div>
        <div><dt>Digest</dt><dd><code>${snapshot.digest}</code></dd></div>
        <div><dt>Digest before</dt><dd><code>${snapshot.previous}</code>${snapshot.number > 1 ? html` <a class="small" href=${href({ view: 'snapshot', sync, number: snapshot.number - 1 })}>Snapshot ${snapshot.number - 1}</a>` : nothing}</dd></div>
      </dl><p class="small soft">The digest covers the one before and every change of this snapshot, so none of them can be changed without the chain showing it.</p></section>
      <h2 class="part-title">The records as it sealed them</h2>
      <div class="card list"><table role="table" class="stacks sealed-records"><caption class="hidden-text">What can be looked at</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Records</th><th role="columnheader" scope="col">Look</th><th role="columnheader" scope="col">Take along</th></tr></thead>
        <tbody role="rowgroup">${entities.map(({ entity }) => html`<tr role="row"><th role="rowheader" scope="row">${entity}</th>
          <td role="cell" data-label="Look"><a href=${href({ view: 'records', sync, entity, ...asOf })}>Records<span class="hidden-text"> of ${entity}</span></a>${
            snapshot.number > 1 ? html` · <a href=${href({ view: 'compare', sync, entity, from: snapshot.number - 1, to: snapshot.number })}>What changed<span class="hidden-text"> in ${entity}</span></a>` : nothing}</td>
          <td role="cell" data-label="Take along">${may(this.me, 'reviewer') ? html`<span class="takes">${FORMATS.map(([format, name]) => html`
            <a href=${api.exportOf(sync, entity, { ...asOf, format })} download>${icon('load')}${name}<span class="hidden-text"> of ${entity}</span></a>`)}</span>`
            : html`<span class="small soft no-role">${icon('lock')}A reviewer can</span>`}</td></tr>`)}</tbody></table></div>`;
  }
}
customElements.define('view-snapshot', Snapshot);
