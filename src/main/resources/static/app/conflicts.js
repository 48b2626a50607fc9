import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { many, number } from './format.js';
import { icon } from './icons.js';
import { Paged } from './list.js';
import { blank, moment, notice, pill, sign } from './parts.js';
import { go, href } from './route.js';
import { changesInBrief } from './values.js';
import { CONFLICT_WORDS, conflict as kind, decided, may, writes } from './words.js';

/** Whether somebody types, or presses something: then a key is theirs. */
export const isTaken = (event) => event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || Boolean(document.querySelector('dialog[open]'))
  || Boolean(event.target.closest?.('input:not([type="radio"], [type="checkbox"]), textarea, select'));
/** Whether Enter presses something already. */
export const isPressed = (event) => Boolean(event.target.closest?.('a, button, summary, input, textarea, select'));

const FEW = 5;
export const CONFLICT_FILTERS = ['entity', 'field', 'kind', 'q'];

/** Records that both sides changed: found, opened and decided about, one or many. */
class Conflicts extends Paged {
  static properties = { current: { state: true }, chosen: { state: true }, all: { state: true }, reason: { state: true }, preview: { state: true }, refusal: { state: true }, busy: { state: true }, done: { state: true } };

  view = 'conflicts';
  place = ['sync'];
  filters = [...CONFLICT_FILTERS, 'state'];
  #of = null;

  constructor() {
    super();
    Object.assign(this, { current: 0, chosen: new Set(), all: false, reason: '' });
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.#key);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#key);
  }

  /** Whoever names no sync sees the first that has any. */
  get asked() {
    const asked = super.asked;
    const found = this.syncs?.find((sync) => sync.entities.some((each) => each.conflicts)) ?? this.syncs?.[0];
    return { ...asked, sync: asked.sync ?? found?.name };
  }

  get ready() {
    return Boolean(this.asked.sync);
  }

  willUpdate() {
    super.willUpdate();
    const of = JSON.stringify(this.asked);
    if (this.#of !== null && this.#of !== of) {
      Object.assign(this, { current: 0, chosen: new Set(), all: false, done: null });
    }
    this.#of = of;
  }

  page(cursor, signal) {
    return api.conflicts(this.asked, cursor, 50, signal);
  }

  every() {
    return this.asked.q ? 0 : 10_000;
  }

