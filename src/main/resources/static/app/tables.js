import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { many } from './format.js';
import { icon } from './icons.js';
import './imports.js';
import { Paged } from './list.js';
import { Loader } from './live.js';
import { Plain, blank, bones, moment, pill, trouble } from './parts.js';
import { href } from './route.js';
import { brief, shown } from './values.js';
import { ROW_WORDS, named, rowState } from './words.js';

const figure = (type) => (['integer', 'decimal'].includes(type) ? 'figure' : '');

/** How a row stands, with what the supplier's file said where people changed it. */
function standing(row) {
  const said = Object.entries(row.imported ?? {});
  return html`${pill(rowState(row.endedAt ? 'ended' : !row.source ? 'made-here' : said.length ? 'changed-here' : 'listed'))}
    ${row.endedAt ? html`<span class="under soft">since ${moment(row.endedAt)}</span>` : nothing}
    ${said.map(([field, value]) => html`<span class="under soft">the file said ${field} ${shown(value)}</span>`)}`;
}

/** The declared fields, then the columns that people added. */
const columnsOf = (table, rows) => [...table.fields, ...[...new Set(rows.flatMap((row) => Object.keys(row.fields)))].filter((name) => !table.fields.some((field) => field.name === name)).map((name) => ({ name, type: 'text' }))];

const cells = (columns, row) => html`${columns.map(({ name, type }) => html`<td role="cell" data-label=${name} class="cell ${figure(type)}">${brief(row.fields[name])}</td>`)}
  <td role="cell" data-label="State">${standing(row)}</td>
  <td role="cell" data-label="Since" class="since">${moment(row.since)}<span class="under soft">${row.source ? html`${row.source}'s file` : 'by hand'}</span></td>`;

const heads = (columns) => html`${columns.map(({ name, type }) => html`<th role="columnheader" scope="col" class=${figure(type)}>${name}</th>`)}<th role="columnheader" scope="col">State</th><th role="columnheader" scope="col">Since</th>`;

/** A table that people have beside the records, such as vendors' prices: found, and filled from files. */
class Tables extends Paged {
  static properties = { tables: {} };

  view = 'tables';
  place = ['sync', 'table'];
  filters = ['q', 'source', 'state', 'record'];

