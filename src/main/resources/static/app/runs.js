import { html, nothing } from 'lit';
import * as api from './api.js';
import { duration, number } from './format.js';
import { icon } from './icons.js';
import { Paged } from './list.js';
import { blank, moment, pill } from './parts.js';
import { href } from './route.js';
import { MODE_WORDS, STATE_WORDS, isActive, mode, modeOf, outcomes, state } from './words.js';

/** Every run, the newest first. */
class Runs extends Paged {
  view = 'runs';
  filters = ['sync', 'state', 'mode', 'trigger'];

  page(cursor, signal) {
    return api.runs(this.asked, cursor, signal);
  }

  every(page) {
    return page.items.some(isActive) ? 2_000 : 10_000;
  }

  render() {
    return html`
      <div class="head"><h1 tabindex="-1">Runs</h1>
        <a class="button" href=${api.runsCsv(this.asked)} download="runs.csv">${icon('load')}CSV</a></div>
      ${this.filterForm(
        this.choice('sync', 'Sync', (this.syncs ?? []).map((sync) => [sync.name, sync.title])),
        this.choice('state', 'Outcome', STATE_WORDS.map((word) => [word, state(word).text])),
        this.choice('mode', 'Kind', MODE_WORDS.map((word) => [word, modeOf(word)])))}
      ${this.body((runs) => this.#table(runs), () => this.#none(), { older: 'Show older runs' })}`;
  }

  #none() {
    return this.narrowed
      ? blank('table', 'No run is like that', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${this.widen}>Show all runs</button>`)
      : blank('table', 'No run yet', 'Runs show here as soon as somebody, or a schedule, asks for one.', html`<a class="button" href="/">To the overview</a>`);
  }

  #table(runs) {
    return html`
      <div class="card list">
        <table role="table" class="stacks runs">
          <caption class="hidden-text">Runs, the newest first</caption>
          <thead role="rowgroup"><tr role="row">${['Run', 'Outcome', 'What it did'].map((text) => html`<th role="columnheader" scope="col">${text}</th>`)}
            <th role="columnheader" scope="col" class="figure">Read</th><th role="columnheader" scope="col" class="figure">Took</th>
            <th role="columnheader" scope="col">Asked for</th></tr></thead>
          <tbody role="rowgroup">${runs.map((run) => this.#row(run))}</tbody>
        </table>
      </div>`;
  }

  #row(run) {
    const told = outcomes(run.counts).filter(({ part }) => part !== 'same').slice(0, 3);
    return html`
      <tr role="row" class="run-row">
        <th role="rowheader" scope="row"><a href=${href({ view: 'run', id: run.run })}>${mode(run)} ${run.run}</a>
          <span class="soft under">${run.sync}${run.entity ? html` · ${run.entity}` : nothing}${run.key ? html` · <span class="mono">${run.key}</span>` : nothing}</span></th>
        <td role="cell" data-label="Outcome">${pill(state(run.state))}</td>
        <td role="cell" data-label="What it did" class="did">${run.failure ? html`<span class="why tone-${state(run.state).tone}">${run.failure}</span>`
          : told.length ? told.map(({ count, text }) => html`<span class="bit"><b>${number(count)}</b> ${text}</span>`)
          : html`<span class="faint">${isActive(run) ? 'under way' : 'no change'}</span>`}</td>
        <td role="cell" data-label="Read" class="figure">${number(run.delivered)}</td>
        <td role="cell" data-label="Took" class="figure">${duration(run.durationMs)}</td>
        <td role="cell" data-label="Asked for">${moment(run.requestedAt)} <span class="soft under">by ${run.requestedBy}</span></td>
      </tr>`;
  }
}
customElements.define('view-runs', Runs);