  get #counts() {
    return this.list.data?.counts ?? { state: {}, entity: {}, kind: {}, field: {} };
  }

  /** Those that can be decided about. */
  get #open() {
    return this.items.filter((each) => each.state === 'open' && !each.waiting);
  }

  #at(conflict) {
    const { sync, state, ...filters } = this.asked;
    return { view: 'conflict', sync, id: conflict.id, ...filters };
  }

  // ---- by keyboard
  #key = (event) => {
    if (isTaken(event) || !this.items.length) {
      return;
    }
    if (event.key === 'j' || event.key === 'k') {
      this.current = Math.min(Math.max(this.current + (event.key === 'j' ? 1 : -1), 0), this.items.length - 1);
      this.#row(this.current)?.focus();
    } else if (event.key === 'x' && this.items[this.current]?.state === 'open' && may(this.me, 'reviewer')) {
      this.#tick(this.items[this.current].id);
    } else if (event.key === 'Enter' && !isPressed(event)) {
      event.preventDefault();
      go(this.#at(this.items[this.current]));
    }
  };

  #row(place) {
    return this.querySelectorAll('.conflict-row h2 a')[place];
  }

  // ---- what is shown
  render() {
    const { sync, entity } = this.asked;
    const syncs = this.syncs ?? [];
    const { state, field, kind: kinds } = this.#counts;
    const counted = (text, count) => (count === undefined ? text : `${text} (${number(count)})`);
    return html`
      <div class="head"><div class="head-words"><h1 tabindex="-1">Conflicts</h1>${this.list.data ? html`<p class="soft">${many(state.open ?? 0, 'waits', 'wait')} for a decision${this.narrowed ? ', of those that fit' : ''}</p>` : nothing}</div>
        <p class="small soft keys" aria-hidden="true"><kbd>j</kbd><kbd>k</kbd> move ${may(this.me, 'reviewer') ? html`<kbd>x</kbd> select ` : nothing}<kbd>Enter</kbd> open</p></div>
      ${this.syncs && !syncs.length ? html`<div class="card">${blank('branch', 'No sync is declared yet', 'What two sides disagree about shows here.')}</div>` : html`
        ${this.filterForm(
          syncs.length > 1 ? this.choice('sync', 'Sync', syncs.map((each) => [each.name, each.title]), { all: null, chosen: sync, also: { entity: null, field: null } }) : nothing,
          this.choice('entity', 'Records', (syncs.find((each) => each.name === sync)?.entities ?? []).map((each) => [each.entity, counted(each.entity, this.#counts.entity[each.entity])]), { chosen: entity ?? '' }),
          this.choice('field', 'Apart in', Object.entries(field).map(([name, count]) => [name, counted(name, count)])),
          this.choice('kind', 'What happened', CONFLICT_WORDS.map((word) => [word, counted(kind(word).text, kinds[word])])),
          this.choice('state', 'State', [['settled', counted('Settled', state.settled)], ['all', 'All']], { all: counted('Open', state.open) }),
          this.text('q', 'Key or text'))}
        ${this.done ? this.#told(this.done) : nothing}
        ${this.body((items) => this.#table(items), () => this.#none())}`}
      ${this.preview || this.refusal ? this.#dialog() : nothing}`;
  }

  #none() {
    return this.narrowed
      ? blank('search', 'No conflict is like that', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${this.widen}>Show all that are open</button>`)
      : blank('check', 'Nothing is in conflict', 'Where people here and the system change the same record before either has seen the other, both versions wait here for a decision.');
  }

  #table(items) {
    return html`${may(this.me, 'reviewer') && this.#open.length ? this.#bulk() : nothing}
      <ul class="card items conflicts">${repeat(items, (each) => each.id, (each, place) => this.#item(each, place))}</ul>`;
  }

  #item(each, place) {
    const tickable = each.state === 'open' && !each.waiting && may(this.me, 'reviewer');
    return html`
      <li class="item conflict-row ${place === this.current ? 'is-current' : ''}" @focusin=${() => { this.current = place; }}>
        ${tickable ? html`<input type="checkbox" class="tick" aria-label="Select ${each.key}" .checked=${this.all || this.chosen.has(each.id)} @change=${() => this.#tick(each.id)}>` : html`<span class="tick"></span>`}
        <div class="item-what">${sign(each.state === 'settled' ? { icon: 'check', text: 'Settled', tone: 'good' } : each.waiting ? { icon: 'clock', text: 'Being settled', tone: 'busy' } : kind(each.kind))}<span class="small soft">${each.entity}</span></div>
        <div class="item-why"><h2><a href=${href(this.#at(each))}>${each.title ?? html`<span class="mono">${each.key}</span>`}</a></h2>
          <p class="small">${each.title ? html`<span class="mono soft">${each.key}</span> ` : nothing}${each.fields.length ? html`apart in ${each.fields.map((name, index) => html`${index ? ', ' : ''}<code>${name}</code>`)}` : each.reason}</p>
          ${each.settled ? html`<p class="small soft"><b>${each.settled.by}</b> ${decided(each.settled.how, each.system)} ${moment(each.settled.at)}${each.settled.reason ? html`: ${each.settled.reason}` : nothing}</p>`
            : each.waiting ? html`<p class="small soft"><b>${each.waiting.by}</b> ${decided(each.waiting.how, each.system)}; the next publish makes it true</p>` : nothing}</div>
        <p class="small soft item-when">${moment(each.detectedAt)}</p>
      </li>`;
  }

  // ---- many at once
  #tick(id) {
    const chosen = this.all ? new Set(this.#open.map((each) => each.id)) : new Set(this.chosen);
    chosen.delete(id) || chosen.add(id);
    Object.assign(this, { chosen, all: false });
  }

  #bulk() {
    const open = this.#open;
    const { system } = open[0];
    const total = this.#counts.state.open ?? open.length;
    const whole = this.all || open.every((each) => this.chosen.has(each.id));
    const count = this.all ? total : this.chosen.size;
    return html`
      <div class="card bulk" role="group" aria-label="Decide about many">
        <label class="bulk-all"><input type="checkbox" .checked=${whole} .indeterminate=${!whole && count > 0} @change=${() => { this.chosen = whole ? new Set() : new Set(open.map((each) => each.id)); this.all = false; }}>
          <span>${count ? `${number(count)} selected` : 'Select all shown'}</span></label>
        ${whole && !this.all && total > open.length ? html`<button type="button" class="button quiet" @click=${() => { this.all = true; }}>Select all ${number(total)} that fit</button>` : nothing}
        ${count ? html`<div class="bulk-do"><input type="text" aria-label="Reason, if you like" placeholder="Reason, if you like" maxlength="500" .value=${this.reason} @input=${(event) => { this.reason = event.target.value; }}>
          <sl-work .label=${`Keep ${system}'s…`} .work=${() => this.#look('use_source')}></sl-work><sl-work .label=${'Keep ours…'} .work=${() => this.#look('use_local')}></sl-work></div>` : nothing}
      </div>`;
  }

  async #look(decision) {
    const { sync, entity, field, kind: of, q } = this.asked;
    const filter = this.all ? Object.fromEntries(Object.entries({ entity, field, kind: of, q }).filter(([, value]) => value)) : { ids: [...this.chosen] };
    Object.assign(this, { refusal: null, done: null });
    try {
      this.preview = await api.previewMany(sync, filter, decision, this.reason.trim());
    } catch (failure) {
      this.refusal = failure;
    }
    await this.updateComplete;
    this.querySelector('.preview')?.showModal();
  }

  #dialog() {
    const { preview } = this;
    const close = () => this.querySelector('.preview').close();
    return html`
      <dialog class="preview" aria-labelledby="preview" @close=${() => Object.assign(this, { preview: null, refusal: null })} @cancel=${(event) => this.busy && event.preventDefault()}>
        <form method="dialog" @submit=${this.#apply}>
          <h2 id="preview">${preview ? this.#question(preview) : 'That cannot be decided'}</h2>
          ${preview ? this.#shown(preview) : nothing}
          ${this.refusal ? notice('bad', 'cross', 'That did not work', html`<p>${this.refusal.message}</p>`) : nothing}
          <div class="buttons"><button type="button" class="button" @click=${close}>Not now</button>
            ${preview?.conflicts ? html`<button class="button primary" ?disabled=${this.busy}>${this.busy ? icon('turn') : nothing}Decide about exactly ${preview.conflicts === 1 ? 'this one' : `these ${number(preview.conflicts)}`}</button>` : nothing}</div>
        </form>
      </dialog>`;
  }

  #question({ decision, conflicts, first }) {
    const whose = decision === 'use_source' ? `${this.#system(first)}'s` : 'ours';
    return conflicts ? `Keep ${whose} in ${many(conflicts, 'conflict')}?` : 'None of them can be decided like this';
  }

  #system(first) {
    return first[0]?.outlook.there.name ?? this.items[0]?.system ?? '';
  }

  #shown({ conflicts, actions, fields, first, leftOut }) {
    const each = (counts) => html`<ul>${Object.entries(counts).map(([action, count]) => html`<li><b>${number(count)}</b> ${writes(action).replace(/^The record is/, count === 1 ? 'is' : 'are').replace(/^Nothing is written/, 'unwritten')}</li>`)}</ul>`;
    return html`
      ${conflicts ? html`<div class="writes">
        <section><h3>In ${first[0]?.outlook.here.name}</h3>${each(actions.here)}</section>
        <section><h3>To ${this.#system(first)}</h3>${each(actions.there)}</section></div>
        ${fields.length ? this.#fields(fields) : nothing}
        <details class="preview-first"><summary>${conflicts > first.length ? `The first ${first.length}, as they will be written` : 'As they will be written'}</summary>
          <ul>${first.map((one) => html`<li><p><b>${one.title ?? one.key}</b> <span class="mono soft small">${one.key}</span></p>${written(one.outlook)}</li>`)}</ul></details>` : nothing}
      ${leftOut.length ? notice('warn', 'warning', 'Left out', html`<ul>${leftOut.map((left) => html`<li>${many(left.conflicts, 'conflict')}: ${left.why}</li>`)}</ul>`) : nothing}`;
  }

  /** Where many fields are written, those in most records first. */
  #fields(fields) {
    const most = [...fields].sort((a, b) => b.here + b.there - a.here - a.there);
    const table = (list, caption) => html`<table class="small"><caption class="hidden-text">${caption}</caption><thead><tr><th scope="col">Records that will say something else in</th><th scope="col" class="figure">Here</th><th scope="col" class="figure">There</th></tr></thead>
      <tbody>${list.map((each) => html`<tr><th scope="row">${each.entity} · ${each.field}</th><td class="figure">${number(each.here)}</td><td class="figure">${number(each.there)}</td></tr>`)}</tbody></table>`;
    return html`${table(most.slice(0, FEW), 'Fields that are written')}${most.length > FEW ? html`<details><summary>${many(most.length - FEW, 'more field')}</summary>${table(most.slice(FEW), 'More fields that are written')}</details>` : nothing}`;
  }

  #apply = async (event) => {
    event.preventDefault();
    Object.assign(this, { busy: true, refusal: null });
    try {
      const done = await api.decideMany(this.asked.sync, this.preview.token);
      this.querySelector('.preview').close();
      Object.assign(this, { done, chosen: new Set(), all: false, reason: '', current: 0 });
      this.dispatchEvent(new Event('changed', { bubbles: true }));
      await this.again();
    } catch (failure) {
      this.refusal = failure;
    } finally {
      this.busy = false;
    }
  };

  #told({ made, waiting, moved, movedFirst, run }) {
    const so = [made ? `${many(made, 'conflict')} ${made === 1 ? 'is' : 'are'} settled` : null, waiting ? `${number(waiting)} decided, for the next publish to make true` : null].filter(Boolean).join('; ') || 'Nothing was decided';
    const { sync } = this.asked;
    return html`<div role="status">${notice(moved ? 'warn' : 'good', moved ? 'warning' : 'check', `${so}.`, html`
      ${moved ? html`<p>${many(moved, 'conflict')} moved after you looked, and ${moved === 1 ? 'was' : 'were'} left alone:</p>
        <ul>${movedFirst.map((left) => html`<li><a href=${href({ view: 'conflict', sync, id: left.id })}>${left.entity} <span class="mono">${left.key}</span></a>: ${left.why}</li>`)}</ul>` : nothing}
      ${run ? html`<p><a href=${href({ view: 'run', id: run })}>Run ${run}</a> made it true.</p>` : nothing}`)}</div>`;
  }
}
customElements.define('view-conflicts', Conflicts);

/** What one decision writes, on both sides. */
export function written({ here, there }) {
  return html`<div class="writes">${[[`In ${here.name}`, here], [`To ${there.name}`, there]].map(([title, side]) => html`
    <section><h3>${title}</h3><p class=${side.action === 'nothing' ? 'soft' : ''}>${pill({ icon: SIGNS[side.action] ?? 'dot', text: writes(side.action), tone: side.action === 'nothing' ? 'calm' : side.action === 'delete' ? 'bad' : 'busy' })}</p>
      ${side.action !== 'delete' && side.fields.length ? changesInBrief(side.fields.map(({ field, to, from, says }) => ({ field: to === field ? field : `${field} (as ${to})`, from, to: says })), 8) : nothing}</section>`)}</div>`;
}

const SIGNS = { nothing: 'dot', update: 'pencil', delete: 'minus', restore: 'undo', create: 'plus' };
