import { html, nothing } from 'lit';
import * as api from './api.js';
import { many, number } from './format.js';
import { icon } from './icons.js';
import { CONFLICT_FILTERS, isPressed, isTaken } from './conflicts.js';
import { input, meant, mistake, typed, written } from './inputs.js';
import { Loader } from './live.js';
import { written as outlookOf } from './outlook.js';
import { Plain, bones, moment, notice, pill, say, trouble } from './parts.js';
import { go, href } from './route.js';
import './timeline.js';
import { changes, shown } from './values.js';
import { conflict as kindOf, decided, may } from './words.js';

const MOST = 200;
const CHOICES = { 1: 'use_source', 2: 'use_local', 3: 'merged' };

/** One conflict: what both had agreed, what each side says now, and the decision. */
class Conflict extends Plain {
  static properties = { me: {}, query: {}, seen: { state: true }, choice: { state: true }, picks: { state: true }, reason: { state: true }, outlook: { state: true }, refusal: { state: true }, moved: { state: true }, busy: { state: true } };

  /** What is shown stays what was seen, until whoever looks asks for what is new. */
  #fresh = new Loader(this, (signal) => api.conflict(this.query.sync, this.query.id, signal), () => 10_000);
  #list = new Loader(this, (signal) => api.conflicts({ sync: this.query.sync, ...this.#filters, state: 'open' }, null, MOST, signal), () => 30_000);
  #declared = null;
  #of = null;
  #asking = null;

  constructor() {
    super();
    this.#forget();
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

  #forget() {
    Object.assign(this, { seen: null, choice: null, picks: new Map(), reason: '', outlook: null, refusal: null, moved: null, busy: false });
  }

