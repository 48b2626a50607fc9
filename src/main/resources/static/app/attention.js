import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { many, number } from './format.js';
import { icon } from './icons.js';
import { Paged } from './list.js';
import { RunWatch } from './live.js';
import { Plain, askFor, blank, bones, moment, say, sign, told, trouble } from './parts.js';
import { href } from './route.js';
import { shown, sides } from './values.js';
import { KIND_WORDS, isActive, kind, may } from './words.js';

/** The one list of what waits for a person. */
class Attention extends Paged {
  view = 'attention';
  filters = ['sync', 'entity', 'kind', 'q'];
  #watch = null;

  disconnectedCallback() {
    this.#watch?.close();
    super.disconnectedCallback();
  }

  page(cursor, signal) {
    return api.attention(this.asked, cursor, signal);
  }

  every() {
    return 10_000;
  }

  render() {
    const syncs = this.syncs ?? [];
    const entities = syncs.filter((sync) => !this.query.sync || sync.name === this.query.sync).flatMap((sync) => sync.entities.map((each) => each.entity));
    return html`
      <div class="head"><h1 tabindex="-1">Needs attention</h1><p class="soft">Each was set aside with its reason; everything else went on.</p></div>
      ${this.filterForm(
        this.choice('sync', 'Sync', syncs.map((sync) => [sync.name, sync.title]), { also: { entity: null } }),
        this.choice('entity', 'Records', [...new Set(entities)].map((name) => [name, name])),
        this.choice('kind', 'Why', KIND_WORDS.map((word) => [word, kind(word).text])),
        this.text('q', 'Key or reason'))}
      ${this.body((items) => this.#all(items), () => this.#none())}`;
  }

  #none() {
    return this.narrowed
      ? blank('inbox', 'Nothing like that waits', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${this.widen}>Show everything</button>`)
      : blank('check', 'Nothing waits for you', 'Records that do not fit, deletes that are held and conflicts show here, each with its reason.');
  }

  #all(items) {
    const loose = items.filter((item) => item.kind !== 'held');
    return html`
      ${this.#held(items.filter((item) => item.kind === 'held'))}
      ${loose.length ? html`<ul class="card items">${repeat(loose, (item) => item.id, (item) => this.#item(item))}</ul>` : nothing}`;
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
        <div class="item-why"><h2>${item.recordHref ? html`<a class="mono" href=${href({ view: 'record', sync: item.sync, entity: item.entity, key: api.nameIn(item.recordHref) })}>${item.key ?? 'A record of ours'}</a>`
            : item.key ? html`<span class="mono">${item.key}</span>` : 'No readable key'}</h2><p>${item.reason}</p>
          ${item.fields?.length ? html`<p class="small">Apart in <code>${item.fields.join(', ')}</code></p>` : nothing}
          <p class="soft small">First seen ${moment(item.since)}, last in <a href=${href({ view: 'run', id: item.run })}>run ${item.run}</a>${
            item.attempts > 1 ? html` · tried ${number(item.attempts)} times` : nothing}${item.nextAttemptAt ? html` · next try ${moment(item.nextAttemptAt)}` : nothing}</p>
          <waiting-record .id=${item.id}></waiting-record></div>
        <div class="item-do">
          ${item.kind === 'conflict' ? html`<a class="button" href=${href({ view: 'conflict', sync: item.sync, id: item.id.slice(1) })}>${may(this.me, 'reviewer') ? 'Decide' : 'Look'}</a>` : nothing}
          ${['refused', 'unknown'].includes(item.kind) && item.recordHref ? html`<a class="button" href=${href({ view: 'pushes', sync: item.sync, record: api.nameIn(item.recordHref) })}>In the outbox</a>` : nothing}
          ${may(this.me, 'operator') && !['conflict', 'unknown'].includes(item.kind) ? html`<sl-work .label=${'Retry'} .sort=${'refresh'} .work=${() => this.#retry(item, name)}></sl-work>` : nothing}
          ${may(this.me, 'reviewer') && item.kind !== 'conflict' ? html`<button type="button" class="button quiet" @click=${() => this.#discard(item, name)}>Discard…</button>` : nothing}
        </div>
      </li>`;
  }

  #changed() {
    this.dispatchEvent(new Event('changed', { bubbles: true }));
    return this.again();
  }

  /** What waits is listed anew as soon as the run ends that was asked for here. */
  #follow(run) {
    this.#watch?.close();
    this.#watch = new RunWatch(run, (report) => isActive(report) || this.#changed());
  }

  async #retry(item, name) {
    this.failure = null;
    try {
      const answer = await api.retry(item.id);
      say(`${name} is asked for again.`, answer?.run ? { href: href({ view: 'run', id: answer.run }), text: `Run ${answer.run}` } : null);
      if (answer?.run) {
        this.#follow(answer.run);
      }
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
        this.#follow(this.approval.run);
        await this.#changed();
      }
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
    return html`<div class="told small"><p>${told(detail.whatToDo)}</p>
      ${detail.kind === 'conflict' ? this.#sides(detail) : detail.record ? this.#fields(detail.record) : detail.asRead ? html`<pre tabindex="0">${detail.asRead}</pre>` : nothing}</div>`;
  }

  #fields(record) {
    return html`<dl class="fields">${Object.entries(record).map(([name, value]) => html`<dt>${name}</dt><dd>${shown(value)}</dd>`)}</dl>`;
  }

  #sides({ fields, base, theirs, ours }) {
    return html`${theirs ? nothing : html`<p>They have deleted it.</p>`}
      ${sides((fields.length ? fields : Object.keys(ours ?? {})).map((field) => ({ field, base: base?.[field], theirs: theirs?.[field], ours: ours?.[field] })))}`;
  }
}
customElements.define('waiting-record', WaitingRecord);
