import { html, nothing } from 'lit';
import * as api from './api.js';
import { earlier, exactly, many, momentOf, momentWritten } from './format.js';
import { icon } from './icons.js';
import { Loader } from './live.js';
import { Plain, askFor, blank, bones, moment, notice, pill, say, told, trouble } from './parts.js';
import { written as outlookOf } from './outlook.js';
import { underWay } from './pushes.js';
import { go, href } from './route.js';
import './decisions.js';
import './edit.js';
import './tables.js';
import './timeline.js';
import { apartIn, changes, shown } from './values.js';
import { may, removed, status, titleOf } from './words.js';

/** One record: what it says, why, how it became so, and what it said at any moment before. */
class Record extends Plain {
  static properties = { me: {}, query: {}, more: { state: true }, editing: { state: true } };

  #entity = new Loader(this, () => api.entity(this.query.sync, this.query.entity));
  #now = new Loader(this, (signal) => api.record(this.#name, null, signal), () => 15_000);
  #then = new Loader(this, (signal) => (this.#past ? api.record(this.#name, this.#moment, signal) : Promise.resolve(null)));
  #versions = new Loader(this, (signal) => api.versions(this.#name, null, signal), () => (this.more.length ? 0 : 15_000));
  #push = new Loader(this, (signal) => api.pushes({ sync: this.#name.sync, entity: this.#name.entity, record: this.#name.key, state: 'open' }, null, signal).then((page) => page.items[0] ?? null), () => 5_000);
  #which = null;
  #when = null;

  constructor() {
    super();
    this.more = [];
  }

