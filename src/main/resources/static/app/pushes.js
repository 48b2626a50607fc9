import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { number } from './format.js';
import { icon } from './icons.js';
import { Paged } from './list.js';
import { askFor, blank, moment, notice, say, sign, told } from './parts.js';
import { href } from './route.js';
import { apartIn, changes, changesInBrief } from './values.js';
import { PUSH_WORDS, may, push as stateOf, pushed } from './words.js';

/** What is not over yet; a person can do something about it. */
const RETRIED = ['waiting', 'parked'];
const GIVEN_UP = ['waiting', 'parked'];

const differences = (push) => (push.document ? apartIn(push.agreed, push.document) : []);

/** What people did here, on its way to a system: what waits, what was refused and in which words, what nobody can tell. */
class Pushes extends Paged {
  view = 'pushes';
  place = ['sync'];
  filters = ['state', 'entity', 'record'];

  get #sync() {
    return (this.syncs ?? []).find((sync) => sync.name === this.query.sync) ?? (this.query.sync ? null : this.syncs?.[0] ?? null);
  }

  get asked() {
    const asked = super.asked;
    return { ...asked, sync: asked.sync ?? this.#sync?.name };
  }

  get ready() {
    return Boolean(this.asked.sync);
  }

  page(cursor, signal) {
    const { state = 'open', ...asked } = this.asked;
    return api.pushes({ ...asked, state }, cursor, signal);
  }

  every() {
    return 5_000;
  }

  render() {
    const { sync } = this.asked;
    const syncs = this.syncs ?? [];
    const counts = this.list.data?.counts ?? {};
    const open = Object.entries(counts).filter(([word]) => !['done', 'overtaken', 'discarded'].includes(word)).reduce((sum, [, count]) => sum + count, 0);
    const counted = (text, count) => (this.list.data ? `${text} (${number(count ?? 0)})` : text);
    return html`
      <div class="head"><div class="head-words"><h1 tabindex="-1">Outbox</h1><p class="soft">What people changed here, on its way to ${this.#sync?.system ?? 'its system'}.</p></div></div>
      ${this.syncs && !syncs.length ? html`<div class="card">${blank('away', 'No sync is declared yet', 'What people edit here, and where it is sent, shows here.')}</div>` : html`
        ${this.filterForm(
          syncs.length > 1 ? this.choice('sync', 'Sync', syncs.map((each) => [each.name, each.title]), { all: null, chosen: sync, also: { entity: null } }) : nothing,
          this.choice('state', 'State', [...PUSH_WORDS.map((word) => [word, counted(stateOf(word).text, counts[word])]), ['all', 'All']], { all: counted('Not over yet', open) }),
          this.choice('entity', 'Records', (this.#sync?.entities ?? []).map((each) => [each.entity, each.entity])),
          this.text('record', 'Key'))}
        ${this.body((items) => html`<ul class="card items pushes">${repeat(items, (each) => each.number, (each) => this.#item(each))}</ul>`, () => this.#none())}`}`;
  }

  #none() {
    return this.narrowed
      ? blank('away', 'Nothing is like that', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${this.widen}>Show what is not over yet</button>`)
      : blank('check', 'Nothing waits to be sent', 'What people edit here shows until its system has taken it.');
  }

  #item(push) {
    const word = stateOf(push.state);
    const what = differences(push);
    return html`
      <li class="item">
        <div class="item-what">${sign(word)}<span class="small soft">${pushed(push.action)} · ${push.entity}</span></div>
        <div class="item-why"><h2><a class="mono" href=${href({ view: 'record', sync: push.sync, entity: push.entity, key: api.nameIn(push.recordHref) })}>${push.key ?? `row ${api.nameIn(push.recordHref).replace(/^row:/, '')}`}</a></h2>
          ${push.reason ? html`<p class="reason">${told(push.reason)}${push.status ? html` <span class="soft small">(${push.status})</span>` : nothing}</p>` : nothing}
          ${push.action === 'delete' ? nothing : push.action === 'update' ? changesInBrief(what) : what.length ? html`<details><summary>What is sent</summary>${changes(what.filter(({ to }) => to !== null))}</details>` : nothing}
          <p class="soft small">${push.editedBy ? html`<b>${push.editedBy}</b> edited it ${moment(push.editedAt)}` : html`Since ${moment(push.createdAt)}`}${push.attempts > 1 ? html` · tried ${number(push.attempts)} times` : nothing}${
            push.nextAttemptAt && ['waiting', 'unclear'].includes(push.state) ? html` · next try ${moment(push.nextAttemptAt)}` : nothing}${push.endedAt ? html` · ended ${moment(push.endedAt)}${push.endedBy ? html` by ${push.endedBy}` : nothing}` : nothing}
            · <a href=${href({ view: 'run', id: api.nameIn(push.runHref) })}>run ${api.nameIn(push.runHref)}</a></p></div>
        <div class="item-do">${this.#actions(push)}</div>
      </li>`;
  }

  #actions(push) {
    const reviews = may(this.me, 'reviewer');
    return html`
      ${RETRIED.includes(push.state) && may(this.me, 'operator') ? html`<sl-work .label=${'Send now'} .sort=${'refresh'} .work=${() => this.#retry(push)}></sl-work>` : nothing}
      ${GIVEN_UP.includes(push.state) && reviews ? html`<button type="button" class="button quiet" @click=${() => this.#discard(push, false)}>Do not send…</button>
        ${push.action === 'update' ? html`<button type="button" class="button quiet" @click=${() => this.#discard(push, true)}>Take back…</button>` : nothing}` : nothing}
      ${push.state === 'unknown' ? reviews ? html`<button type="button" class="button" @click=${() => this.#settle(push, true)}>It arrived…</button>
        <button type="button" class="button quiet" @click=${() => this.#settle(push, false)}>It did not…</button>` : html`<span class="small soft no-role">${icon('lock')}A reviewer settles it</span>` : nothing}`;
  }

  #name(push) {
    return `${push.entity} ${push.key ?? api.nameIn(push.recordHref)}`;
  }

  async #retry(push) {
    this.failure = null;
    try {
      await api.retryPush(push);
      say(`${this.#name(push)} is sent again.`);
    } catch (failure) {
      this.failure = failure;
    }
    await this.#changed();
  }

  async #discard(push, revert) {
    const to = this.#sync?.system ?? 'its system';
    if (await askFor({
      title: revert ? `Take back the edit of ${this.#name(push)}?` : `Do not send ${this.#name(push)}?`,
      text: revert ? 'The record says again what had been agreed, as an edit of yours. Your reason stays with the entry.'
        : `What was edited stays here and is not sent to ${to} until the record is edited again. Your reason stays with the entry.`,
      quote: push.reason, field: 'Reason', confirm: revert ? 'Take it back' : 'Do not send', look: 'danger', work: (reason) => api.discardPush(push, reason, revert),
    })) {
      say(revert ? `${this.#name(push)} says again what had been agreed.` : `${this.#name(push)} is not sent.`);
      await this.#changed();
    }
  }

  async #settle(push, arrived) {
    const made = arrived && push.action === 'create';
    if (await askFor({
      title: arrived ? `Did ${this.#name(push)} arrive?` : `Did ${this.#name(push)} not arrive?`,
      text: arrived ? 'Look there first. The record is then read back, and agreed on as it is there.' : 'Look there first. It is then sent again; what is there already would be there twice.',
      quote: push.reason, fields: made ? [{ name: 'key', label: 'Its key there', most: 1000, word: true }] : [], confirm: arrived ? 'It arrived' : 'It did not arrive',
      work: (said) => api.settlePush(push, arrived, said?.key),
    })) {
      say(arrived ? `${this.#name(push)} is read back.` : `${this.#name(push)} is sent again.`);
      await this.#changed();
    }
  }

  #changed() {
    this.dispatchEvent(new Event('changed', { bubbles: true }));
    return this.again();
  }
}
customElements.define('view-pushes', Pushes);

/** How a record's last edit stands on its way; nothing where it has arrived. */
export function underWay(push, to) {
  const list = html`<a href=${href({ view: 'pushes', sync: push.sync, record: api.nameIn(push.recordHref) })}>In the outbox</a>`;
  const why = push.reason ? html`<p class="reason">${told(push.reason)}</p>` : nothing;
  switch (push.state) {
    case 'parked': return notice('bad', 'cross', html`Refused by ${to}`, html`${why}<p>${list}: send it again, take it back, or edit the record.</p>`);
    case 'unknown': return notice('warn', 'warning', html`Nobody can tell whether it arrived at ${to}`, html`${why}<p>${list}: say what became of it.</p>`);
    case 'answered': return notice('busy', 'clock', html`${to} has taken it`, html`<p>The next publish makes that true.</p>`);
    default: return notice('busy', 'clock', html`Waits to be sent to ${to} since ${moment(push.editedAt ?? push.createdAt)}`, html`${why}<p>${push.editedBy ? html`<b>${push.editedBy}</b> edited it here. ` : nothing}${list}</p>`);
  }
}
