import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { many, number } from './format.js';
import { icon } from './icons.js';
import { Loader } from './live.js';
import { Plain, askFor, blank, bones, moment, say, sign, trouble } from './parts.js';
import { go, href } from './route.js';
import { KIND_WORDS, kind, may } from './words.js';

const FILTERS = ['sync', 'entity', 'kind', 'q'];

/** The one list of what waits for a person. */
class Attention extends Plain {
  static properties = { me: {}, query: {}, syncs: {}, more: { state: true }, failure: { state: true } };

  #list = new Loader(this, (signal) => api.attention(this.#filters, null, signal), () => (this.more?.length ? 0 : 10_000));
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
    const syncs = this.syncs ?? [];
    const entities = syncs.filter((sync) => !this.query.sync || sync.name === this.query.sync).flatMap((sync) => sync.entities.map((each) => each.entity));
    return html`
      <div class="head"><h1 tabindex="-1">Needs attention</h1><p class="soft">Each was set aside with its reason; everything else went on.</p></div>
      <form class="filters" aria-label="Filters" @submit=${(event) => event.preventDefault()}>
        ${this.#choice('sync', 'Sync', syncs.map((sync) => [sync.name, sync.title]))}
        ${this.#choice('entity', 'Records', [...new Set(entities)].map((name) => [name, name]))}
        ${this.#choice('kind', 'Why', KIND_WORDS.map((word) => [word, kind(word).text]))}
        <div class="field"><label for="filter-q">Key or reason</label>
          <input id="filter-q" type="search" autocomplete="off" .value=${this.query.q ?? ''} @change=${(event) => go({ ...this.#filters, view: 'attention', q: event.target.value.trim() })}></div>
        ${filtered ? html`<button type="button" class="button quiet" @click=${() => go({ view: 'attention' })}>${icon('close')}Clear</button>` : nothing}
      </form>
      ${this.#body(filtered)}`;
  }

  #choice(name, label, options) {
    const chosen = this.query?.[name] ?? '';
    const known = options.some(([value]) => value === chosen) || !chosen ? options : [...options, [chosen, chosen]];
    return html`<div class="field"><label for="filter-${name}">${label}</label>
      <select id="filter-${name}" @change=${(event) => go({ ...this.#filters, view: 'attention', [name]: event.target.value })}>
        <option value="" ?selected=${!chosen}>All</option>
        ${known.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}</select></div>`;
  }

  #body(filtered) {
    const { data, problem } = this.#list;
    if (!data) {
      return problem ? trouble(problem, () => this.#list.refresh()) : html`<div class="card waiting">${bones(8)}</div>`;
    }
    const items = [...data.items, ...(this.more ?? []).flatMap((page) => page.items)];
    if (!items.length) {
      return html`<div class="card">${filtered
        ? blank('inbox', 'Nothing like that waits', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${() => go({ view: 'attention' })}>Show everything</button>`)
        : blank('check', 'Nothing waits for you', 'Records that do not fit, deletes that are held and conflicts show here, each with its reason.')}</div>`;
    }
    const next = this.more?.length ? this.more.at(-1).next : data.next;
    const loose = items.filter((item) => item.kind !== 'held');
    return html`
      ${this.#held(items.filter((item) => item.kind === 'held'))}
      ${loose.length ? html`<ul class="card items">${repeat(loose, (item) => item.id, (item) => this.#item(item))}</ul>` : nothing}
      ${this.failure ?? problem ? trouble(this.failure ?? problem) : nothing}
      ${next ? html`<div class="more"><sl-work .label=${'Show more'} .sort=${'down'} .work=${() => this.#older(next)}></sl-work></div>` : nothing}`;
  }

  /** Deletes are decided together, as the run holds them. */
  #held(items) {
    return items.map((item) => html`
      <section class="card held" aria-label="Held deletes of ${item.entity}">
        <header>${sign(kind('held'))}<h2>${many(item.records, 'delete')} of ${item.entity} ${item.records === 1 ? 'waits' : 'wait'} for approval</h2></header>
        <p>${item.reason}</p>
        <p class="soft small">${item.sync} · <a href=${href({ view: 'run', id: item.run })}>Run ${item.run}</a> · ${moment(item.lastSeenAt)}</p>
        ${may(this.me, 'reviewer') ? html`<div class="item-do"><button type="button" class="button" @click=${() => this.#approve(item)}>Look and approve…</button>
          <button type="button" class="button quiet" @click=${() => this.#discard(item, `deletes of ${item.entity}`)}>Refuse…</button></div>`
          : html`<p class="small soft no-role">${icon('lock')}A reviewer approves them.</p>`}
      </section>`);
  }

  #item(item) {
    const name = item.key ?? 'a record without a readable key';
    return html`
      <li class="item">
        <div class="item-what">${sign(kind(item.kind))}<span class="small"><a href=${href({ view: 'attention', sync: item.sync, entity: item.entity })}>${item.sync} · ${item.entity}</a></span></div>
        <div class="item-why"><h2>${item.key ? html`<span class="mono">${item.key}</span>` : 'No readable key'}</h2><p>${item.reason}</p>
          ${item.fields?.length ? html`<p class="small">Apart in <code>${item.fields.join(', ')}</code></p>` : nothing}
          <p class="soft small">First seen ${moment(item.since)}, last in <a href=${href({ view: 'run', id: item.run })}>run ${item.run}</a>${
            item.attempts > 1 ? html` · tried ${number(item.attempts)} times` : nothing}${item.nextAttemptAt ? html` · next try ${moment(item.nextAttemptAt)}` : nothing}</p>
          <waiting-record .id=${item.id}></waiting-record></div>
        <div class="item-do">
          ${may(this.me, 'operator') && item.kind !== 'conflict' ? html`<sl-work .label=${'Retry'} .sort=${'refresh'} .work=${() => this.#retry(item, name)}></sl-work>` : nothing}
          ${may(this.me, 'reviewer') && item.kind !== 'conflict' ? html`<button type="button" class="button quiet" @click=${() => this.#discard(item, name)}>Discard…</button>` : nothing}
        </div>
      </li>`;
  }

  #changed() {
    this.more = [];
    this.dispatchEvent(new Event('changed', { bubbles: true }));
    return this.#list.refresh();
  }

  async #retry(item, name) {
    this.failure = null;
    try {
      const answer = await api.retry(item.id);
      say(`${name} is asked for again.`, answer?.run ? { href: href({ view: 'run', id: answer.run }), text: `Run ${answer.run}` } : null);
    } catch (failure) {
      this.failure = failure;
    }
    await this.#changed();
  }

  async #discard(item, name) {
    if (await askFor({
      title: item.kind === 'held' ? `Refuse the ${name}?` : `Discard ${name}?`,
      text: item.kind === 'held' ? 'Nothing is deleted. The next run that finds them gone holds them again.'
        : 'It leaves this list. A later read that shows it failing brings it back. Your reason stays with it.',
      quote: item.reason, field: 'Reason', confirm: item.kind === 'held' ? 'Refuse' : 'Discard', look: 'danger', work: (reason) => api.discard(item.id, reason),
    })) {
      say(item.kind === 'held' ? `The ${name} are refused.` : `${name} is discarded.`);
      await this.#changed();
    }
  }

  async #approve(item) {
    this.failure = null;
    try {
      const held = await api.held(item.run, item.entity);
      if (await askFor({
        title: `Delete ${many(held.count, 'record')} of ${item.entity}?`,
        text: 'Everything is read again first. What is back at the source stays, and nothing is deleted that is not held now.',
        quote: `${held.reason ?? ''} ${held.keys.join(', ')}${held.count > held.keys.length ? ', …' : ''}`.trim(),
        confirm: `Approve ${many(held.count, 'delete')}`, look: 'danger', work: async () => { this.approval = await api.approve(item.run, item.entity); },
      })) {
        say('Approved: everything is read again now.', { href: href({ view: 'run', id: this.approval.run }), text: `Run ${this.approval.run}` });
        await this.#changed();
      }
    } catch (failure) {
      this.failure = failure;
    }
  }

  async #older(cursor) {
    this.failure = null;
    try {
      const page = await api.attention(this.#filters, cursor);
      this.more = [...(this.more ?? []), page];
    } catch (failure) {
      this.failure = failure;
    }
  }
}
customElements.define('view-attention', Attention);

/** What is known of one thing that waits, asked for when somebody wants to see it. */
class WaitingRecord extends Plain {
  static properties = { id: {}, detail: { state: true }, failure: { state: true } };

  render() {
    return html`<details @toggle=${this.#toggled}><summary>Details</summary>
      ${this.failure ? trouble(this.failure) : this.detail ? this.#told(this.detail) : bones(2)}</details>`;
  }

  #toggled = async (event) => {
    if (event.target.open && !this.detail) {
      try {
        this.failure = null;
        this.detail = await api.waiting(this.id);
      } catch (failure) {
        this.failure = failure;
      }
    }
  };

  #told(detail) {
    return html`<div class="told small"><p>${detail.whatToDo}</p>
      ${detail.kind === 'conflict' ? this.#sides(detail) : detail.record ? this.#fields(detail.record) : detail.asRead ? html`<pre tabindex="0">${detail.asRead}</pre>` : nothing}</div>`;
  }

  #fields(record) {
    return html`<dl class="fields">${Object.entries(record).map(([name, value]) => html`<dt>${name}</dt><dd class="mono">${written(value)}</dd>`)}</dl>`;
  }

  #sides({ fields, base, theirs, ours }) {
    return html`<div class="sides" tabindex="0" role="group" aria-label="Both sides"><table><thead><tr><th scope="col">Field</th><th scope="col">Agreed</th><th scope="col">Theirs</th><th scope="col">Ours</th></tr></thead>
      <tbody>${(fields.length ? fields : Object.keys(ours ?? {})).map((field) => html`<tr><th scope="row">${field}</th>
        <td class="mono">${written(base?.[field])}</td><td class="mono">${theirs ? written(theirs[field]) : 'deleted'}</td><td class="mono">${written(ours?.[field])}</td></tr>`)}</tbody></table></div>`;
  }
}
customElements.define('waiting-record', WaitingRecord);

const written = (value) => (value === null || value === undefined ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value));
