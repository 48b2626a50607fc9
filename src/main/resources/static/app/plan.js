import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { capital, clock, many, number } from './format.js';
import { icon } from './icons.js';
import { Paged } from './list.js';
import { Loader } from './live.js';
import { askFor, blank, bones, moment, notice, pill, say, trouble } from './parts.js';
import { go, href } from './route.js';
import { changesInBrief, sides } from './values.js';
import { isActive, may, outcome, outcomes, state } from './words.js';

const TITLES = { full: 'What a full run would do', incremental: 'What an incremental run would do', single: 'What reading the record would do', rollback: 'What the rollback would do' };

/** What a preview found: row by row what would become of each, and the button that makes it so. */
class Plan extends Paged {
  static properties = { left: { state: true } };

  view = 'plan';
  place = ['id'];
  filters = ['entity', 'outcome', 'key'];

  #plan = new Loader(this, (signal) => api.plan(this.query.id, signal), (plan) => (plan?.applied.some(isActive) ? 2_000 : 30_000));
  #of = null;

  constructor() {
    super();
    this.left = new Map();
  }

  page(cursor, signal) {
    const { id, ...filters } = this.asked;
    return api.planRows(id, filters, cursor, signal);
  }

  willUpdate(changed) {
    super.willUpdate(changed);
    if (this.#of !== null && this.#of !== this.query.id) {
      this.left = new Map();
      this.#plan.restart();
    }
    this.#of = this.query.id;
  }

