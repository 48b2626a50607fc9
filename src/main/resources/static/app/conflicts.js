import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { clock, many, number } from './format.js';
import { icon } from './icons.js';
import { Paged } from './list.js';
import { written } from './outlook.js';
import { blank, bones, moment, notice, sign, told } from './parts.js';
import { go, href } from './route.js';
import { CONFLICT_WORDS, conflict as kind, decided, may, writes } from './words.js';

/** Whether somebody types, or presses something: then a key is theirs. */
export const isTaken = (event) => event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || Boolean(document.querySelector('dialog[open]'))
  || Boolean(event.target.closest?.('input:not([type="radio"], [type="checkbox"]), textarea, select'));
/** Whether Enter presses something already. */
export const isPressed = (event) => Boolean(event.target.closest?.('a, button, summary, input, textarea, select'));

const FEW = 5;
const SOME = 3;
export const CONFLICT_FILTERS = ['entity', 'field', 'kind', 'q'];

/** Records that both sides changed: found, opened and decided about, one or many. */
class Conflicts extends Paged {
  static properties = { current: { state: true }, chosen: { state: true }, all: { state: true }, reason: { state: true }, preview: { state: true }, wanted: { state: true }, foreseeing: { state: true }, refusal: { state: true }, busy: { state: true }, done: { state: true } };

