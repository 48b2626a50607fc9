import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { capital, duration, many, number } from './format.js';
import { icon } from './icons.js';
import { Loader, RunWatch } from './live.js';
import { Plain, blank, bones, moment, notice, pill, say, sign, trouble } from './parts.js';
import { href } from './route.js';
import { isActive, light, may, mode, state } from './words.js';

/** Every sync on a card. */
class Overview extends Plain {
  static properties = { me: {}, syncs: {}, problem: {} };

  render() {
    return html`
      <div class="head"><h1 tabindex="-1">Overview</h1>${this.syncs?.length ? html`<p class="soft">${this.#inOneLine()}</p>` : nothing}</div>
      ${this.syncs ? this.#cards() : this.problem ? trouble(this.problem, () => this.dispatchEvent(new Event('changed'))) : html`<div class="card waiting">${bones(6)}</div>`}`;
  }

  #inOneLine() {
    const off = this.syncs.filter((sync) => sync.health.colour !== 'green').length;
    const waiting = this.syncs.reduce((sum, sync) => sum + sync.waiting, 0);
    const healthy = this.syncs.length === 1 ? `${this.syncs[0].title}: ${light(this.syncs[0].health.colour).text.toLowerCase()}`
      : off ? `${off} of ${many(this.syncs.length, 'sync')} ${off === 1 ? 'needs' : 'need'} a look` : `All ${this.syncs.length} syncs are healthy`;
    return `${healthy}; ${waiting ? `${many(waiting, 'record')} ${waiting === 1 ? 'waits' : 'wait'} for a person.` : 'nothing waits for a person.'}`;
  }

  #cards() {
    return this.syncs.length
      ? html`<div class="syncs">${repeat(this.syncs, (sync) => sync.name, (sync) => html`<sync-card .sync=${sync} .me=${this.me}></sync-card>`)}</div>`
      : html`<div class="card">${blank('table', 'No sync is declared yet', html`A sync is one file under <code>config/syncs</code>; the documentation says how to write one. It shows here after a restart.`)}</div>`;
  }
}
customElements.define('view-overview', Overview);

/** One sync: how it stands, what it does just now, and the button to refresh it. */
class SyncCard extends Plain {
  static properties = { sync: {}, me: {}, live: { state: true }, open: { state: true }, busy: { state: true }, failure: { state: true }, cancelling: { state: true } };

  #watch = null;
  #watched = null;
  /** What is on its way to the system, by how it stands. */
  #outbox = new Loader(this, (signal) => (this.sync ? api.pushes({ sync: this.sync.name, state: 'open' }, null, signal, 1).then((page) => page.counts) : Promise.resolve({})), () => 10_000);

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('click', this.#elsewhere);
    document.addEventListener('keydown', this.#escape);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('click', this.#elsewhere);
    document.removeEventListener('keydown', this.#escape);
    this.#watch?.close();
    this.#watch = this.#watched = null;
  }

  #elsewhere = (event) => {
    if (this.open && !this.querySelector('.split')?.contains(event.target)) {
      this.open = false;
    }
  };

  #escape = (event) => {
    if (this.open && event.key === 'Escape') {
      this.open = false;
      this.querySelector('.split [aria-expanded]')?.focus();
    }
  };

  willUpdate(changed) {
    if (changed.has('sync') && isActive(this.sync.active)) {
      this.#follow(this.sync.active.run);
    }
  }

