import { html, nothing } from 'lit';
import * as api from './api.js';
import { exactly, number } from './format.js';
import { icon, mark } from './icons.js';
import { Loader, connection } from './live.js';
import { Plain } from './parts.js';
import { drafts } from './drafts.js';
import { followLinks, here, href } from './route.js';
import { isActive, may, named } from './words.js';
import './sign-in.js';
import './overview.js';
import './runs.js';
import './run.js';
import './attention.js';
import './conflicts.js';
import './conflict.js';
import './pushes.js';
import './plan.js';
import './records.js';
import './new.js';
import './tables.js';
import './webhooks.js';
import './record.js';
import './snapshots.js';
import './snapshot.js';
import './compare.js';
import './decisions.js';

const TITLES = {
  overview: 'Overview', runs: 'Runs', run: 'Run', plan: 'Plan', records: 'Records', record: 'Record', new: 'New record', tables: 'Tables', webhooks: 'Webhooks', snapshots: 'Snapshots', snapshot: 'Snapshot', compare: 'Comparison', attention: 'Needs attention', conflicts: 'Conflicts', conflict: 'Conflict', pushes: 'Outbox', decisions: 'Decisions',
};
const WITHIN = { run: 'runs', plan: 'runs', record: 'records', new: 'records', snapshot: 'snapshots', compare: 'snapshots', conflict: 'conflicts' };
const THEMES = { system: ['screen', 'As the system says'], light: ['sun', 'Light'], dark: ['moon', 'Dark'] };

/** What a page is about, apart from how one looks at it. */
const subject = ({ sync, entity, id, number, key }) => JSON.stringify([id, number, key, key && sync, key && entity]);

/** The frame: who is signed in, where one is, whether the server answers. */
class App extends Plain {
  static properties = { me: { state: true }, ended: { state: true }, lost: { state: true }, query: { state: true }, theme: { state: true }, toasts: { state: true }, open: { state: true } };

  #syncs = null;
  #tables = null;

  constructor() {
    super();
    this.query = here();
    this.toasts = [];
    this.theme = document.documentElement.dataset.theme ?? 'system';
    followLinks(this);
    api.whenSignedOut((problem) => {
      if (this.me) {
        this.ended = problem.message;
      }
      this.me = false;
    });
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('popstate', this.#moved);
    addEventListener('hashchange', this.#moved);
    addEventListener('syncline-say', this.#said);
    connection.addEventListener('change', () => this.requestUpdate());
    document.addEventListener('click', (event) => this.open && !event.target.closest('.account') && (this.open = false));
    document.addEventListener('keydown', (event) => event.key === 'Escape' && (this.open = false));
    this.#whoAmI();
  }

  #whoAmI = async () => {
    this.lost = false;
    try {
      this.me = await api.me();
    } catch (failure) {
      this.lost = failure.status !== 401;
    }
  };

  get view() {
    return TITLES[this.query.view] ? this.query.view : 'overview';
  }

  #moved = async () => {
    const before = this.view;
    const one = subject(this.query);
    this.query = here();
    this.open = false;
    if (before !== this.view || one !== subject(this.query)) {
      await this.updateComplete;
      scrollTo(0, 0);
      this.querySelector('main h1')?.focus({ preventScroll: true });
    }
  };

  #said = (event) => {
    const toast = event.detail;
    this.toasts = [...this.toasts, toast];
    setTimeout(() => { this.toasts = this.toasts.filter((each) => each !== toast); }, 8_000);
  };

