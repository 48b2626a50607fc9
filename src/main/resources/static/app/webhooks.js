import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { number } from './format.js';
import { Paged } from './list.js';
import { blank, moment, pill, say, sign } from './parts.js';
import { href } from './route.js';
import { shown } from './values.js';
import { WEBHOOK_WORDS, light, may, webhook as stateOf } from './words.js';

/** What systems told by themselves: what waits to be read, what was, and what came to nothing. */
class Webhooks extends Paged {
  view = 'webhooks';
  filters = ['state', 'system', 'entity', 'key'];

  page(cursor, signal) {
    return api.webhooks(this.asked, cursor, signal);
  }

  every(page) {
    return page.items.some((each) => ['waiting', 'reading'].includes(each.state)) ? 2_000 : 10_000;
  }

  get #systems() {
    return this.list.data?.systems ?? [];
  }

  #title(system) {
    return this.#systems.find((each) => each.system === system)?.title ?? system;
  }

  render() {
    const entities = [...new Set((this.syncs ?? []).flatMap((sync) => sync.entities.map((each) => each.entity)))];
    return html`
      <div class="head"><div class="head-words"><h1 tabindex="-1">Webhooks</h1><p class="soft">What systems told by themselves. It says what to read; every record is read from the system itself.</p></div></div>
      ${this.#systems.length ? html`<ul class="card tellers" aria-label="Systems that tell">${this.#systems.map((each) => this.#teller(each))}</ul>` : nothing}
      ${this.filterForm(
        this.choice('state', 'State', WEBHOOK_WORDS.map((word) => [word, stateOf(word).text])),
        this.#systems.length > 1 ? this.choice('system', 'System', this.#systems.map((each) => [each.system, each.title])) : nothing,
        this.choice('entity', 'Records', entities.map((name) => [name, name])),
        this.text('key', 'Key'))}
      ${this.body((items) => html`<ul class="card items webhooks">${repeat(items, (each) => each.id, (each) => this.#item(each))}</ul>`, () => this.#none(), { older: 'Show older messages' })}`;
  }

  /** Where a system sends its messages, and how the syncs stand that read it. */
  #teller({ title, address, takes }) {
    const syncs = (this.syncs ?? []).filter((sync) => sync.system === title);
    return html`<li><b>${title}</b>${takes ? sign({ icon: 'check', text: 'Messages are taken', tone: 'good' }) : sign({ icon: 'stop', text: 'No messages are taken: its secret is not set', tone: 'calm' })}
      <span class="small soft">at <code>${location.origin}${address}</code></span>
      ${syncs.map((sync) => html`<a class="teller-sync" href="/">${sync.title}${pill(light(sync.health.colour))}</a>`)}</li>`;
  }

  #none() {
    if (this.narrowed) {
      return blank('inbox', 'Nothing like that was told', 'Nothing fits all of these filters.', html`<button type="button" class="button" @click=${this.widen}>Show everything</button>`);
    }
    return this.#systems.some((each) => each.takes)
      ? blank('inbox', 'Nothing was told yet', 'As soon as a system sends a message, it shows here with what became of it.')
      : blank('inbox', 'No system tells anything yet', 'A system that can send webhooks is declared with where it says what changed, and gets a secret. Until then its changes come with the schedules.');
  }

  #item(each) {
    const about = each.entity && each.sync;
    return html`
      <li class="item">
        <div class="item-what">${sign(stateOf(each.state))}<span class="small soft">${this.#title(each.system)}${each.entity ? html` · ${each.entity}` : nothing}</span></div>
        <div class="item-why"><h2>${about && each.key ? html`<a class="mono" href=${href({ view: 'record', sync: each.sync, entity: each.entity, key: each.key })}>${each.key}</a>` : each.key ? html`<span class="mono">${each.key}</span>` : 'About no record that is known here'}</h2>
          ${each.reason ? html`<p class="reason">${shown(each.reason)}</p>` : nothing}
          <p class="soft small">Told ${moment(each.receivedAt)}${each.attempts > 1 ? html` · tried ${number(each.attempts)} times` : nothing}${
            each.nextAttemptAt ? html` · ${each.attempts ? 'next try' : 'to be read'} ${moment(each.nextAttemptAt)}` : nothing}${each.endedAt ? html` · ended ${moment(each.endedAt)}` : nothing}${
            each.run ? html` · <a href=${href({ view: 'run', id: each.run })}>run ${each.run}</a>` : nothing} · message <code>${each.delivery}</code></p></div>
        <div class="item-do">${may(this.me, 'operator') && each.state !== 'reading' ? html`<sl-work .label=${each.state === 'waiting' ? 'Read now' : 'Replay'} .sort=${'refresh'} .work=${() => this.#replay(each)}></sl-work>` : nothing}</div>
      </li>`;
  }

  async #replay(each) {
    this.failure = null;
    try {
      const now = await api.replay(each.id);
      say(now.state === 'waiting' || now.state === 'reading' ? `${now.entity} ${now.key} is read again.` : `It still leads nowhere: ${now.reason ?? 'nothing here reads what it is about.'}`);
    } catch (failure) {
      this.failure = failure;
    }
    this.dispatchEvent(new Event('changed', { bubbles: true }));
    await this.again();
  }
}
customElements.define('view-webhooks', Webhooks);
