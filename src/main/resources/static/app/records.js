import { html, nothing } from 'lit';
import * as api from './api.js';
import { exactly, number } from './format.js';
import { icon } from './icons.js';
import { Paged } from './list.js';
import { blank, moment, notice, pill } from './parts.js';
import { href } from './route.js';
import { brief } from './values.js';
import { STATUS_WORDS, may, status, statusOf } from './words.js';

const SHOWN = 5;
const NAMES = /^(title|name|display_name|code)$/;

/** The records of one entity, now or as they were. */
class Records extends Paged {
  static properties = { declared: { state: true }, open: { state: true } };

  view = 'records';
  place = ['sync', 'entity', 'cols'];
  filters = ['q', 'key', 'status', 'asOf', 'snapshot'];

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('click', this.#elsewhere);
    document.addEventListener('keydown', this.#elsewhere);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('click', this.#elsewhere);
    document.removeEventListener('keydown', this.#elsewhere);
  }

  #elsewhere = (event) => {
    if (this.open && (event.key === 'Escape' || (event.type === 'click' && !this.querySelector('.columns')?.contains(event.target)))) {
      this.open = false;
      if (event.key) {
        this.querySelector('.columns > button')?.focus();
      }
    }
  };

  get #sync() {
    return (this.syncs ?? []).find((sync) => sync.name === this.query.sync) ?? (this.query.sync ? null : this.syncs?.[0] ?? null);
  }

  /** Whoever names no sync or entity sees the first. */
  get asked() {
    const asked = super.asked;
    const sync = asked.sync ?? this.#sync?.name;
    return { ...asked, sync, entity: asked.entity ?? this.#sync?.entities[0]?.entity };
  }

  get ready() {
    return Boolean(this.asked.sync && this.asked.entity);
  }

  get #past() {
    return Boolean(this.asked.asOf || this.asked.snapshot);
  }

  /** A search through text is work for the database, so it is not repeated unasked. */
  every() {
    return this.#past || this.asked.q ? 0 : 15_000;
  }

  async page(cursor, signal) {
    const { cols, ...asked } = this.asked;
    const [declared, page] = await Promise.all([api.entity(asked.sync, asked.entity), api.records(asked, cursor, signal)]);
    this.declared = declared;
    return page;
  }