  /** Whoever names none sees the first. */
  get #table() {
    const { sync, table } = this.query;
    return (this.tables ?? []).find((each) => (!sync || each.sync === sync) && (!table || each.table === table)) ?? null;
  }

  get asked() {
    return { ...super.asked, sync: this.#table?.sync, table: this.#table?.table };
  }

  get ready() {
    return Boolean(this.#table);
  }

  page(cursor, signal) {
    return api.tableRows(this.asked, cursor, signal);
  }

  every() {
    return this.asked.q ? 0 : 15_000;
  }

  render() {
    const table = this.#table;
    const tables = this.tables ?? [];
    if (!table) {
      return html`<div class="head"><h1 tabindex="-1">Tables</h1></div>${this.tables ? html`<div class="card">${blank('table', 'There is no such table', 'Tables of your own, such as vendors\' prices, are declared under localTables in a sync\'s file.')}</div>` : html`<div class="card waiting">${bones(6)}</div>`}`;
    }
    const suppliers = [...new Set(table.imports.flatMap((each) => each.suppliers.map(({ supplier }) => supplier)))];
    return html`
      <div class="head"><div class="head-words"><h1 tabindex="-1">${named(table.table)}</h1><p class="soft">Yours, beside the ${table.entity} of ${this.syncs?.find((sync) => sync.name === table.sync)?.title ?? table.sync}: no sync reads or writes them.</p></div></div>
      ${table.imports.map((each) => html`<own-imports .me=${this.me} .of=${{ sync: table.sync, name: each.import }} .declared=${each} @changed=${() => this.again()}></own-imports>`)}
      ${this.filterForm(
        tables.length > 1 ? this.choice('table', 'Table', tables.map((each) => [each.table, named(each.table)]), { all: null, chosen: table.table }) : nothing,
        this.text('q', 'Text'),
        this.text('record', `Key in ${table.entity}`),
        suppliers.length ? this.choice('source', 'From', suppliers.map((each) => [each, each])) : nothing,
        this.choice('state', 'State', ROW_WORDS.map((word) => [word, rowState(word).text])))}
      ${this.body((rows) => this.#rows(table, rows), () => this.#none(table))}`;
  }

  #none(table) {
    return this.narrowed
      ? blank('search', 'No row is like that', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${this.widen}>Show all</button>`)
      : blank('table', 'Nothing is in it yet', table.imports.length ? 'Files that are imported show here, and so does what people write into the table in SQL.' : 'What people write into the table in SQL shows here.');
  }

  /** Record by record. */
  #rows(table, rows) {
    const columns = columnsOf(table, rows);
    const groups = [];
    for (const row of rows) {
      if (groups.at(-1)?.record.name !== row.record.name) {
        groups.push({ record: row.record, rows: [] });
      }
      groups.at(-1).rows.push(row);
    }
    return html`
      <div class="card list wide" tabindex="0" role="group" aria-label=${named(table.table)}><table role="table" class="stacks own">
        <caption class="hidden-text">${named(table.table)}, ${table.entity} by ${table.entity}</caption>
        <thead role="rowgroup"><tr role="row">${heads(columns)}</tr></thead>
        ${repeat(groups, ({ record }) => record.name, ({ record, rows: own }) => html`<tbody role="rowgroup">
          <tr role="row" class="of"><th role="rowheader" scope="rowgroup" colspan=${columns.length + 2}><a href=${href({ view: 'record', sync: table.sync, entity: table.entity, key: record.name })}>${record.title || record.key || 'A record without a key yet'}</a>
            ${record.title ? html`<span class="mono soft small">${record.key ?? record.name}</span>` : nothing}${record.deleted ? html` ${pill({ icon: 'minus', text: 'Deleted', tone: 'calm' })}` : nothing} <span class="small soft">${many(own.length, 'row')}</span></th></tr>
          ${own.map((row) => html`<tr role="row" class=${row.endedAt ? 'is-ended' : ''}>${cells(columns, row)}</tr>`)}</tbody>`)}</table></div>`;
  }
}
customElements.define('view-tables', Tables);

/** What people keep beside one record, in all of their tables. */
class RecordTables extends Plain {
  static properties = { of: {} };

  #found = new Loader(this, (signal) => this.#read(signal), () => 30_000);
  #which = null;

  willUpdate() {
    const which = JSON.stringify(this.of);
    if (this.#which !== null && this.#which !== which) {
      this.#found.restart();
    }
    this.#which = which;
  }

  async #read(signal) {
    if (!this.of) {
      return [];
    }
    const { sync, entity, key } = this.of;
    const tables = (await api.tables(signal)).filter((each) => each.sync === sync && each.entity === entity);
    return Promise.all(tables.map(async (table) => ({ table, ...(await api.tableRows({ sync, table: table.table, record: key }, null, signal, 20)) })));
  }

  render() {
    const { data, problem } = this.#found;
    return html`${(data ?? []).map(({ table, items, next }) => this.#table(table, items, next))}${problem && !data ? trouble(problem, () => this.#found.refresh()) : nothing}`;
  }

  #table(table, rows, next) {
    const id = `own-${table.table}`;
    const all = href({ view: 'tables', sync: table.sync, table: table.table, record: this.of.key });
    const columns = columnsOf(table, rows);
    return html`<section class="card own-of" aria-labelledby=${id}><header><h2 id=${id}>${named(table.table)}</h2>${rows.length ? html`<a class="small" href=${all}>${next ? 'All of them' : 'In the table'}</a>` : nothing}</header>
      ${rows.length ? html`<ul>${rows.map((row) => html`<li class=${row.endedAt ? 'is-ended' : ''}><dl>${columns.filter(({ name }) => row.fields[name] !== null && row.fields[name] !== '').map(({ name, type }) => html`<div class=${figure(type)}><dt>${name}</dt><dd>${brief(row.fields[name])}</dd></div>`)}</dl>
          <p class="small">${standing(row)} <span class="soft">${row.source ? html`from ${row.source}'s file` : 'by hand'}, ${moment(row.since)}</span></p></li>`)}</ul>`
        : html`<p class="small soft">${icon('table')} None of them belong to it.</p>`}</section>`;
  }
}
customElements.define('record-tables', RecordTables);