  updated() {
    const title = this.me ? [TITLES[this.view], this.query.id ?? this.query.number ?? this.query.key].filter(Boolean).join(' ') : 'Sign in';
    document.title = `${title} · Syncline`;
    this.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  render() {
    return html`
      ${this.me ? this.#house() : this.#door()}
      <sl-asking></sl-asking>
      <div class="toasts" role="status">${this.toasts.map((toast) => html`
        <div class="toast"><span>${toast.text} ${toast.link ? html`<a href=${toast.link.href}>${toast.link.text}</a>` : nothing}</span>
          <button type="button" aria-label="Close" @click=${() => { this.toasts = this.toasts.filter((each) => each !== toast); }}>${icon('close')}</button></div>`)}</div>`;
  }

  #door() {
    if (this.lost) {
      return html`<main class="door"><div class="card door-card">${mark()}<h1 tabindex="-1">Syncline does not answer</h1>
        <p class="soft">The server is away, or something stands between it and this page. Nothing is lost by waiting.</p>
        <button class="button primary" @click=${this.#whoAmI}>${icon('refresh')}Try again</button></div></main>`;
    }
    return this.me === undefined
      ? html`<main class="door" aria-busy="true"><span class="hidden-text">Loading</span></main>`
      : html`<view-sign-in .ended=${this.ended} @signed-in=${this.#signedIn}></view-sign-in>`;
  }

