import { html, nothing } from 'lit';
import * as api from './api.js';
import { capital } from './format.js';
import { icon } from './icons.js';
import { Paged } from './list.js';
import { Loader } from './live.js';
import { Plain, askFor, blank, moment, say, trouble } from './parts.js';
import { href } from './route.js';
import { may } from './words.js';

const evidence = (me, decision) => (may(me, 'reviewer')
  ? html`<a href=${api.evidenceOf(decision.number)} target="_blank" rel="noopener">${icon('away')}Evidence<span class="hidden-text"> of decision ${decision.number}, in a new tab</span></a>`
  : html`<span class="small soft no-role">${icon('lock')}A reviewer sees the evidence</span>`);
const document = (decision) => (decision.documentSha256 ? html`<span class="small soft">With a document, SHA-256 <code title=${decision.documentSha256}>${decision.documentSha256.slice(0, 12)}…</code></span>` : nothing);
const seen = (decision) => href({ view: 'record', sync: decision.sync, entity: decision.entity, key: decision.key ?? `row:${decision.row}`, snapshot: decision.snapshot });

/** What was decided, about what, by whom and why; each with its evidence. */
class Decisions extends Paged {
  view = 'decisions';
  filters = ['sync', 'entity', 'key', 'actor', 'from', 'to'];

  page(cursor, signal) {
    return api.decisions(this.asked, cursor, signal);
  }

  every() {
    return 15_000;
  }

  render() {
    const syncs = this.syncs ?? [];
    const entities = syncs.filter((sync) => !this.query.sync || sync.name === this.query.sync).flatMap((sync) => sync.entities.map(({ entity }) => entity));
    return html`
      <div class="head"><h1 tabindex="-1">Decisions</h1><p class="soft">Each stands for good, with what the record said then.</p></div>
      ${this.filterForm(
        this.choice('sync', 'Sync', syncs.map((sync) => [sync.name, sync.title]), { also: { entity: null } }),
        this.choice('entity', 'Records', [...new Set(entities)].map((name) => [name, name])),
        this.text('key', 'Key'),
        this.text('actor', 'By'),
        this.when('from', 'From'),
        this.when('to', 'Until'))}
      ${this.body((decisions) => html`<ul class="card items decisions">${decisions.map((each) => this.#decision(each))}</ul>`, () => this.#none())}`;
  }

  #none() {
    return this.narrowed
      ? blank('stamp', 'No decision is like that', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${this.widen}>Show all decisions</button>`)
      : blank('stamp', 'Nothing was decided yet', 'Open a record and record a decision about it: what it said then is kept as evidence.', html`<a class="button" href=${href({ view: 'records' })}>To the records</a>`);
  }

  #decision(each) {
    return html`
      <li class="item">
        <div class="item-what"><span class="outcome">${icon('stamp')}${capital(each.what)}</span><span class="soft small">Decision ${each.number}</span></div>
        <div class="item-why"><h2><a href=${seen(each)}>${each.entity} <span class="mono">${each.key ?? `row ${each.row}`}</span></a></h2>
          <p class="reason">${each.reason}</p>
          <p class="soft small">By <b>${each.actor}</b> ${moment(each.at)}, as the record stood in <a href=${href({ view: 'snapshot', sync: each.sync, number: each.snapshot })}>snapshot ${each.snapshot}</a> of ${each.sync}</p>${document(each)}</div>
        <div class="item-do">${evidence(this.me, each)}</div>
      </li>`;
  }
}
customElements.define('view-decisions', Decisions);

/** The decisions about one record, and the button to record another. */
class RecordDecisions extends Plain {
  static properties = { me: {}, of: {}, seen: {}, snapshot: {} };

  #list = new Loader(this, (signal) => api.decisions({ sync: this.of.sync, entity: this.of.entity, key: this.of.key }, null, signal));
  #which = null;

  willUpdate() {
    const which = JSON.stringify(this.of);
    if (this.#which !== null && this.#which !== which) {
      this.#list.restart();
    }
    this.#which = which;
  }

  render() {
    const { data, problem } = this.#list;
    return html`
      <section class="card decided" aria-labelledby="decided"><header><h2 id="decided">Decisions</h2>${may(this.me, 'operator')
        ? html`<sl-work .label=${'Record a decision…'} .sort=${'stamp'} .off=${!this.seen?.fields} .work=${() => this.#decide()}></sl-work>` : nothing}</header>
        ${!data ? (problem ? trouble(problem, () => this.#list.refresh()) : nothing) : data.items.length ? html`<ul>${data.items.map((each) => html`
          <li><p><b>${capital(each.what)}</b> <span class="soft">by ${each.actor} ${moment(each.at)}</span></p><p class="reason">${each.reason}</p>
            <p class="small soft"><a href=${seen(each)}>As it stood in snapshot ${each.snapshot}</a> · ${evidence(this.me, each)}</p>${document(each)}</li>`)}</ul>
          ${data.next ? html`<a class="small" href=${href({ view: 'decisions', ...this.of })}>All decisions about it</a>` : nothing}`
          : html`<p class="small soft">${may(this.me, 'operator') ? 'None yet. A decision keeps what the record said when it was made.' : 'None yet. An operator records them.'}</p>`}
      </section>`;
  }

  /** What is decided about is what is seen: the version on the page, in the snapshot that is looked at, or in the newest. */
  async #decide() {
    try {
      const snapshot = this.snapshot ?? await api.newestSnapshot(this.of.sync);
      const then = snapshot === null ? null : await api.record(this.of, { snapshot });
      if (!then || then.since !== this.seen.since) {
        say(this.seen.snapshot === null ? 'What you see is an edit that no snapshot has sealed. Refresh the sync first: the run seals it.'
          : `Snapshot ${snapshot} says something else than what you see. Look at it, or go back to now.`);
        return;
      }
      if (await askFor({
        title: 'Record a decision', text: `About this record as it stood in snapshot ${snapshot}. The entry is kept for good, under your name; nobody can change it.`,
        fields: [{ name: 'what', label: 'What is decided', most: 60, word: true, hint: 'A short word, such as dispatch or approval.' }, { name: 'reason', label: 'Why', most: 5000 }],
        confirm: 'Record it', work: (said) => api.decide({ ...this.of, snapshot: Number(snapshot), ...said }),
      })) {
        say('The decision is recorded.', { href: href({ view: 'decisions', ...this.of }), text: 'Decisions about it' });
        await this.#list.refresh();
      }
    } catch (failure) {
      say(failure.message);
    }
  }
}
customElements.define('record-decisions', RecordDecisions);