  get #filters() {
    return Object.fromEntries(CONFLICT_FILTERS.filter((name) => this.query[name]).map((name) => [name, this.query[name]]));
  }

  willUpdate() {
    const of = JSON.stringify([this.query.sync, this.query.id]);
    if (this.#of !== null && this.#of !== of) {
      this.#forget();
      this.#fresh.restart();
      this.#list.refresh();
    }
    this.#of = of;
    const { data } = this.#fresh;
    if (!this.seen && data && String(data.id) === String(this.query.id)) {
      this.#show(data);
    }
  }

  async #show(card) {
    this.seen = card;
    this.#declared = await api.entity(card.sync, card.entity).catch(() => null);
    this.requestUpdate();
  }

  get #mayDecide() {
    return may(this.me, 'reviewer') && this.seen?.state === 'open' && !this.seen.waiting && this.seen.decisions.length > 0;
  }

  // ---- its neighbours in the list
  get #others() {
    return (this.#list.data?.items ?? []).filter((each) => !each.waiting && String(each.id) !== String(this.query.id));
  }

  /** The list goes from the newest down; after its end it begins again. */
  get #next() {
    return this.#others.find((each) => each.id < Number(this.query.id)) ?? this.#others[0] ?? null;
  }

  get #before() {
    return this.#others.filter((each) => each.id > Number(this.query.id)).at(-1) ?? null;
  }

  get #back() {
    return { view: 'conflicts', sync: this.query.sync, ...this.#filters };
  }

  #go(other) {
    go(other ? { view: 'conflict', sync: this.query.sync, id: other.id, ...this.#filters } : this.#back);
  }

  /** Whoever is quicker than the list waits for it. */
  async #listed() {
    const of = this.#of;
    if (!this.#list.data) {
      await this.#list.refresh();
    }
    return this.isConnected && this.#of === of;
  }

  async #onward() {
    if (await this.#listed()) {
      this.#go(this.#next);
    }
  }

  async #backward() {
    if (await this.#listed() && this.#before) {
      this.#go(this.#before);
    }
  }

  // ---- by keyboard
  #key = (event) => {
    if (isTaken(event) || !this.seen) {
      return;
    }
    if (CHOICES[event.key] && this.#mayDecide) {
      event.preventDefault();
      this.#choose(CHOICES[event.key], true);
    } else if (event.key === 'j') {
      this.#onward();
    } else if (event.key === 'k') {
      this.#backward();
    } else if (event.key === 'Enter' && !isPressed(event)) {
      event.preventDefault();
      if (this.choice) {
        this.#decide();
      } else if (!this.#mayDecide) {
        this.#onward();
      }
    }
  };

  // ---- deciding
  async #choose(choice, focus = false) {
    if (!this.#outlookOf(choice)?.possible) {
      return;
    }
    this.choice = choice;
    this.refusal = null;
    if (choice === 'merged') {
      this.#foresee();
    }
    if (focus) {
      await this.updateComplete;
      (choice === 'merged' ? this.querySelector('.apart input[type="radio"]') : this.querySelector(`input[name="decision"][value="${choice}"]`))?.focus();
    }
  }

  #outlookOf(choice) {
    return this.seen.decisions.find((each) => each.decision === choice);
  }

  #pick(name, pick) {
    this.picks = new Map(this.picks).set(name, pick);
    this.#foresee();
  }

  #field(name) {
    const value = this.seen.values.find((each) => each.field === name);
    return this.#declared?.fields.find((each) => each.name === name) ?? { name, type: value.type, emptied: true };
  }

  /** What of a merge is said so far; `open` are the fields that still need a word, `wrong` those whose text is none. */
  get #merge() {
    const value = (name) => this.seen.values.find((each) => each.field === name);
    const same = (name, from) => JSON.stringify(value(name)[from]) === JSON.stringify(value(name).merged);
    // Of what not both sides changed a side is not taken, but its value is said; what a merge makes of it anyway need not be said.
    const own = [...this.picks].filter(([name, { from }]) => from === 'own' || (!value(name).disputed && !same(name, from)))
      .map(([name, { from, text }]) => [name, meant(this.#field(name), from === 'own' ? text : typed(value(name)[from]))]);
    return {
      take: Object.fromEntries([...this.picks].filter(([name, pick]) => pick.from !== 'own' && value(name).disputed).map(([name, pick]) => [name, pick.from])),
      fields: own.filter(([, said]) => !said.problem).map(([name, said]) => [name, said.json]),
      wrong: own.filter(([, said]) => said.problem).map(([name]) => name),
      open: this.seen.values.filter((each) => each.disputed && !this.picks.has(each.field)).map((each) => each.field),
    };
  }

  #body(dryRun) {
    const parts = [['decision', JSON.stringify(this.choice)]];
    if (this.choice === 'merged') {
      const { take, fields } = this.#merge;
      parts.push(['fields', written(fields)], ['take', JSON.stringify(take)]);
    }
    if (this.reason.trim()) {
      parts.push(['reason', JSON.stringify(this.reason.trim())]);
    }
    return written(dryRun ? [...parts, ['dryRun', 'true']] : parts);
  }

  get #isSaid() {
    const { open, wrong } = this.choice === 'merged' ? this.#merge : { open: [], wrong: [] };
    return Boolean(this.choice) && !open.length && !wrong.length;
  }

  /** What a merge would write is told by who will write it. */
  async #foresee() {
    this.#asking?.abort();
    const asking = this.#asking = new AbortController();
    this.outlook = null;
    await new Promise((go) => setTimeout(go, 150));
    if (asking.signal.aborted || this.choice !== 'merged' || !this.#isSaid) {
      return;
    }
    try {
      const answer = await api.resolve(this.seen.sync, this.seen.id, this.seen.etag, this.#body(true));
      if (!asking.signal.aborted) {
        Object.assign(this, { outlook: answer.outlook, refusal: null });
      }
    } catch (failure) {
      if (!asking.signal.aborted) {
        this.#refused(failure);
      }
    }
  }

  #submit = (event) => {
    event.preventDefault();
    this.#decide();
  };

  async #decide() {
    if (!this.#mayDecide || !this.#isSaid || this.busy) {
      return;
    }
    Object.assign(this, { busy: true, refusal: null });
    const { seen, choice } = this;
    try {
      const answer = await api.resolve(seen.sync, seen.id, seen.etag, this.#body(false));
      await this.#listed();
      const next = this.#next;
      const what = { use_source: `${seen.system}'s is kept`, use_local: 'ours is kept', merged: 'settled as you picked' }[choice];
      say(`${seen.title ?? seen.key}: ${what}${answer.state === 'waiting' ? ', with the next publish' : ''}.${next ? '' : ' That was the last one.'}`,
        { href: href({ view: 'conflict', sync: seen.sync, id: seen.id }), text: 'See it' });
      this.dispatchEvent(new Event('changed', { bubbles: true }));
      this.#go(next);
    } catch (failure) {
      this.#refused(failure);
    } finally {
      this.busy = false;
    }
  }

  /** Promise 17: what has moved is shown; what was picked and typed stays, and is decided about anew. */
  async #refused(failure) {
    if (failure.status === 412 && failure.document?.current) {
      const { current, etag, since } = failure.document;
      const before = new Map(this.seen.values.map((each) => [each.field, JSON.stringify([each.theirs, each.ours])]));
      this.moved = { since, fields: new Set(current.values.filter((each) => before.get(each.field) !== JSON.stringify([each.theirs, each.ours])).map((each) => each.field)) };
      Object.assign(this, { choice: null, outlook: null });
      this.seen = { ...current, etag };
      this.#fresh.refresh();
      await this.updateComplete;
      this.querySelector('.moved-since')?.focus();
    } else {
      this.refusal = failure;
    }
  }

  #renew = () => {
    Object.assign(this, { seen: this.#fresh.data, choice: null, outlook: null, moved: null, refusal: null });
  };

  // ---- what is shown
  render() {
    const { sync, id } = this.query;
    const card = this.seen;
    const { problem } = this.#fresh;
    return html`
      <p class="way"><a href=${href(this.#back)}>Conflicts</a>${icon('next')}<span>${sync}${card ? html` · ${card.entity}` : nothing}</span>${icon('next')}<span class="mono">${card?.key ?? id}</span></p>
      ${!card ? html`<h1 class="hidden-text" tabindex="-1">Conflict ${id}</h1>${problem ? trouble(problem, () => this.#fresh.refresh()) : html`<div class="card waiting">${bones(8)}</div>`}` : this.#page(card)}`;
  }

  #page(card) {
    const others = this.#others.length;
    const fresh = this.#fresh.data;
    const isOld = fresh && String(fresh.id) === String(card.id) && fresh.etag !== card.etag && !this.busy;
    return html`
      <div class="head run-head"><div><h1 tabindex="-1" class=${card.title ? '' : 'mono'}>${card.title ?? card.key}</h1>
        ${pill(card.state === 'settled' ? { icon: 'check', text: 'Settled', tone: 'good' } : card.waiting ? { icon: 'clock', text: 'Being settled', tone: 'busy' } : kindOf(card.kind, card.system))}</div>
        <nav class="buttons steps-of" aria-label="Conflicts"><span class="small soft">${others ? `${number(others)}${this.#list.data.next ? ' or more' : ''} other${others === 1 ? '' : 's'} open` : 'No other is open'}</span>
          <button type="button" class="button square" ?disabled=${!this.#before} @click=${() => this.#go(this.#before)} title="The one before (k)">${icon('before')}<span class="hidden-text">The conflict before</span></button>
          <button type="button" class="button square" ?disabled=${!others} @click=${() => this.#go(this.#next)} title="The next one (j)">${icon('next')}<span class="hidden-text">The next conflict</span></button></nav></div>
      <p class="soft run-about"><a href=${href({ view: 'record', sync: card.sync, entity: card.entity, key: api.nameIn(card.recordHref) })}>${card.entity} <span class="mono">${card.key}</span></a> of ${card.here}.
        ${this.#said(card)}</p>
      ${this.moved ? this.#movedSince() : isOld ? html`<div role="status">${notice('warn', 'warning', 'It has changed since you opened it', html`<p>What you see is how it was. What you picked and typed stays.</p>
        <button type="button" class="button" @click=${this.#renew}>Show what is new</button>`)}</div>` : nothing}
      ${this.#settled(card)}
      <form class="conflict" @submit=${this.#submit} aria-label="Decision">
        ${this.#values(card)}
        <div class="record"><div class="record-main">${this.#decision(card)}</div><div class="record-side">${this.#around(card)}</div></div>
      </form>`;
  }

  #said({ theirs, ours, base, system }) {
    return html`${system} ${theirs.deleted ? 'deleted it' : 'changed it'} ${theirs.changedAt ? moment(theirs.changedAt) : html`before ${moment(theirs.seenAt)}`}.
      ${ours.changedAt ? html`${ours.changedBy ? html`<b>${ours.changedBy}</b>` : 'Somebody'} ${ours.deleted ? 'deleted it' : 'edited it'} here ${moment(ours.changedAt)}.` : nothing}
      ${base.agreedAt ? html`Both last agreed ${moment(base.agreedAt)}.` : nothing}`;
  }

  #movedSince() {
    const who = { theirs: this.seen.system, ours: this.seen.here };
    return html`<div class="moved-since" role="alert" tabindex="-1">${notice('warn', 'warning', 'It has changed since you looked, so nothing was decided', html`
      <ul>${this.moved.since.map((step) => html`<li><p>${who[step.side] ? html`<b>${who[step.side]}:</b> ` : nothing}${step.what}${step.by || step.at ? html` <span class="soft">${step.by ? html`By <b>${step.by}</b>` : nothing} ${step.at ? moment(step.at) : nothing}</span>` : nothing}</p>
        ${step.fields.length ? changes(step.fields.map(({ field, from, says }) => ({ field, from, to: says }))) : nothing}</li>`)}</ul>
      <p>${this.seen.state === 'open' && !this.seen.waiting ? 'Below is how it stands now. What you picked and typed is still there: decide again.' : 'Below is how it ended.'}</p>`)}</div>`;
  }

  #settled(card) {
    const end = card.settled ?? card.waiting;
    return !end ? nothing : html`${notice(card.settled ? 'good' : 'busy', card.settled ? 'check' : 'clock', html`${end.by} ${decided(end.how, card.system)}`, html`<p>${moment(end.at)}${card.settled ? '' : '; the next publish makes it true'}.${
      end.reason ? html` ${end.reason}` : nothing}</p>${card.reopenedAs ? html`<p><a href=${href({ view: 'conflict', sync: card.sync, id: api.nameIn(card.reopenedAs) })}>It was opened again</a>: the other side moved before ours had arrived.</p>` : nothing}`)}`;
  }

  // ---- side by side
  #values(card) {
    const disputed = card.values.filter((each) => each.disputed);
    const moved = card.values.filter((each) => !each.disputed && (each.movedThere || each.movedHere));
    const same = card.values.filter((each) => !each.disputed && !each.movedThere && !each.movedHere);
    const table = (values, caption) => html`<table role="table" class="stacks compared"><caption class="hidden-text">${caption}</caption>
      <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Field</th><th role="columnheader" scope="col">Both agreed</th><th role="columnheader" scope="col">${card.system}'s${card.theirs.deleted ? ', deleted' : ''}</th>
        <th role="columnheader" scope="col">Ours${card.ours.deleted ? ', deleted' : ''}</th>${this.choice === 'merged' ? html`<th role="columnheader" scope="col">Something else</th>` : nothing}</tr></thead>
      <tbody role="rowgroup">${values.map((each) => this.#value(card, each))}</tbody></table>`;
    return html`
      <section class="card apart" aria-labelledby="apart"><h2 id="apart">${disputed.length ? `${many(disputed.length, 'field')} both changed` : moved.length ? 'What changed' : 'What it says'}</h2>
        ${disputed.length || moved.length ? table([...disputed, ...moved], 'What the sides say, what both changed first') : nothing}
        ${same.length ? html`<details ?open=${!disputed.length && !moved.length}><summary>${many(same.length, 'field')} nobody changed</summary>${table(same, 'Fields nobody changed')}</details>` : nothing}
      </section>`;
  }

  #value(card, each) {
    const { field } = each;
    const picked = this.picks.get(field)?.from ?? (each.disputed ? null : each.movedThere ? 'theirs' : 'ours');
    const sides = [['base', 'Both agreed', each.base, false], ['theirs', `${card.system}'s`, each.theirs, each.movedThere], ['ours', 'Ours', each.ours, each.movedHere]];
    const gone = { theirs: card.theirs.deleted, ours: false, base: false };
    return html`<tr role="row" class=${each.disputed ? 'is-disputed' : ''}>
      <th role="rowheader" scope="row">${field}${each.disputed ? html`<span class="under tone-warn"><span class="sign">${icon('branch')}both</span></span>` : nothing}${this.moved?.fields.has(field) ? html`<span class="under"><b>just changed</b></span>` : nothing}</th>
      ${sides.map(([side, label, value, moved]) => html`<td role="cell" data-label=${label} class="${moved ? 'is-moved' : ''} ${this.#keeps(side, each) ? 'is-kept' : ''}">${this.choice === 'merged' && !gone[side]
        ? html`<label class="pick"><input type="radio" name="pick-${field}" value=${side} aria-label="${label} of ${field}" .checked=${picked === side} @change=${() => this.#pick(field, { from: side, text: this.picks.get(field)?.text })}><span>${shown(value)}</span></label>`
        : shown(value)}${moved ? html`<span class="hidden-text">, changed</span>` : nothing}</td>`)}
      ${this.choice === 'merged' ? html`<td role="cell" data-label="Something else">${this.#own(each, picked)}</td>` : nothing}</tr>`;
  }

  /** Which values the decision that is chosen keeps. */
  #keeps(side, each) {
    return (each.movedThere || each.movedHere) && ((this.choice === 'use_source' && side === 'theirs') || (this.choice === 'use_local' && side === 'ours'));
  }

  #own(each, picked) {
    const { field } = each;
    const declared = this.#field(field);
    if (declared.editable === false) {
      return html`<span class="small faint">only read</span>`;
    }
    const id = `own-${field}`;
    const text = this.picks.get(field)?.text ?? typed(each.ours);
    const problem = picked === 'own' ? meant(declared, text).problem : null;
    const pick = (said) => this.#pick(field, { from: 'own', text: said });
    return html`<div class="pick own"><input type="radio" name="pick-${field}" value="own" aria-label="Something else for ${field}" .checked=${picked === 'own'} @change=${() => pick(text)}>
      <div>${input({ id, field: declared, text, label: `What ${field} is to say`, problem, changed: pick })}${mistake(id, problem)}</div></div>`;
  }

  // ---- the decision
  #decision(card) {
    if (card.state !== 'open' || card.waiting) {
      return html`<section class="card decide"><h2>Decided</h2>${this.#taken(card)}${this.#others.length ? html`<p><button type="button" class="button primary" @click=${() => this.#go(this.#next)}>The next conflict</button></p>` : nothing}</section>`;
    }
    if (!may(this.me, 'reviewer')) {
      return html`<section class="card decide"><h2>Decision</h2><p class="small soft no-role">${icon('lock')}A reviewer decides about it.</p></section>`;
    }
    const names = { use_source: `Keep ${card.system}'s`, use_local: 'Keep ours', merged: 'Pick per field' };
    return html`
      <section class="card decide" aria-labelledby="decide"><h2 id="decide">Decide</h2>
        <div class="choices" role="radiogroup" aria-labelledby="decide">${card.decisions.map((each, place) => html`
          <label class="choice ${this.choice === each.decision ? 'is-chosen' : ''} ${each.possible ? '' : 'is-off'}"><input type="radio" name="decision" value=${each.decision} ?disabled=${!each.possible} .checked=${this.choice === each.decision} @change=${() => this.#choose(each.decision)}>
            <span><b>${names[each.decision]}</b><span class="small soft">${each.possible ? this.#inBrief(each) : each.why}</span></span><kbd aria-hidden="true">${place + 1}</kbd></label>`)}</div>
        ${this.#foreseen()}
        ${this.refusal ? trouble(this.refusal) : nothing}
        <div class="field"><label for="reason">Reason, if you like</label><input type="text" id="reason" maxlength="500" autocomplete="off" .value=${this.reason} @input=${(event) => { this.reason = event.target.value; }}></div>
        <div class="decide-do"><button class="button primary" ?disabled=${!this.#isSaid || this.busy}>${this.busy ? icon('turn') : nothing}${this.choice ? `${this.choice === 'merged' ? 'Decide as picked' : names[this.choice]}${this.#others.length ? ', then the next' : ''}` : 'Choose one first'}<kbd aria-hidden="true">Enter</kbd></button></div>
        ${card.decided.length ? html`<details><summary>${many(card.decided.length, 'earlier decision')}</summary>${this.#taken(card)}</details>` : nothing}
      </section>`;
  }

  #inBrief({ decision, here, there }) {
    if (decision === 'merged') {
      return 'Each field says what you pick or write.';
    }
    const what = ({ action, fields }, other) => ({ nothing: null, update: `${many(fields.length, 'field')} change${fields.length === 1 ? 's' : ''} ${other}`, delete: `it is deleted ${other}`, restore: `it comes back ${other}`, create: `it is created anew ${other}` })[action];
    const said = [what(here, 'here'), what(there, `at ${there.name}`)].filter(Boolean).join('; ') || 'Nothing changes, here or there';
    return `${said.charAt(0).toUpperCase()}${said.slice(1)}.${there.action === 'nothing' && here.action !== 'nothing' ? ' Nothing is sent.' : ''}`;
  }

  #foreseen() {
    if (!this.choice) {
      return nothing;
    }
    const { open, wrong } = this.#merge;
    const outlook = this.choice === 'merged' ? this.outlook : this.#outlookOf(this.choice);
    return html`<div class="foreseen" role="status"><h3 class="hidden-text">What will be written</h3>${this.choice === 'merged' && open.length
      ? html`<p class="small">${icon('pencil')} Say above what ${open.map((name, place) => html`${place ? ', ' : ''}<code>${name}</code>`)} ${open.length === 1 ? 'is' : 'are'} to say.</p>`
      : this.choice === 'merged' && wrong.length ? html`<p class="small tone-bad"><span class="sign">${icon('warning')}${wrong.join(', ')}: what you wrote does not fit.</span></p>`
      : outlook ? outlookOf(outlook) : this.refusal ? nothing : bones(2)}</div>`;
  }

  #taken(card) {
    const words = { waiting: 'waits for the next publish', made: null, 'too-late': 'came too late: a side had moved' };
    return html`<ul class="taken small">${card.decided.map((each) => html`<li><p><b>${each.by}</b> ${decided(each.how, card.system)} ${moment(each.at)}${words[each.state] ? html` <span class="soft">(${words[each.state]})</span>` : nothing}</p>${each.reason ? html`<p class="reason soft">${each.reason}</p>` : nothing}</li>`)}</ul>`;
  }

  // ---- around it
  #around(card) {
    const relatives = [...card.parents.map((each) => ({ ...each, title: `Its ${each.field}` })), ...card.children.map((each) => ({ ...each, title: `${many(each.count, 'record')} of ${each.entity} ${each.count === 1 ? 'leads' : 'lead'} here` }))].filter((each) => each.first.length);
    const of = { sync: card.sync, entity: card.entity, key: api.nameIn(card.recordHref) };
    return html`
      ${relatives.length ? html`<section class="card related" aria-labelledby="related"><h2 id="related">Related</h2>${relatives.map((each) => html`<div><h3>${each.title}</h3><ul class="small">${each.first.map((one) => html`
        <li><a href=${href({ view: 'record', sync: card.sync, entity: each.entity, key: api.nameIn(one.href) })}>${one.title ?? one.key}</a>${one.inConflict ? html` <span class="tone-warn"><span class="sign">${icon('branch')}in conflict, too</span></span>` : nothing}</li>`)}
        ${each.count > each.first.length ? html`<li class="soft">and ${number(each.count - each.first.length)} more</li>` : nothing}</ul></div>`)}</section>` : nothing}
      <section class="card record-past" aria-labelledby="past"><h2 id="past">History of both sides</h2>
        ${card.versions.length ? html`<record-timeline .versions=${card.versions} .of=${of}></record-timeline>` : html`<p class="small soft">Nothing is kept of it.</p>`}
        <p class="small"><a href=${href({ view: 'record', ...of })}>The record and all its versions</a></p></section>`;
  }
}
customElements.define('view-conflict', Conflict);
