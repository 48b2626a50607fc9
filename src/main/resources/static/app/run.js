import { html, nothing, svg } from 'lit';
import * as api from './api.js';
import { capital, duration, exactly, many, number } from './format.js';
import { icon } from './icons.js';
import { Loader, RunWatch } from './live.js';
import { Plain, askFor, bones, moment, notice, pill, say, sign, trouble } from './parts.js';
import { go, href } from './route.js';
import { isActive, may, mode, outcome, outcomes, part, state } from './words.js';

const TRIGGERS = { schedule: 'by its schedule', retry: 'to try again what was set aside', approval: 'after an approval', apply: 'to apply a plan', webhook: 'by a webhook',
  edit: 'after an edit', push: 'to settle what was answered' };

/** One run: what went wrong first, then how it went and what became of the records. */
class Run extends Plain {
  static properties = { me: {}, run: {} };

  #report = new Loader(this, (signal) => api.run(this.run, signal).then(api.progress));
  #watch = null;
  #watched = null;
  #atHeading = false;

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#hush();
  }

  #hush() {
    this.#watch?.close();
    this.#watch = this.#watched = null;
  }

  /** Whoever came here by a link stands at the heading, also when it is drawn anew. */
  updated() {
    if (this.#atHeading) {
      this.querySelector('h1')?.focus({ preventScroll: true });
    }
  }

  willUpdate(changed) {
    this.#atHeading = document.activeElement?.tagName === 'H1';
    if (changed.has('run') && changed.get('run') !== undefined) {
      this.#hush();
      this.#report.restart();
    }
    const report = this.#report.data;
    if (isActive(report) && this.#watched !== report.run) {
      this.#hush();
      this.#watched = report.run;
      this.#watch = new RunWatch(report.run, (told) => {
        if (isActive(told)) {
          this.#report.data = { ...this.#report.data, ...told, entities: merged(this.#report.data?.entities, told.entities) };
          this.requestUpdate();
        } else {
          this.#report.refresh();
        }
      });
    }
  }

  render() {
    const { data: run, problem } = this.#report;
    return html`
      <p class="way"><a href=${href({ view: 'runs' })}>Runs</a>${icon('next')}<span>Run ${this.run}</span></p>
      ${run ? this.#page(run) : html`<h1 class="hidden-text" tabindex="-1">Run ${this.run}</h1>${problem ? trouble(problem, () => this.#report.refresh())
        : html`<div class="card waiting">${bones(8)}</div>`}`}`;
  }

  #page(run) {
    return html`
      <div class="head run-head">
        <div><h1 tabindex="-1">${mode(run)} ${run.run}</h1>${pill(run.cancelAskedBy && isActive(run) ? { icon: 'turn', text: 'Being cancelled', tone: 'warn' } : state(run.state))}</div>
        ${this.#follow(run)}
        ${isActive(run) && run.state !== 'publishing' && !run.cancelAskedBy && may(this.me, 'operator')
          ? html`<sl-work .label=${'Cancel run'} .sort=${'close'} .work=${() => this.#cancel()}></sl-work>` : nothing}
      </div>
      <p class="soft run-about">Of <a href=${href({ view: 'runs', sync: run.sync })}>${run.sync}</a>${run.entity ? `, only ${run.entity}` : ''}${run.key ? html`, record <span class="mono">${run.key}</span>` : nothing}.
        Asked for by ${run.requestedBy} ${TRIGGERS[run.trigger] ?? ''} ${moment(run.requestedAt)}${run.since ? html`; what changed since ${exactly(run.since)}` : nothing}${run.rollsBack ? html`, to take back <a href=${href({ view: 'run', id: run.rollsBack })}>run ${run.rollsBack}</a>` : nothing}${run.applies ? html` (<a href=${href({ view: 'plan', id: run.applies })}>plan ${run.applies}</a>)` : nothing}.</p>
      ${this.#troubles(run)}
      ${this.#phases(run)}
      <h2 class="part-title">${run.mode === 'verify' ? 'How they compare' : run.dryRun || run.mode === 'rollback' ? 'What would become of the records' : 'What became of the records'}</h2>
      ${run.entities?.length ? html`<div class="results">${[...run.entities].sort(troubledFirst).map((entity) => this.#entity(run, entity))}</div>`
        : html`<p class="card waiting soft">${isActive(run) ? 'Nothing has been read yet.' : 'The run ended before anything was read.'}</p>`}
      ${this.#records(run)}`;
  }

  /** What can be done with the result of a run that wrote nothing. */
  #follow(run) {
    if (run.state === 'planned') {
      return html`<a class="button primary" href=${href({ view: 'plan', id: run.run })}>${icon('eye')}Look at the plan</a>`;
    }
    if (run.snapshot?.changes) {
      return may(this.me, 'reviewer') ? html`<sl-work .label=${'Roll back…'} .look=${'quiet'} .sort=${'undo'} .work=${() => this.#rollBack(run)}></sl-work>` : nothing;
    }
    const apart = (run.entities ?? []).reduce((sum, { counts }) => sum + (counts.different ?? 0) + (counts.missing ?? 0) + (counts.extra ?? 0), 0);
    if (run.state !== 'compared' || !apart) {
      return nothing;
    }
    return may(this.me, 'operator') ? html`<button type="button" class="button primary repair" @click=${() => this.#repair(run, apart)}>${icon('refresh')}Repair…</button>`
      : html`<span class="small soft no-role">${icon('lock')}Operators can repair it</span>`;
  }

  async #rollBack(run) {
    let rollback = null;
    if (await askFor({
      title: `Take back what run ${run.run} published?`,
      text: 'First comes a plan, and nothing changes yet: what the run changed goes back, what it brought is deleted, what it deleted returns. Rows that have moved since are left alone and named.',
      field: 'Reason', confirm: 'Make the plan', work: async (reason) => { rollback = await api.rollBack(run.run, reason); },
    })) {
      go({ view: 'run', id: rollback.run });
    }
  }

  async #repair(run, apart) {
    let repair = null;
    if (await askFor({
      title: `Repair ${many(apart, 'record')}?`,
      text: 'Everything is read again. What changed at the source is taken over, and columns that do not say what their documents say are mended. What people edited stays theirs. Deletes meet the usual limit.',
      confirm: 'Repair', work: async () => { repair = await api.start(run.sync, { mode: 'full', repair: true, ...(run.entity ? { entity: run.entity } : {}) }); },
    })) {
      say('Everything is read again now.');
      go({ view: 'run', id: repair.run });
    }
  }

  async #cancel() {
    try {
      this.#report.data = { ...this.#report.data, ...await api.cancel(this.run) };
      this.requestUpdate();
    } catch (failure) {
      say(failure.message);
      this.#report.refresh();
    }
  }

  #troubles(run) {
    const entities = (run.entities ?? []).filter((entity) => ['failed', 'left-out'].includes(entity.state));
    if (!run.failure && !entities.length && !run.cancelAskedBy) {
      return nothing;
    }
    if (run.state === 'cancelled') {
      return notice('calm', 'stop', `Cancelled${run.cancelAskedBy ? ` by ${run.cancelAskedBy}` : ''}`, html`<p>Nothing of it was published; the tables are as they were before.</p>`);
    }
    if (!run.failure && !entities.length) {
      return nothing;
    }
    const failed = run.state === 'failed';
    const told = new Set(entities.flatMap((entity) => entity.reasons.map((reason) => `${entity.entity}: ${reason}`)));
    const failure = (run.failure ?? '').split('\n').filter((line) => line && !told.has(line));
    return html`<div class="notice tone-${failed ? 'bad' : 'warn'}" id="why">${icon(failed ? 'cross' : 'warning')}<div>
      <h2>${failed ? 'Why it failed' : 'What stayed out, and why'}</h2>
      ${failure.map((line) => html`<p>${line}</p>`)}
      ${entities.length ? html`<ul>${entities.flatMap((entity) => (entity.reasons.length ? entity.reasons : [entity.state]).map((reason) => html`<li><b>${entity.entity}</b>: ${reason}</li>`))}</ul>` : nothing}
      ${failed ? html`<p class="soft">Nothing of this run was published.</p>` : nothing}</div></div>`;
  }

  #phases(run) {
    const reads = run.mode === 'verify' ? 'Compare' : 'Read';
    const publishes = !['verify', 'rollback'].includes(run.mode) && !run.dryRun;
    const over = !isActive(run);
    const at = run.state === 'queued' ? 0 : run.state === 'running' ? 1 : run.state === 'publishing' ? 2 : 3;
    const published = Boolean(run.snapshot) || run.state === 'published';
    const broke = over && ['failed', 'cancelled'].includes(run.state);
    const halfRead = !run.entities?.length || run.entities.some((entity) => ['failed', 'left-out', 'reading'].includes(entity.state));
    const brokeAt = !broke ? 9 : !run.startedAt ? 0 : halfRead || !publishes ? 1 : 2;
    const step = (name, mine, detail) => {
      const tone = mine === brokeAt ? 'stopped' : mine > brokeAt ? 'later' : mine < at ? 'done' : mine === at ? 'now' : 'later';
      const word = { done: 'check', now: 'turn', stopped: run.state === 'cancelled' ? 'stop' : 'cross', later: 'dot' }[tone];
      return html`<li class="phase is-${tone}" aria-current=${tone === 'now' ? 'step' : nothing}>${icon(word)}<div><b>${name}</b><span class="soft small">${detail}</span></div></li>`;
    };
    return html`
      <ol class="card phases" aria-label="Phases">
        ${step('Asked for', 0, run.startedAt ? html`waited ${duration(new Date(run.startedAt) - new Date(run.requestedAt))}` : 'waits for its turn')}
        ${step(reads, 1, run.startedAt ? html`<span class="read">${many(run.delivered, 'record')}</span>${run.state === 'running' && run.rate ? html`, ${number(Math.round(run.rate))} a second` : nothing}` : 'not yet')}
        ${publishes ? step('Publish', 2, published ? (run.snapshot ? html`<a href=${href({ view: 'snapshot', sync: run.sync, number: run.snapshot.number })}>snapshot ${number(run.snapshot.number)}</a>, ${many(run.snapshot.changes, 'change')}` : 'nothing to change')
          : broke ? 'not reached' : run.state === 'publishing' ? 'in one transaction' : 'not yet') : nothing}
        <li class="phase is-end"><div><b>${over ? 'Ended' : 'Under way'}</b><span class="soft small">${over ? html`${moment(run.finishedAt)}${(run.durationMs ?? null) !== null ? html`, took ${duration(run.durationMs)}` : nothing}`
          : run.startedAt ? html`since ${moment(run.startedAt)}` : 'not yet'}</span></div></li>
      </ol>`;
  }

  #entity(run, entity) {
    const told = outcomes(entity.counts);
    const total = told.reduce((sum, { count }) => sum + count, 0);
    const reasons = ['failed', 'left-out'].includes(entity.state) ? [] : entity.reasons;
    const waiting = told.filter(({ part: of }) => of === 'waiting' || of === 'refused').length > 0 && run.mode !== 'verify';
    return html`
      <section class="card result" aria-label=${entity.entity}>
        <header><h3>${entity.entity}</h3>${sign(part(entity.state))}<span class="soft small">${many(entity.delivered, 'record')} on ${many(entity.pages, 'page')}${
          entity.absent ? html`, ${number(entity.absent)} absent` : nothing}${entity.returned ? html`, ${number(entity.returned)} returned` : nothing}${
          entity.durationMs !== undefined ? html` · ${duration(entity.durationMs)}` : nothing}</span></header>
        ${total ? html`${bar(told, total)}
          <ul class="counts">${told.map(({ count, text, part: of }) => html`<li class="part-${of}"><b>${number(count)}</b> <span>${text}</span></li>`)}
            ${entity.notPublished ? html`<li class="part-same"><b>${number(entity.notPublished)}</b> <span>${isActive(run) ? 'staged' : 'staged, not published'}</span></li>` : nothing}</ul>`
          : html`<p class="soft small">${entity.notPublished ? html`${many(entity.notPublished, 'record')} staged${isActive(run) ? '' : ', none published'}.` : entity.state === 'reading' ? 'Nothing decided yet.' : 'No record.'}</p>`}
        ${reasons.length ? html`<ul class="reasons small">${reasons.map((reason) => html`<li>${icon('warning')}<span>${reason}</span></li>`)}</ul>` : nothing}
        ${waiting ? html`<p class="small"><a href=${href({ view: 'attention', sync: run.sync, entity: entity.entity })}>See what waits for a person</a></p>` : nothing}
        ${entity.setAside?.length ? html`<details><summary>${many(entity.setAside.length, 'row')} set aside</summary><ul class="examples small">${entity.setAside.map((row) => html`
          <li>${this.#key(run, entity.entity, row.key)} <span class="soft">${row.reason}</span></li>`)}</ul></details>` : nothing}
        ${entity.examples?.length ? html`<details open><summary>${many(entity.examples.length, 'example')} of what did not match</summary><ul class="examples small">${entity.examples.map((example) => html`
          <li>${example.finding === 'missing' ? html`<b class="mono">${example.key}</b>` : this.#key(run, entity.entity, example.key)} <span class="finding">${outcome(example.finding).text}</span> ${example.fields.length ? html`<code>${example.fields.join(', ')}</code>` : nothing} <span class="soft">${example.why}</span></li>`)}</ul></details>` : nothing}
      </section>`;
  }

  #key(run, of, key) {
    return key ? html`<a class="mono" href=${href({ view: 'record', sync: run.sync, entity: of, key })}>${key}</a>` : html`<b>no key</b>`;
  }

  #records(run) {
    return !run.records?.length ? nothing : html`
      <h2 class="part-title">The records it was for</h2>
      <div class="card list"><table role="table" class="stacks"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Record</th><th role="columnheader" scope="col">What became of it</th></tr></thead>
        <tbody role="rowgroup">${run.records.map((record) => html`<tr role="row"><th role="rowheader" scope="row">${
          run.entity ? this.#key(run, run.entity, record.key) : html`<span class="mono">${record.key}</span>`}</th>
          <td role="cell" data-label="What became of it">${record.failure ?? (record.outcome ? capital(outcome(record.outcome).text) : 'Under way')}</td></tr>`)}</tbody></table></div>`;
  }
}
customElements.define('view-run', Run);

/** An event says less of an entity than a report. */
const merged = (reported, told) => told.map((entity) => ({ absent: 0, returned: 0, reasons: [], ...(reported ?? []).find((each) => each.entity === entity.entity), ...entity }));

const RANK = { failed: 0, 'left-out': 1, reading: 2 };
const troubledFirst = (a, b) => (RANK[a.state] ?? 3) - (RANK[b.state] ?? 3);

/** The outcomes as one bar; the words beside it say the same. */
function bar(told, total) {
  let x = 0;
  return html`<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">${told.map(({ count, part: of }) => {
    const width = Math.max((count / total) * 1000, 4);
    const rect = svg`<rect class="part-${of}" x=${x} y="0" width=${width} height="8"></rect>`;
    x += width;
    return rect;
  })}</svg>`;
}