  #signedIn = (event) => {
    this.ended = null;
    this.me = event.detail;
    this.#syncs?.restart();
    this.#tables?.restart();
  };

  #house() {
    this.#syncs ??= new Loader(this, (signal) => (this.me ? api.syncs(signal) : Promise.resolve(null)),
      (list) => (list?.some((sync) => isActive(sync.active)) ? 2_000 : 5_000));
    this.#tables ??= new Loader(this, (signal) => (this.me ? api.tables(signal) : Promise.resolve(null)), () => 60_000);
    const tables = this.#tables.data ?? [];
    const waiting = (this.#syncs.data ?? []).reduce((sum, sync) => sum + sync.waiting, 0);
    const apart = (this.#syncs.data ?? []).flatMap((sync) => sync.entities).reduce((sum, each) => sum + each.conflicts, 0);
    const link = (view, text, extra = nothing) => html`
      <a href=${href({ view: view === 'overview' ? null : view })} aria-current=${(WITHIN[this.view] ?? this.view) === view ? 'page' : nothing}>${text}${extra}</a>`;
    return html`
      <a class="skip" href="#main" @click=${this.#skip}>To the content</a>
      <header class="top">
        <div class="top-inner">
          <a class="brand" href="/">${mark()}<span>Syncline</span></a>
          <nav aria-label="Pages">
            ${link('overview', 'Overview')}
            ${link('attention', 'Attention', waiting ? html`<span class="badge">${number(waiting)}<span class="hidden-text"> waiting</span></span>` : nothing)}
            ${link('conflicts', 'Conflicts', apart ? html`<span class="badge">${number(apart)}<span class="hidden-text"> open</span></span>` : nothing)}
            ${link('pushes', 'Outbox')}${may(this.me, 'operator') ? link('webhooks', 'Webhooks') : nothing}${link('runs', 'Runs')}${link('records', 'Records')}
            ${tables.length ? link('tables', tables.length === 1 ? named(tables[0].table) : 'Tables') : nothing}${link('snapshots', 'Snapshots')}${link('decisions', 'Decisions')}
          </nav>
          ${this.#account()}
        </div>
      </header>
      ${connection.gone ? html`<div class="stale" role="alert">${icon('cut')}<span><b>The server does not answer.</b>
        ${connection.heardAt ? html`What you see is how things stood at ${exactly(connection.heardAt)}. This page tries again by itself.` : 'This page tries again by itself.'}</span></div>` : nothing}
      <main id="main" class=${connection.gone ? 'is-stale' : ''}>${this.#page()}</main>`;
  }

  #skip = (event) => {
    event.preventDefault();
    this.querySelector('main h1')?.focus();
  };

  #page() {
    switch (this.view) {
      case 'runs': return html`<view-runs .me=${this.me} .query=${this.query} .syncs=${this.#syncs.data}></view-runs>`;
      case 'run': return html`<view-run .me=${this.me} .run=${this.query.id}></view-run>`;
      case 'conflicts': return html`<view-conflicts .me=${this.me} .query=${this.query} .syncs=${this.#syncs.data} @changed=${() => this.#syncs.refresh()}></view-conflicts>`;
      case 'pushes': return html`<view-pushes .me=${this.me} .query=${this.query} .syncs=${this.#syncs.data} @changed=${() => this.#syncs.refresh()}></view-pushes>`;
      case 'conflict': return html`<view-conflict .me=${this.me} .query=${this.query} @changed=${() => this.#syncs.refresh()}></view-conflict>`;
      case 'plan': return html`<view-plan .me=${this.me} .query=${this.query}></view-plan>`;
      case 'records': return html`<view-records .me=${this.me} .query=${this.query} .syncs=${this.#syncs.data}></view-records>`;
      case 'record': return html`<view-record .me=${this.me} .query=${this.query} @changed=${() => this.#syncs.refresh()}></view-record>`;
      case 'new': return html`<view-new .me=${this.me} .query=${this.query} @changed=${() => this.#syncs.refresh()}></view-new>`;
      case 'tables': return html`<view-tables .me=${this.me} .query=${this.query} .syncs=${this.#syncs.data} .tables=${this.#tables.data}></view-tables>`;
      case 'webhooks': return html`<view-webhooks .me=${this.me} .query=${this.query} .syncs=${this.#syncs.data} @changed=${() => this.#syncs.refresh()}></view-webhooks>`;
      case 'snapshots': return html`<view-snapshots .me=${this.me} .query=${this.query} .syncs=${this.#syncs.data}></view-snapshots>`;
      case 'snapshot': return html`<view-snapshot .me=${this.me} .query=${this.query} .syncs=${this.#syncs.data}></view-snapshot>`;
      case 'compare': return html`<view-compare .me=${this.me} .query=${this.query} .syncs=${this.#syncs.data}></view-compare>`;
      case 'decisions': return html`<view-decisions .me=${this.me} .query=${this.query} .syncs=${this.#syncs.data}></view-decisions>`;
      case 'attention': return html`<view-attention .me=${this.me} .query=${this.query} .syncs=${this.#syncs.data} @changed=${() => this.#syncs.refresh()}></view-attention>`;
      default: return html`<view-overview .me=${this.me} .syncs=${this.#syncs.data} .problem=${this.#syncs.problem} @changed=${() => this.#syncs.refresh()}></view-overview>`;
    }
  }

  #account() {
    return html`
      <div class="account">
        <button type="button" class="button quiet" aria-expanded=${this.open ? 'true' : 'false'} aria-controls="account" @click=${() => { this.open = !this.open; }}>
          ${icon('person')}<span class="account-name">${this.me.name}</span>${icon('down')}<span class="hidden-text">Account and look</span></button>
        <div id="account" class="menu account-menu" ?hidden=${!this.open}>
          <dl><dt>Signed in as</dt><dd>${this.me.name}</dd><dt>Role</dt><dd>${this.me.role}</dd><dt>Organisation</dt><dd>${this.me.organisation}</dd></dl>
          <fieldset class="themes"><legend>Look</legend>
            ${Object.entries(THEMES).map(([name, [sort, text]]) => html`
              <label><input type="radio" name="theme" value=${name} .checked=${this.theme === name} @change=${() => this.#look(name)}><span>${icon(sort)}${text}</span></label>`)}
          </fieldset>
          <a class="account-do" href="/docs">${icon('table')}The API</a>
          <button type="button" class="account-do" @click=${this.#signOut}>${icon('out')}Sign out</button>
        </div>
      </div>`;
  }

  #look(theme) {
    this.theme = theme;
    if (theme === 'system') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = theme;
    }
    try {
      theme === 'system' ? localStorage.removeItem('syncline.theme') : localStorage.setItem('syncline.theme', theme);
    } catch (failure) {
      console.info('the choice cannot be kept', failure.message);
    }
  }

  #signOut = async () => {
    try {
      await api.signOut();
    } finally {
      drafts.dropAll();
      this.me = false;
      this.open = false;
    }
  };
}
customElements.define('syncline-app', App);