  render() {
    const { data: plan, problem } = this.#plan;
    return html`
      <p class="way"><a href=${href({ view: 'runs' })}>Runs</a>${icon('next')}<a href=${href({ view: 'run', id: this.query.id })}>Run ${this.query.id}</a>${icon('next')}<span>Plan</span></p>
      ${plan ? this.#page(plan) : html`<h1 class="hidden-text" tabindex="-1">Plan ${this.query.id}</h1>${problem ? this.#gone(problem) : html`<div class="card waiting">${bones(8)}</div>`}`}`;
  }

  #gone(problem) {
    return problem.status === 410
      ? html`<div class="card">${blank('clock', 'This plan is gone', problem.message, html`<a class="button" href="/">To the overview</a>`)}</div>`
      : trouble(problem, () => this.#plan.refresh());
  }

  #page(plan) {
    const total = plan.entities.reduce((sum, each) => sum + each.rows, 0);
    const whole = plan.applied.find((run) => !run.selection && run.state !== 'failed' && run.state !== 'cancelled');
    const word = plan.state === 'void' ? { icon: 'cross', text: 'Void', tone: 'bad' } : whole ? { icon: 'check', text: 'Applied', tone: 'good' } : { icon: 'eye', text: 'Not applied', tone: 'calm' };
    return html`
      <div class="head run-head"><div><h1 tabindex="-1">${TITLES[plan.mode] ?? 'What it would do'}</h1>${pill(word)}</div>${this.#actions(plan, total, whole)}</div>
      <p class="soft run-about">Of <a href=${href({ view: 'records', sync: plan.sync })}>${plan.sync}</a>${plan.entity ? `, only ${plan.entity}` : ''}. Asked for by ${plan.requestedBy}; made ${moment(plan.madeAt)},
        kept until ${clock(plan.expiresAt)}. Nothing of it is in the tables yet${plan.applied.length ? ', but what was applied' : ''}.</p>
      ${plan.state === 'void' ? notice('bad', 'cross', 'This plan is void', html`<p>${plan.voidWhy}</p>`) : nothing}
      ${plan.replacedBy ? notice('warn', 'clock', 'There is a newer one', html`<p><a href=${href({ view: 'plan', id: plan.replacedBy })}>Plan ${plan.replacedBy}</a> was asked for in the same way.</p>`) : nothing}
      ${plan.leftOut.length ? notice('warn', 'warning', 'Not all of it could be read', html`<ul>${plan.leftOut.map((each) => html`<li><b>${each.entity}</b>: ${each.reasons.join(' ')}</li>`)}</ul>`) : nothing}
      ${plan.applied.length ? html`<ul class="card items applied">${plan.applied.map((run) => html`<li>${pill(state(run.state))}<a href=${href({ view: 'run', id: run.run })}>Run ${run.run}</a>
        <span class="soft">${run.selection ? 'applied a part of it' : 'applied all of it'}</span></li>`)}</ul>` : nothing}
      ${total ? html`${this.#counts(plan)}${plan.state === 'void' ? nothing : this.#rows(plan)}`
        : html`<div class="card">${blank('check', 'Nothing would change', 'What the tables say is what the source says.', html`<a class="button" href="/">To the overview</a>`)}</div>`}`;
  }

  #counts(plan) {
    return html`<div class="results">${plan.entities.filter((each) => each.rows).map((each) => html`
      <section class="card result" aria-label=${each.entity}><header><h2>${each.entity}</h2><span class="soft small">${many(each.rows, 'row')}</span></header>
        <ul class="counts">${outcomes(each.counts).map(({ word, count, text, part }) => html`<li class="part-${part}"><a href=${href({ view: 'plan', id: plan.id, entity: each.entity, outcome: word })}><b>${number(count)}</b> <span>${text}</span></a></li>`)}</ul>
      </section>`)}</div>`;
  }

  // ---- doing it
  get #selection() {
    const { entity, outcome: word } = this.query;
    const except = [...this.left.values()].filter((row) => (!entity || row.entity === entity) && (!word || row.outcome === word)).map((row) => ({ entity: row.entity, key: row.key }));
    return entity || word || except.length
      ? { ...(entity ? { entities: [entity] } : {}), ...(word ? { outcomes: [word] } : {}), ...(except.length ? { except } : {}) } : null;
  }

  #selected(plan) {
    const { entity, outcome: word } = this.query;
    return plan.entities.filter((each) => !entity || each.entity === entity).reduce((sum, each) => sum + (word ? each.counts[word] ?? 0 : each.rows), 0)
      - (this.#selection?.except?.length ?? 0);
  }

  #actions(plan, total, whole) {
    if (!total || plan.state === 'void' || whole) {
      return nothing;
    }
    if (!may(this.me, 'operator')) {
      return html`<span class="small soft no-role">${icon('lock')}Operators can apply it</span>`;
    }
    const count = this.#selected(plan);
    return html`<div class="buttons">
      <sl-work .label=${'Drop'} .look=${'quiet'} .sort=${'close'} .work=${() => this.#drop(plan)}></sl-work>
      <button type="button" class="button primary apply" ?disabled=${!count} @click=${() => this.#apply(plan, count, total)}>${icon('check')}${count === total ? `Apply all ${number(total)}` : `Apply ${number(count)} of ${number(total)}`}…</button></div>`;
  }

  async #apply(plan, count, total) {
    let run = null;
    if (await askFor({
      title: count === total ? `Apply ${many(total, 'row')}?` : `Apply ${number(count)} of ${many(total, 'row')}?`,
      text: 'It is one run with one snapshot, and publishes what is shown here. A row that has moved since is set aside and named. Held deletes stay held.',
      confirm: 'Apply', work: async () => { run = (await api.apply(plan.id, this.#selection)).run; },
    })) {
      say(`Plan ${plan.id} is being applied.`);
      go({ view: 'run', id: run });
    }
  }

  async #drop(plan) {
    if (await askFor({ title: 'Drop this plan?', text: 'Nothing of it is published. The run that made it stays in the list of runs.', confirm: 'Drop', look: 'danger', work: () => api.drop(plan.id) })) {
      say(`Plan ${plan.id} is dropped.`);
      go({ view: 'run', id: plan.id });
    }
  }

  // ---- its rows
  #rows(plan) {
    const words = [...new Set(plan.entities.flatMap((each) => Object.keys(each.counts)))];
    return html`<h2 class="part-title">Row by row</h2>
      ${this.filterForm(
        this.choice('entity', 'Records', plan.entities.map(({ entity }) => [entity, entity])),
        this.choice('outcome', 'What becomes of it', outcomes(Object.fromEntries(words.map((word) => [word, 1]))).map(({ word, text }) => [word, capital(text)])),
        this.text('key', 'Key'))}
      ${this.body((rows) => html`<ul class="card items plan-rows">${repeat(rows, (row, place) => `${row.entity} ${row.key ?? place}`, (row) => this.#row(row))}</ul>`,
        () => blank('table', 'No row is like that', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${this.widen}>Show all rows</button>`))}`;
  }

  #row(row) {
    const name = `${row.entity} ${row.key}`;
    const left = this.left.has(name);
    const said = outcome(row.outcome);
    const inTable = row.key && row.outcome !== 'create' && row.outcome !== 'rejected';
    return html`
      <li class="item ${left ? 'is-left' : ''}">
        <div class="item-what"><span class="outcome part-${said.part}">${icon(said.icon)}${capital(said.text)}</span><span class="small soft">${row.entity}</span></div>
        <div class="item-why"><h3>${inTable ? html`<a class="mono" href=${href({ view: 'record', sync: this.#plan.data.sync, entity: row.entity, key: row.key })}>${row.key}</a>`
          : html`<span class="mono">${row.key ?? 'no readable key'}</span>`}</h3>
          <p class="small soft">${capital(row.reason)}.</p>
          ${row.moved ? html`<p class="small tone-warn moved">${icon('warning')}Would be set aside: ${row.moved}</p>` : nothing}
          ${row.outcome === 'conflict' ? sides(row.fields) : row.outcome === 'delete' || !row.fields.length ? nothing : changesInBrief(row.fields)}</div>
        <div class="item-do">${may(this.me, 'operator') && row.key ? html`<button type="button" class="button quiet" aria-pressed=${left ? 'true' : 'false'} @click=${() => this.#leave(name, row)}>
          ${left ? html`${icon('stop')}Left out` : 'Leave out'}<span class="hidden-text"> ${row.key}</span></button>` : nothing}</div>
      </li>`;
  }

  #leave(name, row) {
    const left = new Map(this.left);
    if (!left.delete(name)) {
      left.set(name, row);
    }
    this.left = left;
  }
}
customElements.define('view-plan', Plan);