  #follow(run) {
    if (this.#watched === run) {
      return;
    }
    this.#watch?.close();
    this.#watched = run;
    this.live = null;
    this.#watch = new RunWatch(run, (report) => {
      this.live = report;
      if (!isActive(report)) {
        say(`${this.sync.title}: ${state(report.state).text.toLowerCase()}.`, report.state === 'planned'
          ? { href: href({ view: 'plan', id: report.run }), text: 'Look at the plan' } : { href: href({ view: 'run', id: report.run }), text: `Run ${report.run}` });
        this.dispatchEvent(new Event('changed', { bubbles: true }));
      }
    });
  }

  /** The run under way: what was pushed of it, if that is newer than the list. */
  get #active() {
    const listed = isActive(this.sync.active) ? this.sync.active : null;
    if (this.live && this.live.run === (listed?.run ?? this.live.run)) {
      return isActive(this.live) ? { ...this.wish, ...listed, ...this.live } : null;
    }
    return listed && api.progress(listed);
  }

  /** What never ran, and does now, needs nobody. */
  get #isFirst() {
    return !this.sync.lastRun && Boolean(this.#active);
  }

  render() {
    const sync = this.sync;
    const id = `sync-${sync.name}`;
    return html`
      <article class="card sync" aria-labelledby=${id}>
        <header class="sync-head">
          <div class="sync-name"><h2 id=${id}>${sync.title}</h2>${pill(this.#isFirst ? { icon: 'turn', text: 'First run', tone: 'busy' } : light(sync.health.colour))}</div>
          ${this.#actions()}
          <p class="soft small sync-about">Kept in step with ${sync.system}.</p>
        </header>
        ${this.failure ? notice('bad', 'cross', 'The run could not be started', html`<p>${this.failure.message}
          ${this.failure.run ? html`<a href=${href({ view: 'run', id: this.failure.run })}>Run ${this.failure.run}</a>` : nothing}</p>`) : nothing}
        ${sync.health.colour !== 'green' && sync.health.why.length && !this.#isFirst
          ? notice(light(sync.health.colour).tone, light(sync.health.colour).icon, sync.health.why[0],
            sync.health.why.length > 1 ? html`<ul>${sync.health.why.slice(1).map((why) => html`<li>${why}</li>`)}</ul>` : nothing) : nothing}
        ${this.#between()}
        <div class="sync-body">
          <div class="tiles">${this.#now()}${this.#last()}${this.#next()}</div>
          ${this.#entities()}
        </div>
        ${this.#errors()}
      </article>`;
  }

  #actions() {
    if (!may(this.me, 'operator')) {
      return html`<span class="small soft no-role">${icon('lock')}Operators can refresh</span>`;
    }
    const active = this.#active;
    const asked = [
      ['Read what changed', 'An incremental run: quick, and enough most of the time.', { mode: 'incremental' }],
      ['Read everything', 'A full run; only it can tell what is gone at the source.', { mode: 'full' }],
      ['Preview', 'Reads everything and says what would change. Publishes nothing.', { mode: 'full', dryRun: true }],
      ['Verify', 'Compares every record with the source. Writes nothing.', { mode: 'verify' }],
    ];
    return html`
      <div class="split">
        <button type="button" class="button primary refresh" ?disabled=${this.busy || active} @click=${() => this.#start({ mode: this.sync.hasRead ? 'incremental' : 'full' })}>
          ${icon(this.busy ? 'turn' : 'refresh')}Refresh<span class="hidden-text"> ${this.sync.title}</span></button>
        <button type="button" class="button primary" ?disabled=${this.busy || active} aria-expanded=${this.open ? 'true' : 'false'} aria-controls="menu-${this.sync.name}"
          @click=${() => { this.open = !this.open; }}>${icon('down')}<span class="hidden-text">More ways to refresh ${this.sync.title}</span></button>
        <div class="menu" id="menu-${this.sync.name}" ?hidden=${!this.open}>${asked.map(([name, about, wish]) => html`
          <button type="button" @click=${() => this.#start(wish)}><b>${name}</b><span>${about}</span></button>`)}</div>
      </div>`;
  }

  async #start(wish) {
    Object.assign(this, { busy: true, open: false, failure: null });
    try {
      const ticket = await api.start(this.sync.name, wish);
      this.wish = wish;
      this.#follow(ticket.run);
    } catch (failure) {
      this.failure = failure;
      if (failure.run) {
        this.#follow(failure.run);
      }
    } finally {
      this.busy = false;
      this.dispatchEvent(new Event('changed', { bubbles: true }));
    }
  }

  #now() {
    const active = this.#active;
    if (!active) {
      return html`<section class="tile"><h3>Now</h3><p>${sign({ icon: 'dot', text: 'Idle', tone: 'calm' })}</p><p class="soft small">No run is under way.</p></section>`;
    }
    const said = state(active.state);
    const done = active.delivered;
    const expected = active.total ?? (active.mode === 'full' || active.mode === 'verify' ? this.#expected(active) : null);
    const left = active.total && active.rate ? (active.total - done) / active.rate : 0;
    const reading = active.entities.filter((entity) => entity.state === 'reading').map((entity) => entity.entity);
    return html`
      <section class="tile tile-now" data-run=${active.run}>
        <h3>Now</h3>
        <div class="now-line"><p>${sign(this.#isCancelled(active) ? { icon: 'turn', text: 'Being cancelled', tone: 'warn' } : said)}
          <a href=${href({ view: 'run', id: active.run })}>${mode(active)} ${active.run}</a></p>
          ${may(this.me, 'operator') && active.state !== 'publishing' && !this.#isCancelled(active)
            ? html`<sl-work .label=${'Cancel'} .sort=${'close'} .work=${() => this.#cancel(active.run)}></sl-work>` : nothing}</div>
        ${active.state === 'queued' ? html`<progress aria-label="Waiting to begin"></progress>`
          : expected ? html`<progress aria-label="Read so far" max=${expected} value=${Math.min(done, expected)}></progress>`
          : html`<progress aria-label="Under way"></progress>`}
        <p class="small now-figures"><b class="read">${number(done)}</b>${expected ? html` of ${active.total ? '' : 'about '}${number(expected)}` : nothing} ${done === 1 && !expected ? 'record' : 'records'} read${
          active.rate && active.state === 'running' ? html` · <span class="pace">${number(Math.round(active.rate))} a second</span>` : nothing}${
          left > 2 ? html` · about ${duration(left * 1000)} left` : nothing}</p>
        ${reading.length ? html`<p class="small soft">Reading ${reading.join(', ')}</p>` : nothing}
      </section>`;
  }

  /** What the tables hold is about what a whole read will deliver. */
  #expected(active) {
    const of = active.entity ? this.sync.entities.filter((entity) => entity.entity === active.entity) : this.sync.entities;
    return of.reduce((sum, entity) => sum + entity.total, 0) || null;
  }

  #isCancelled(active) {
    return active.cancelAskedBy || this.cancelling === active.run;
  }

  async #cancel(run) {
    try {
      await api.cancel(run);
      this.cancelling = run;
    } catch (failure) {
      say(failure.message);
    }
    this.dispatchEvent(new Event('changed', { bubbles: true }));
  }

  #last() {
    const last = this.sync.lastRun;
    if (!last) {
      return html`<section class="tile"><h3>Last run</h3><p>${sign({ icon: 'dot', text: 'None yet', tone: 'calm' })}</p>
        <p class="soft small">${this.#active ? 'The first one is under way.' : may(this.me, 'operator') ? 'Press Refresh to read everything for the first time.' : 'An operator starts the first one.'}</p></section>`;
    }
    return html`
      <section class="tile"><h3>Last run</h3>
        <p>${sign(state(last.state))}</p>
        <p class="small"><a href=${href({ view: 'run', id: last.run })}>${mode(last)} ${last.run}</a> <span class="soft">${moment(last.finishedAt)}</span></p>
        ${this.sync.lastFull && last.mode !== 'full' ? html`<p class="soft small">Last full ${moment(this.sync.lastFull.finishedAt)}</p>` : nothing}
        ${this.sync.freshAsOf ? html`<p class="soft small">Shows the source of ${moment(this.sync.freshAsOf)}</p>` : nothing}
      </section>`;
  }

  #next() {
    const next = this.sync.next;
    return html`
      <section class="tile"><h3>Next run</h3>
        ${next.length ? next.map((each) => html`<div class="next-line"><p>${each.paused ? sign({ icon: 'pause', text: 'Paused', tone: 'warn' }) : each.at ? html`<b>${moment(each.at)}</b>` : 'Not planned'}
          <span class="soft small">${capital(each.mode)}${each.paused ? html`, by ${each.pausedBy}` : each.owedSince ? ', waits for the run under way' : nothing}</span></p>
          ${may(this.me, 'operator') ? html`<sl-work .look=${'quiet square small-button'} .sort=${each.paused ? 'play' : 'pause'} .label=${`${each.paused ? 'Resume' : 'Pause'} the ${each.mode} runs of ${this.sync.title}`} .bare=${true}
            .work=${() => this.#pause(each)}></sl-work>` : nothing}</div>`)
          : html`<p>${sign({ icon: 'dot', text: 'On demand', tone: 'calm' })}</p><p class="soft small">This sync has no schedule.</p>`}
      </section>`;
  }

  async #pause(schedule) {
    try {
      await (schedule.paused ? api.resume(schedule.name) : api.pause(schedule.name));
      say(`${capital(schedule.mode)} runs of ${this.sync.title} ${schedule.paused ? 'come by themselves again' : 'are paused'}.`);
    } catch (failure) {
      say(failure.message);
    }
    this.dispatchEvent(new Event('changed', { bubbles: true }));
  }

  /** What people did here and its system has not taken yet, and what both disagree about. */
  #between() {
    const { name, entities } = this.sync;
    const counts = this.#outbox.data ?? {};
    const apart = entities.reduce((sum, each) => sum + each.conflicts, 0);
    const waits = ['waiting', 'sending', 'unclear', 'answered'].reduce((sum, word) => sum + (counts[word] ?? 0), 0);
    const told = [
      apart ? [{ icon: 'branch', tone: 'warn', text: many(apart, 'conflict') }, { view: 'conflicts', sync: name }] : null,
      waits ? [{ icon: 'clock', tone: 'busy', text: `${many(waits, 'edit')} on ${waits === 1 ? 'its' : 'their'} way` }, { view: 'pushes', sync: name }] : null,
      counts.parked ? [{ icon: 'cross', tone: 'bad', text: `${many(counts.parked, 'edit')} refused` }, { view: 'pushes', sync: name, state: 'parked' }] : null,
      counts.unknown ? [{ icon: 'warning', tone: 'warn', text: `${many(counts.unknown, 'edit')} with unknown outcome` }, { view: 'pushes', sync: name, state: 'unknown' }] : null,
      this.sync.webhooks.failed && may(this.me, 'operator') ? [{ icon: 'cross', tone: 'warn', text: `${many(this.sync.webhooks.failed, 'webhook')} failed` }, { view: 'webhooks', state: 'failed' }] : null,
    ].filter(Boolean);
    return told.length ? html`<ul class="between" aria-label="Between both sides">${told.map(([said, to]) => html`<li><a class="pill tone-${said.tone}" href=${href(to)}>${icon(said.icon)}${said.text}</a></li>`)}</ul>` : nothing;
  }

  #errors() {
    const { errors } = this.sync;
    return !errors.length ? nothing : html`
      <details class="errors"><summary>${many(errors.length, 'recent error')}</summary><ul>${errors.map((error) => html`
        <li><p><a href=${href({ view: 'run', id: error.run })}>Run ${error.run}</a>${error.entity ? html` · ${error.entity}` : nothing} <span class="soft">${moment(error.at)}</span></p>
          <p class="what">${error.error}</p></li>`)}</ul></details>`;
  }

  #entities() {
    const { name, entities } = this.sync;
    if (!entities.length) {
      return nothing;
    }
    const cell = (label, count, tone, to) => html`<td role="cell" class="figure ${count && tone ? `tone-${tone}` : count ? '' : 'zero'}" data-label=${label}>${
      count && to ? html`<a href=${href(to)}>${number(count)}</a>` : number(count)}</td>`;
    return html`
      <table role="table" class="stacks entities">
        <caption class="hidden-text">What ${this.sync.title} holds</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Records</th>${['Total', 'Synced', 'Pending', 'Conflicts', 'Attention'].map((label) => html`
          <th role="columnheader" scope="col" class="figure">${label}</th>`)}</tr></thead>
        <tbody role="rowgroup">${entities.map((each) => html`
          <tr role="row"><th role="rowheader" scope="row"><a href=${href({ view: 'records', sync: name, entity: each.entity })}>${each.entity}</a></th>
            ${cell('Total', each.total)}${cell('Synced', each.synced)}${cell('Pending', each.pending, 'busy', { view: 'pushes', sync: name, entity: each.entity })}
            ${cell('Conflicts', each.conflicts, 'warn', { view: 'conflicts', sync: name, entity: each.entity })}
            ${cell('Attention', each.attention, 'warn', { view: 'attention', sync: name, entity: each.entity })}</tr>`)}</tbody>
      </table>`;
  }
}
customElements.define('sync-card', SyncCard);