  render() {
    const { sync, entity } = this.asked;
    const syncs = this.syncs ?? [];
    const other = { cols: null, q: null, key: null };
    return html`
      <div class="head"><div class="head-words"><h1 tabindex="-1">Records</h1>${this.#count()}</div><div class="buttons">${this.list.data ? this.#columnChoice() : nothing}${this.#mayMake ? html`<a class="button primary" href=${href({ view: 'new', sync, entity })}>${icon('plus')}New</a>` : nothing}</div></div>
      ${this.syncs && !syncs.length ? html`<div class="card">${blank('table', 'No sync is declared yet', 'Its records show here once it is, and has run.')}</div>` : html`
        ${this.filterForm(
          syncs.length > 1 || (sync && !this.#sync) ? this.choice('sync', 'Sync', syncs.map((each) => [each.name, each.title]), { all: null, chosen: sync, also: { ...other, entity: null, snapshot: null } }) : nothing,
          this.choice('entity', 'Records', (this.#sync?.entities ?? []).map((each) => [each.entity, each.entity]), { all: null, chosen: entity, also: other }),
          this.text('q', 'Text'),
          this.text('key', 'Key begins with'),
          this.choice('status', 'State', STATUS_WORDS.map((word) => [word, statusOf(word)]), { all: 'Not deleted', off: this.#past }),
          this.when('asOf', 'As of', { also: { snapshot: null, status: null } }))}
        ${this.#then()}
        ${this.body((records) => this.#table(records), () => this.#none())}`}`;
  }

  get #mayMake() {
    const { entity } = this.asked;
    return !this.#past && may(this.me, 'reviewer') && this.declared?.entity === entity && this.declared.creatable;
  }

  #count() {
    const total = this.#sync?.entities.find((each) => each.entity === this.asked.entity)?.total;
    return total === undefined ? nothing : html`<p class="soft">${number(total)} ${this.asked.entity} in ${this.#sync.title}</p>`;
  }

  #then() {
    const { asOf, snapshot, sync } = this.asked;
    return !this.#past ? nothing : html`<div class="notice tone-busy">${icon('clock')}<div><b>You look at the past</b><p>${asOf
      ? html`As the records were at ${exactly(asOf)}.` : html`As the records were when <a href=${href({ view: 'snapshot', sync, number: snapshot })}>snapshot ${snapshot}</a> was sealed.`}</p>
      <button type="button" class="button" @click=${() => this.narrow({ asOf: null, snapshot: null })}>Back to now</button></div></div>`;
  }

  #none() {
    return this.narrowed
      ? blank('search', this.#past ? 'No record was like that' : 'No record is like that', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${this.widen}>Show all records</button>`)
      : blank('table', 'No record yet', 'Records show here as soon as a run has published them.', html`<a class="button" href="/">To the overview</a>`);
  }

  // ---- the table
  /** What was chosen, or the first fields that fit into a table. */
  get #columns() {
    const fields = this.declared?.fields ?? [];
    const chosen = this.query.cols ? this.query.cols.split(',').map((name) => fields.find((field) => field.name === name)).filter(Boolean) : [];
    if (chosen.length) {
      return chosen;
    }
    const plain = fields.filter((field) => field.type !== 'json');
    const named = plain.filter(({ name }) => NAMES.test(name));
    const first = [...named, ...plain.filter((field) => !named.includes(field) && field.name !== 'description')].slice(0, SHOWN);
    return plain.filter((field) => first.includes(field));
  }

  #columnChoice() {
    const chosen = new Set(this.#columns.map(({ name }) => name));
    const flip = (name) => {
      const now = this.declared.fields.map((field) => field.name).filter((each) => chosen.has(each) !== (each === name));
      this.narrow({ cols: now.join(',') });
    };
    return html`<div class="split columns">
      <button type="button" class="button" aria-expanded=${this.open ? 'true' : 'false'} aria-controls="columns" @click=${() => { this.open = !this.open; }}>${icon('table')}Columns${icon('down')}</button>
      <fieldset class="menu" id="columns" ?hidden=${!this.open}><legend class="hidden-text">Columns that are shown</legend>
        ${(this.declared?.fields ?? []).map(({ name }) => html`<label><input type="checkbox" .checked=${chosen.has(name)} @change=${() => flip(name)}><span>${name}</span></label>`)}</fieldset></div>`;
  }

  #table(records) {
    const { sync, entity, asOf, snapshot } = this.asked;
    const columns = this.#columns;
    const figure = ({ type }) => (['integer', 'decimal'].includes(type) ? 'figure' : '');
    return html`
      <div class="card list wide" tabindex="0" role="group" aria-label="${entity}"><table role="table" class="stacks records">
        <caption class="hidden-text">${entity}, in the order of their keys</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Key</th>${columns.map((field) => html`<th role="columnheader" scope="col" class=${figure(field)}>${field.name}</th>`)}
          ${this.#past ? nothing : html`<th role="columnheader" scope="col">State</th>`}<th role="columnheader" scope="col">Since</th></tr></thead>
        <tbody role="rowgroup">${records.map((record) => html`
          <tr role="row" class="run-row"><th role="rowheader" scope="row"><a class="mono" href=${href({ view: 'record', sync, entity, key: record.name, asOf, snapshot })}>${record.key ?? 'no key yet'}</a></th>
            ${columns.map((field) => html`<td role="cell" data-label=${field.name} class="cell ${figure(field)}">${record.fields ? brief(record.fields[field.name]) : html`<span class="faint">removed</span>`}</td>`)}
            ${this.#past ? nothing : html`<td role="cell" data-label="State">${pill(status(record))}</td>`}
            <td role="cell" data-label="Since" class="since">${moment(record.since)}</td></tr>`)}</tbody></table></div>`;
  }
}
customElements.define('view-records', Records);