  view = 'conflicts';
  place = ['sync'];
  filters = [...CONFLICT_FILTERS, 'state'];
  #of = null;
  #asking = null;

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
    this.#asking?.abort();
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
      ${this.wanted ? this.#dialog() : nothing}`;
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
        <div class="item-what">${sign(each.state === 'settled' ? { icon: 'check', text: 'Settled', tone: 'good' } : each.waiting ? { icon: 'clock', text: 'Being settled', tone: 'busy' } : kind(each.kind, each.system))}<span class="small soft">${each.entity}</span></div>
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
          <sl-work .label=${`Keep ${system}'s…`} .work=${() => this.#look('use_source')}></sl-work><sl-work .label=${'Keep ours…'} .work=${() => this.#look('use_local')}></sl-work>
          <sl-work .label=${'Pick per field…'} .work=${() => this.#look('merged')}></sl-work></div>` : nothing}
      </div>`;
  }

  async #look(decision) {
    const { sync, entity, field, kind: of, q } = this.asked;
    const filter = this.all ? Object.fromEntries(Object.entries({ entity, field, kind: of, q }).filter(([, value]) => value)) : { ids: [...this.chosen] };
    const fields = decision === 'merged' ? this.#disputed() : null;
    Object.assign(this, { wanted: { sync, filter, decision, fields, take: fields && {}, system: this.#open[0].system }, preview: null, refusal: null, done: null });
    if (!fields?.length) {
      await this.#foresee();
    }
    await this.updateComplete;
    this.querySelector('.preview')?.showModal();
  }

  /** The fields that the chosen ones are apart in, those in most of them first: [name, count]. */
  #disputed() {
    const counts = new Map(this.all ? Object.entries(this.#counts.field) : []);
    if (!this.all) {
      this.#open.filter((each) => this.chosen.has(each.id)).flatMap((each) => each.fields).forEach((name) => counts.set(name, (counts.get(name) ?? 0) + 1));
    }
    return [...counts].sort(([a, one], [b, other]) => other - one || a.localeCompare(b));
  }

  /** What is written where is told by who will write it, and kept for exactly that decision. */
  async #foresee(pause = 0) {
    this.#asking?.abort();
    const asking = this.#asking = new AbortController();
    const { sync, filter, decision, take } = this.wanted;
    Object.assign(this, { preview: null, refusal: null, foreseeing: true });
    try {
      await new Promise((go) => setTimeout(go, pause));
      const preview = asking.signal.aborted ? null : await api.previewMany(sync, filter, { decision, take }, this.reason.trim(), asking.signal);
      if (!asking.signal.aborted) {
        this.preview = preview;
      }
    } catch (failure) {
      if (!asking.signal.aborted) {
        this.refusal = failure;
      }
    }
    if (!asking.signal.aborted) {
      this.foreseeing = false;
    }
  }

  #take(name, side) {
    this.wanted = { ...this.wanted, take: { ...this.wanted.take, [name]: side } };
    this.#foresee(150);
  }

  #dialog() {
    const { preview, wanted } = this;
    const close = () => this.querySelector('.preview').close();
    return html`
      <dialog class="preview" aria-labelledby="preview" @close=${this.#left} @cancel=${(event) => this.busy && event.preventDefault()}>
        <form method="dialog" @submit=${this.#apply}>
          <h2 id="preview">${preview ? this.#question(preview) : wanted.fields ? 'Whose value does each field get?' : this.refusal ? 'Not decided' : 'One moment'}</h2>
          ${wanted.fields ? this.#takes(wanted) : nothing}
          <div class="foreseen" aria-live="polite">${preview ? this.#shown(preview) : this.foreseeing ? bones(3) : nothing}</div>
          ${this.refusal ? this.#refused(this.refusal) : nothing}
          <div class="buttons"><button type="button" class="button" @click=${close}>Not now</button>
            ${preview?.conflicts ? html`<button class="button primary" ?disabled=${this.busy}>${this.busy ? icon('turn') : nothing}Decide about exactly ${preview.conflicts === 1 ? 'this one' : `these ${number(preview.conflicts)}`}</button>` : nothing}</div>
        </form>
      </dialog>`;
  }

  #left = () => {
    this.#asking?.abort();
    Object.assign(this, { wanted: null, preview: null, refusal: null, foreseeing: false });
  };

  /** One choice a field, for all of them. */
  #takes({ fields, take, system }) {
    const sides = [['theirs', `${system}'s`], ['ours', 'Ours'], ['base', 'As agreed before']];
    return !fields.length ? nothing : html`<div class="takes">${fields.map(([name, count], place) => html`
      <fieldset class="take"><legend><code>${name}</code> <span class="small soft">apart in ${number(count)}</span></legend>
        ${sides.map(([side, text]) => html`<label class="side"><input type="radio" name="take-${name}" value=${side} ?autofocus=${!place && side === 'theirs'} .checked=${take[name] === side} @change=${() => this.#take(name, side)}><span>${text}</span></label>`)}</fieldset>`)}</div>
      ${Object.keys(take).length ? nothing : html`<p class="small soft">Say it for one field or more. It holds where both sides changed that field; where only one did, its change stays. Conflicts about a field of which you say nothing are left alone.</p>`}`;
  }

  /** Promise 16: nothing is decided that was not shown, and why is said. */
  #refused(failure) {
    const again = html`<button type="button" class="button" @click=${() => this.#foresee()}>Look again</button>`;
    switch (failure.code) {
      case 'preview-gone': return notice('warn', 'clock', 'Nothing was decided', html`<p>What was shown to you is kept for an hour, and that is over. Both sides may have moved since, so look again and decide about what is there now.</p>${again}`);
      case 'already-applied': return notice('warn', 'warning', 'This was decided already', html`<p>${told(failure.message)}</p>`);
      default: return notice('bad', 'cross', 'That did not work', html`<p>${failure.message}</p>${this.preview ? nothing : again}`);
    }
  }

  #question({ decision, conflicts, first }) {
    const how = { use_source: `Keep ${this.#system(first)}'s in`, use_local: 'Keep ours in', merged: 'Settle' }[decision];
    return conflicts ? `${how} ${many(conflicts, 'conflict')}${decision === 'merged' ? ' as picked' : ''}?` : 'None of them can be decided like this';
  }

  #system(first) {
    return first[0]?.outlook.there.name ?? this.wanted?.system ?? '';
  }

  #shown({ conflicts, actions, fields, first, leftOut, expiresAt }) {
    const each = (counts) => html`<ul>${Object.entries(counts).map(([action, count]) => html`<li><b>${number(count)}</b> ${writes(action).replace(/^The record is/, count === 1 ? 'is' : 'are').replace(/^Nothing is written/, count === 1 ? 'stays as it is' : 'stay as they are')}</li>`)}</ul>`;
    return html`
      ${conflicts ? html`<div class="writes">
        <section><h3>In ${first[0]?.outlook.here.name}</h3>${each(actions.here)}</section>
        <section><h3>To ${this.#system(first)}</h3>${each(actions.there)}</section></div>
        ${fields.length ? this.#fields(fields) : nothing}
        <details class="preview-first" ?open=${conflicts <= SOME}><summary>${conflicts > first.length ? `The first ${first.length}, as they will be written` : 'As they will be written'}</summary>
          <ul>${first.map((one) => html`<li><p><b>${one.title ?? one.key}</b> <span class="mono soft small">${one.key}</span></p>${written(one.outlook)}</li>`)}</ul></details>` : nothing}
      ${leftOut.length ? notice('warn', 'warning', 'Left alone', html`<ul>${leftOut.map((left) => html`<li>${many(left.conflicts, 'conflict')}: ${left.why}</li>`)}</ul>`) : nothing}
      ${conflicts ? html`<p class="small soft">Exactly this is decided, if you do so until ${clock(expiresAt)}. A record that changes before is left alone and named.</p>` : nothing}`;
  }

  /** Where many fields are written, those in most records first; and what a choice per field leaves as one side has it. */
  #fields(all) {
    const stays = all.filter((each) => each.stays);
    const most = all.filter((each) => each.here + each.there).sort((a, b) => b.here + b.there - a.here - a.there);
    return html`${most.length ? this.#written(most) : nothing}
      ${stays.map((each) => html`<p class="small stays">In ${many(each.stays, 'record')} only one side changed <code>${each.field}</code>: ${each.stays === 1 ? 'it stays' : 'they stay'} as that side has it.</p>`)}`;
  }

  #written(most) {
    const table = (list, caption) => html`<table class="small"><caption class="hidden-text">${caption}</caption><thead><tr><th scope="col">Records that will say something else in</th><th scope="col" class="figure">Here</th><th scope="col" class="figure">There</th></tr></thead>
      <tbody>${list.map((each) => html`<tr><th scope="row">${each.entity} · ${each.field}</th><td class="figure">${number(each.here)}</td><td class="figure">${number(each.there)}</td></tr>`)}</tbody></table>`;
    return html`${table(most.slice(0, FEW), 'Fields that are written')}${most.length > FEW ? html`<details><summary>${many(most.length - FEW, 'more field')}</summary>${table(most.slice(FEW), 'More fields that are written')}</details>` : nothing}`;
  }

  #apply = async (event) => {
    event.preventDefault();
    Object.assign(this, { busy: true, refusal: null });
    try {
      const done = await api.decideMany(this.wanted.sync, this.preview.token);
      this.querySelector('.preview').close();
      Object.assign(this, { done, chosen: new Set(), all: false, reason: '', current: 0 });
      this.dispatchEvent(new Event('changed', { bubbles: true }));
      await this.again();
    } catch (failure) {
      Object.assign(this, { refusal: failure, preview: ['preview-gone', 'already-applied'].includes(failure.code) ? null : this.preview });
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