  get #name() {
    const { sync, entity, key } = this.query;
    return { sync, entity, key };
  }

  get #moment() {
    const { asOf, snapshot } = this.query;
    return asOf ? { asOf } : snapshot ? { snapshot } : {};
  }

  get #past() {
    return Object.keys(this.#moment).length > 0;
  }

  willUpdate() {
    const which = JSON.stringify(this.#name);
    const when = JSON.stringify(this.#moment);
    if (this.#which !== null && this.#which !== which) {
      this.more = [];
      this.editing = null;
      [this.#entity, this.#now, this.#then, this.#versions, this.#push].forEach((each) => each.restart());
    } else if (this.#when !== null && this.#when !== when) {
      this.#then.problem = null;
      this.#then.refresh();
    }
    this.#which = which;
    this.#when = when;
  }

  /** The newest first. */
  get #all() {
    return [this.#versions.data, ...this.more].flatMap((page) => page?.items ?? []);
  }

  /** The version that stood at the moment looked at; undefined where none did, or where it is not read yet. */
  get #stood() {
    const { asOf, snapshot } = this.query;
    return this.#all.find((version) => (asOf ? earlier(version.since, asOf) <= 0 : snapshot ? version.snapshot !== null && version.snapshot <= Number(snapshot) : true));
  }

  /** The snapshot that is looked at; of a moment, the one that brought the version that stood then. Null for now. */
  get #seenIn() {
    const { asOf, snapshot } = this.query;
    return snapshot ? Number(snapshot) : asOf ? this.#then.data?.snapshot ?? null : null;
  }

  #look(then) {
    go({ view: 'record', ...this.#name, ...then }, { replace: true });
  }

  render() {
    const { sync, entity, key } = this.query;
    const { data: now, problem } = this.#now;
    const title = titleOf(now?.fields);
    return html`
      <p class="way"><a href=${href({ view: 'records', sync, entity })}>Records</a>${icon('next')}<a href=${href({ view: 'records', sync, entity })}>${sync} · ${entity}</a>${icon('next')}<span class="mono">${key}</span></p>
      ${!now ? html`<h1 class="hidden-text" tabindex="-1">Record ${key}</h1>${problem ? trouble(problem, () => this.#now.refresh()) : html`<div class="card waiting">${bones(8)}</div>`}` : html`
        <div class="head run-head"><div><h1 tabindex="-1" class=${title ? '' : 'mono'}>${title || now.key || 'A record without a key yet'}</h1>${pill(status(now))}</div>${this.#actions(now)}</div>
        <p class="soft run-about">${entity} <span class="mono">${now.key ?? `row ${now.row}`}</span> of ${sync}, as it stands since ${moment(now.since)}.</p>
        ${this.#past ? nothing : this.#standing(now)}
        <div class="record">
          <div class="record-main">${this.editing ? this.#form() : html`${this.#chooser()}${this.#fields(now)}`}${this.#past ? nothing : this.#why(now)}</div>
          <div class="record-side">
            <section class="card record-past" aria-labelledby="past"><h2 id="past">History</h2>${this.#history()}</section>
            ${this.#past ? nothing : html`<record-tables .of=${this.#name}></record-tables>`}
            <record-decisions .me=${this.me} .of=${this.#name} .seen=${this.#past ? this.#then.data : now} .snapshot=${this.#seenIn}></record-decisions>
          </div>
        </div>`}`;
  }

  // ---- which moment
  #chooser() {
    const versions = [...this.#all].reverse();
    const stood = this.#stood;
    const at = stood ? versions.indexOf(stood) : -1;
    const choose = (index) => this.#look(index === versions.length - 1 ? {} : { asOf: versions[index].since });
    const { asOf, snapshot } = this.query;
    return html`
      <section class="card chooser ${this.#past ? 'is-past' : ''}" aria-label="Moment">
        <p class="chooser-says">${icon('clock')}<span>${asOf ? html`As it was at <b>${exactly(asOf)}</b>` : snapshot ? html`As it was in <b><a href=${href({ view: 'snapshot', sync: this.query.sync, number: snapshot })}>snapshot ${snapshot}</a></b>`
          : html`As it is <b>now</b>`}</span>${this.#past ? html`<button type="button" class="button" @click=${() => this.#look({})}>Back to now</button>` : nothing}</p>
        ${versions.length > 1 ? html`<div class="steps">
          <button type="button" class="button square" ?disabled=${at <= 0} @click=${() => choose(at - 1)}>${icon('before')}<span class="hidden-text">The version before</span></button>
          <input type="range" aria-label="Version" min="0" max=${versions.length - 1} step="1" .value=${String(Math.max(at, 0))}
            aria-valuetext="Version ${at + 1} of ${versions.length}${stood ? `, since ${exactly(stood.since)}` : ''}" @input=${(event) => choose(Number(event.target.value))}>
          <button type="button" class="button square" ?disabled=${at >= versions.length - 1} @click=${() => choose(at + 1)}>${icon('next')}<span class="hidden-text">The version after</span></button>
          <span class="small soft">Version ${at < 0 ? '–' : at + 1 + (this.#isAll ? 0 : '')} of ${versions.length}${this.#isAll ? '' : ' read'}</span></div>` : nothing}
        <div class="field"><label for="as-of">Any moment</label><input id="as-of" type="datetime-local" step="1" .value=${momentWritten(asOf)}
          @change=${(event) => this.#look(event.target.value ? { asOf: momentOf(event.target.value) } : {})}></div>
      </section>`;
  }

  get #isAll() {
    return !(this.more.at(-1) ?? this.#versions.data)?.next;
  }

  // ---- what it says
  #fields(now) {
    const { data: then, problem } = this.#then;
    if (this.#past && problem) {
      return problem.status === 404 ? html`<div class="card">${blank('search', 'It was not there then', problem.message)}</div>`
        : problem.status === 410 ? html`<div class="card">${blank('lock', 'What it said then is not kept any more', told(problem.message))}</div>` : trouble(problem, () => this.#then.refresh());
    }
    if (this.#past && !then) {
      return html`<div class="card waiting">${bones(6)}</div>`;
    }
    const record = this.#past ? then : now;
    if (!record.fields) {
      return html`<div class="card">${blank('lock', 'What it said is gone', removed(this.#stood?.removed ?? 'erased'))}</div>`;
    }
    const declared = this.#entity.data?.fields ?? [];
    const fields = declared.map(({ name }) => name);
    const others = Object.keys(record.fields).filter((name) => !fields.includes(name));
    const changed = new Set(this.#stood && this.#stood.what !== 'created' ? this.#stood.changed.map(({ field }) => field) : []);
    return html`
      <section class="card says" aria-labelledby="says"><h2 id="says">${this.#past ? 'What it said' : 'What it says'}</h2>
        ${!this.#past && now.deletedAt ? notice('calm', 'minus', 'Deleted', html`<p>${now.deletedBy === 'local' ? 'Here' : 'At its system'}, ${moment(now.deletedAt)}. This is what it said at last.</p>`) : nothing}
        <dl class="says-fields">${[...fields, ...others].map((name) => {
          const moved = this.#past && now.fields && JSON.stringify(record.fields[name]) !== JSON.stringify(now.fields[name]);
          return html`<div class=${changed.has(name) ? 'is-changed' : ''}><dt>${name}${changed.has(name) ? html`<span class="hidden-text">, changed with this version</span>` : nothing}</dt>
            <dd>${this.#value(record.fields[name], declared.find((field) => field.name === name)?.references)}${moved ? html`<span class="now small soft">now ${shown(now.fields[name])}</span>` : nothing}</dd></div>`;
        })}</dl>
        ${changed.size ? html`<p class="small soft legend"><span class="mark-changed" aria-hidden="true"></span>changed with this version</p>` : nothing}
      </section>`;
  }

  /** What leads to another record leads there, at the same moment. */
  #value(value, entity) {
    return entity && value !== null && value !== undefined
      ? html`<a href=${href({ view: 'record', sync: this.query.sync, entity, key: value, ...this.#moment })}>${entity} <span class="mono">${value}</span></a>` : shown(value);
  }

  #why(now) {
    return html`<section class="card why-so" aria-labelledby="why-so"><h2 id="why-so">Why it is so</h2>
      <ul>${now.why.map((each) => html`<li>${told(each.text)} ${each.run ? html`<a href=${href({ view: 'run', id: each.run })}>Run ${each.run}</a>`
        : each.href?.startsWith('/api/v1/attention/') ? html`<a href=${href({ view: 'attention', sync: this.query.sync, entity: this.query.entity, q: now.key })}>See what waits</a>` : nothing}</li>`)}</ul></section>`;
  }

  // ---- on its way to its system
  #standing(now) {
    const to = this.#entity.data?.systemTitle;
    const since = now.deletedAt && now.deletedBy === 'local' ? now.deletedAt : now.editedAt;
    const push = this.#push.data;
    return push && to ? underWay(push, to) : now.status === 'pending_push' && to && this.#entity.data.ways.length ? notice('busy', 'clock', html`Waits to be sent to ${to}${since ? html` since ${moment(since)}` : nothing}`,
        html`<p>${now.editedBy ? html`<b>${now.editedBy}</b> ${now.deletedAt ? 'deleted' : 'edited'} it here.` : `It was ${now.deletedAt ? 'deleted' : 'edited'} here.`}</p>`)
      : now.status === 'conflict' ? notice('warn', 'branch', 'Both sides changed it', html`<p><a href=${href({ view: 'conflicts', sync: this.query.sync, entity: this.query.entity, q: now.key })}>Look at the conflict</a></p>`) : nothing;
  }

  // ---- editing it
  #isEditable(now) {
    return !this.#past && now.editable && now.fields && may(this.me, 'reviewer') && Boolean(this.#entity.data?.fields.some((field) => field.editable));
  }

  #may(now, what) {
    return !this.#past && !this.editing && now.fields && now.can?.includes(what) && may(this.me, 'reviewer');
  }

  #actions(now) {
    const edits = this.#isEditable(now) && !this.editing;
    const erases = now.deletedAt && now.fields && may(this.me, 'admin');
    return !edits && !erases && !this.#may(now, 'delete') && !this.#may(now, 'restore') ? nothing : html`<div class="buttons">
      ${edits ? html`<button type="button" class="button" @click=${() => { this.editing = now; }}>${icon('pencil')}Edit</button>` : nothing}
      ${this.#may(now, 'delete') && this.#entity.data ? html`<button type="button" class="button quiet" @click=${() => this.#delete(now)}>${icon('minus')}Delete…</button>` : nothing}
      ${this.#may(now, 'restore') && this.#entity.data ? html`<button type="button" class="button" @click=${() => this.#restore(now)}>${icon('undo')}Bring back…</button>` : nothing}
      ${erases ? html`<sl-work .label=${'Erase…'} .look=${'quiet'} .sort=${'cut'} .work=${() => this.#erase(now)}></sl-work>` : nothing}</div>`;
  }

  #form() {
    return html`<record-edit .of=${this.#name} .record=${this.editing} .declared=${this.#entity.data} @left=${() => { this.editing = null; }} @saved=${() => this.#saved()}></record-edit>`;
  }

  #saved() {
    this.editing = null;
    [this.#now, this.#versions, this.#push].forEach((each) => each.refresh());
    this.dispatchEvent(new Event('changed', { bubbles: true }));
  }

  // ---- deleting it, and bringing it back
  /** What a deletion or a return writes, on both sides; the system is told of it only where it has the record. */
  #outlook(now, action) {
    const { here, systemTitle, ways } = this.#entity.data;
    const told = ways.includes(action);
    const there = { name: systemTitle, fields: [], action: told ? action : 'nothing', why: told ? null : `${systemTitle} is not told of it.` };
    if (told && now.key === null) {
      Object.assign(there, { action: 'nothing', why: `${systemTitle} has not answered with a key yet. Should it be on its way already, this follows it.` });
    } else if (told && action === 'delete') {
      there.why = `Next. ${systemTitle} is asked to delete ${now.key}.`;
    } else if (told && now.status === 'pending_push') {
      Object.assign(there, { action: 'nothing', why: `The deletion has not arrived there. Should it be on its way already, the return follows it.` });
    } else if (told) {
      there.why = `Next. ${systemTitle} is asked to use ${now.key} again.`;
    }
    return { there, here: { name: here, fields: [], action,
      why: action === 'delete' ? 'At once, under your name. Its history stays, and it can be brought back.' : 'At once, under your name, with what it said at last.' } };
  }

  async #delete(now) {
    const { children } = await api.relatives(this.#name).catch(() => ({ children: null }));
    const left = children?.map((each) => `${many(each.count, 'record')} of ${each.entity}`);
    const leads = children?.reduce((sum, { count }) => sum + count, 0) === 1 ? ['leads', 'It stays, and goes'] : ['lead', 'They stay, and go'];
    await this.#asked(now, 'delete', {
      title: `Delete ${titleOf(now.fields) ?? now.key ?? 'this record'}?`, confirm: 'Delete it', look: 'danger',
      text: !children ? 'Other records may lead to it; which could not be asked. They stay, and go on leading to it.' : children.length
        ? `${left.join(' and ')} ${leads[0]} to it. ${leads[1]} on leading to it.` : null,
      more: children?.length ? this.#relatives(children) : nothing,
    }, (seen) => api.remove(this.#name, seen));
  }

  /** Links to some of them; a page of its own, so that the question stays. */
  #relatives(groups) {
    return html`<ul class="relatives small">${groups.flatMap((each) => [...each.first.map((one) => html`
      <li><a target="_blank" rel="noopener" href=${href({ view: 'record', sync: this.#name.sync, entity: each.entity, key: api.nameIn(one.href) })}>${one.title ?? one.key ?? 'a new record'}</a> <span class="soft">${each.entity}</span></li>`),
      each.count > each.first.length ? html`<li class="soft">and ${many(each.count - each.first.length, 'more record')} of ${each.entity}</li>` : nothing])}</ul>`;
  }

  async #restore(now) {
    await this.#asked(now, 'restore', { title: `Bring ${titleOf(now.fields) ?? now.key ?? 'this record'} back?`, text: null, confirm: 'Bring it back' }, (seen) => api.restore(this.#name, seen));
  }

  /** Promise 17, likewise of records: where it has changed since, nothing is done, what is new is shown, and the question is asked about that. */
  async #asked(now, action, question, work) {
    const about = (record, moved) => ({
      ...question, confirm: moved ? `${question.confirm} all the same` : question.confirm,
      body: html`${question.more ?? nothing}${moved ? notice('warn', 'warning', 'It has changed since you looked, so nothing was done', html`<p>${record.editedBy && record.editedAt !== now.editedAt ? html`<b>${record.editedBy}</b> edited it here ${moment(record.editedAt)}.` : 'A run has written it.'}</p>
        ${moved.length ? changes(moved) : nothing}`) : nothing}${outlookOf(this.#outlook(record, action))}`,
      work: async () => {
        try {
          await work(record.etag);
        } catch (failure) {
          if (failure.status === 412 && failure.document?.current?.fields) {
            const current = { ...failure.document.current, etag: failure.document.etag };
            failure.question = about(current, apartIn(record.fields, current.fields));
          }
          throw failure;
        }
      },
    });
    if (await askFor(about(now, null))) {
      const { systemTitle } = this.#entity.data;
      const { there } = this.#outlook(now, action);
      say(`${action === 'delete' ? 'Deleted' : 'It is back'}.${there.action === 'nothing' ? '' : ` ${systemTitle} is told next.`}`, there.action === 'nothing' ? null
        : { href: href({ view: 'pushes', sync: this.#name.sync, record: this.#name.key, state: 'all' }), text: 'In the outbox' });
      this.#saved();
    }
  }

  async #erase(now) {
    let answer = null;
    if (await askFor({
      title: 'Erase what this record said?', text: 'Its content goes for good, from its row, its history and everywhere else it is kept. That it was there, its key and the hashes stay, and so does your reason. What decisions point to is spared.',
      fields: [{ name: 'reason', label: 'Reason', most: 1000, hint: 'It is kept for ever, so name nobody in it.' }], confirm: 'Erase for good', look: 'danger',
      work: async ({ reason }) => { answer = await api.erase(this.#name, now.etag, reason); },
    })) {
      const kept = answer.keptForDecisions.length;
      say(`${many(answer.versions, 'version')} lost ${answer.versions === 1 ? 'its' : 'their'} content${kept ? `; ${many(kept, 'decision')} kept what ${kept === 1 ? 'it points' : 'they point'} to` : ''}.`);
      [this.#now, this.#then, this.#versions].forEach((each) => each.refresh());
    }
  }

  // ---- how it became so
  #history() {
    const { data, problem } = this.#versions;
    if (!data) {
      return problem ? trouble(problem, () => this.#versions.refresh()) : bones(6);
    }
    return html`<record-timeline .versions=${this.#all} .stood=${this.#stood} .past=${this.#past} .of=${this.#name}></record-timeline>
      ${problem ? trouble(problem) : nothing}
      ${this.#isAll ? nothing : html`<div class="more"><sl-work .label=${'Show older versions'} .sort=${'down'} .work=${() => this.#older()}></sl-work></div>`}`;
  }

  async #older() {
    try {
      this.more = [...this.more, await api.versions(this.#name, (this.more.at(-1) ?? this.#versions.data).next)];
    } catch (failure) {
      this.#versions.problem = failure;
      this.requestUpdate();
    }
  }
}
customElements.define('view-record', Record);
