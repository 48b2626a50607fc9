import { html, nothing } from 'lit';
import * as api from './api.js';
import { duration, number } from './format.js';
import { icon } from './icons.js';
import { Loader } from './live.js';
import { Plain, blank, bones, moment, pill, trouble } from './parts.js';
import { go, href } from './route.js';
import { MODE_WORDS, STATE_WORDS, isActive, mode, modeOf, outcomes, state } from './words.js';

const FILTERS = ['sync', 'state', 'mode', 'trigger'];

/** Every run, the newest first. */
class Runs extends Plain {
  static properties = { me: {}, query: {}, syncs: {}, more: { state: true }, failure: { state: true } };

  #list = new Loader(this, (signal) => api.runs(this.#filters, null, signal), (page) => (this.more?.length ? 0 : page?.items.some(isActive) ? 2_000 : 10_000));
  #asked = null;

  get #filters() {
    return Object.fromEntries(FILTERS.filter((name) => this.query?.[name]).map((name) => [name, this.query[name]]));
  }

  willUpdate(changed) {
    const asked = JSON.stringify(this.#filters);
    if (changed.has('query') && this.#asked !== null && this.#asked !== asked) {
      this.more = [];
      this.#list.restart();
    }
    this.#asked = asked;
  }

  render() {
    const filtered = Object.keys(this.#filters).length > 0;
    return html`
      <div class="head"><h1 tabindex="-1">Runs</h1>
        <a class="button" href=${api.runsCsv(this.#filters)} download="runs.csv">${icon('load')}CSV</a></div>
      <form class="filters" aria-label="Filters" @submit=${(event) => event.preventDefault()}>
        ${this.#choice('sync', 'Sync', (this.syncs ?? []).map((sync) => [sync.name, sync.title]))}
        ${this.#choice('state', 'Outcome', STATE_WORDS.map((word) => [word, state(word).text]))}
        ${this.#choice('mode', 'Kind', MODE_WORDS.map((word) => [word, modeOf(word)]))}
        ${filtered ? html`<button type="button" class="button quiet" @click=${() => go({ view: 'runs' })}>${icon('close')}Clear</button>` : nothing}
      </form>
      ${this.#body(filtered)}`;
  }

  #choice(name, label, options) {
    const chosen = this.query?.[name] ?? '';
    const known = options.some(([value]) => value === chosen) || !chosen ? options : [...options, [chosen, chosen]];
    return html`<div class="field"><label for="filter-${name}">${label}</label>
      <select id="filter-${name}" @change=${(event) => go({ ...this.#filters, view: 'runs', [name]: event.target.value })}>
        <option value="" ?selected=${!chosen}>All</option>
        ${known.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}</select></div>`;
  }

  #body(filtered) {
    const { data, problem } = this.#list;
    if (!data) {
      return problem ? trouble(problem, () => this.#list.refresh()) : html`<div class="card waiting">${bones(8)}</div>`;
    }
    const runs = [...data.items, ...(this.more ?? []).flatMap((page) => page.items)];
    if (!runs.length) {
      return html`<div class="card">${filtered
        ? blank('table', 'No run is like that', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${() => go({ view: 'runs' })}>Show all runs</button>`)
        : blank('table', 'No run yet', 'Runs show here as soon as somebody, or a schedule, asks for one.', html`<a class="button" href="/">To the overview</a>`)}</div>`;
    }
    const next = this.more?.length ? this.more.at(-1).next : data.next;
    return html`
      <div class="card list">
        <table role="table" class="stacks runs">
          <caption class="hidden-text">Runs, the newest first</caption>
          <thead role="rowgroup"><tr role="row">${['Run', 'Outcome', 'What it did'].map((text) => html`<th role="columnheader" scope="col">${text}</th>`)}
            <th role="columnheader" scope="col" class="figure">Read</th><th role="columnheader" scope="col" class="figure">Took</th>
            <th role="columnheader" scope="col">Asked for</th></tr></thead>
          <tbody role="rowgroup">${runs.map((run) => this.#row(run))}</tbody>
        </table>
      </div>
      ${this.failure ?? problem ? trouble(this.failure ?? problem) : nothing}
      ${next ? html`<div class="more"><sl-work .label=${'Show older runs'} .sort=${'down'} .work=${() => this.#older(next)}></sl-work></div>` : nothing}`;
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

  async #older(cursor) {
    this.failure = null;
    try {
      const page = await api.runs(this.#filters, cursor);
      this.more = [...(this.more ?? []), page];
    } catch (failure) {
      this.failure = failure;
    }
  }
}
customElements.define('view-runs', Runs);
