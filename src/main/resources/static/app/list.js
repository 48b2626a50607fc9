import { html, nothing } from 'lit';
import { icon } from './icons.js';
import { Loader } from './live.js';
import { Plain, bones, trouble } from './parts.js';
import { go } from './route.js';
import { momentOf, momentWritten } from './format.js';

/**
 * A list that comes in pages and can be narrowed; what narrows it is in the address. Who extends it says:
 *
 * view    its name in the address
 * place   the parts of the address that say what it is a list of
 * filters those that narrow it
 * page    (cursor, signal) => promise of {items, next}
 * every   (page) => milliseconds until its beginning is asked for again; 0 for not at all
 */
export class Paged extends Plain {
  static properties = { me: {}, query: {}, syncs: {}, more: { state: true }, failure: { state: true } };

  list = new Loader(this, (signal) => (this.ready ? this.page(null, signal) : Promise.resolve(null)), (page) => (this.more.length || !page ? 0 : this.every(page)));
  place = [];
  #before = null;

  constructor() {
    super();
    this.more = [];
  }

  get ready() {
    return true;
  }

  every() {
    return 0;
  }

  /** What the address says of the list. */
  get asked() {
    return this.#said([...this.place, ...this.filters]);
  }

  get narrowed() {
    return Object.keys(this.#said(this.filters)).length > 0;
  }

  #said(names) {
    return Object.fromEntries(names.filter((name) => this.query?.[name]).map((name) => [name, this.query[name]]));
  }

  willUpdate() {
    const asked = this.ready ? JSON.stringify(this.asked) : null;
    if (asked !== this.#before && (this.#before !== null || this.list.at)) {
      this.more = [];
      this.failure = null;
      this.list.restart();
    }
    this.#before = asked;
  }

  get items() {
    return [this.list.data, ...this.more].flatMap((page) => page?.items ?? []);
  }

  narrow(changes) {
    go({ view: this.view, ...this.asked, ...changes });
  }

  widen = () => go({ view: this.view, ...this.#said(this.place) });

  /** Reads it from its beginning. */
  again() {
    this.more = [];
    return this.list.refresh();
  }

  // ---- what narrows it
  filterForm(...fields) {
    return html`<form class="filters" aria-label="Filters" @submit=${(event) => event.preventDefault()}>${fields}
      ${this.narrowed ? html`<button type="button" class="button quiet" @click=${this.widen}>${icon('close')}Clear</button>` : nothing}</form>`;
  }

  /** One of some; what the address says and nobody knows is shown as it is. */
  choice(name, label, options, { all = 'All', chosen = this.query?.[name] ?? '', off = false, also = {} } = {}) {
    const known = options.some(([value]) => value === chosen) || !chosen ? options : [...options, [chosen, chosen]];
    return html`<div class="field"><label for="filter-${name}">${label}</label>
      <select id="filter-${name}" ?disabled=${off} @change=${(event) => this.narrow({ ...also, [name]: event.target.value })}>
        ${all === null ? nothing : html`<option value="" ?selected=${!chosen}>${all}</option>`}
        ${known.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}</select></div>`;
  }

  text(name, label, { sort = 'search' } = {}) {
    return html`<div class="field"><label for="filter-${name}">${label}</label>
      <input id="filter-${name}" type=${sort} autocomplete="off" spellcheck="false" .value=${this.query?.[name] ?? ''}
        @change=${(event) => this.narrow({ [name]: event.target.value.trim() })}></div>`;
  }

  /** A moment, in the zone of who looks. */
  when(name, label, { also = {} } = {}) {
    return html`<div class="field moment"><label for="filter-${name}">${label}</label>
      <input id="filter-${name}" type="datetime-local" step="1" .value=${momentWritten(this.query?.[name])}
        @change=${(event) => this.narrow({ ...also, [name]: momentOf(event.target.value) })}></div>`;
  }

  // ---- what is drawn of it
  /** @param drawn  draws the items, of which there is at least one; `empty` is drawn where there is none */
  body(drawn, empty, { older = 'Show more', rows = 8 } = {}) {
    const { data, problem } = this.list;
    if (!data) {
      return problem ? trouble(problem, () => this.list.refresh()) : html`<div class="card waiting">${bones(rows)}</div>`;
    }
    const { items } = this;
    const next = (this.more.at(-1) ?? data).next;
    const wrong = this.failure ?? problem;
    return html`
      ${items.length ? drawn(items) : html`<div class="card">${empty()}</div>`}
      ${wrong ? trouble(wrong, this.failure ? null : () => this.list.refresh()) : nothing}
      ${next ? html`<div class="more"><sl-work .label=${older} .sort=${'down'} .work=${() => this.#older(next)}></sl-work></div>` : nothing}`;
  }

  async #older(cursor) {
    this.failure = null;
    try {
      const page = await this.page(cursor);
      this.more = [...this.more, page];
    } catch (failure) {
      this.failure = failure;
    }
  }
}
