import { html, nothing } from 'lit';
import * as api from './api.js';
import { RecordForm } from './form.js';
import { many } from './format.js';
import { icon } from './icons.js';
import { meant, written } from './inputs.js';
import { Loader } from './live.js';
import { written as outlookOf } from './outlook.js';
import { blank, bones, notice, say, trouble } from './parts.js';
import { go, href } from './route.js';
import { drafts } from './drafts.js';
import { may } from './words.js';

/** A record that is not there yet: what its entity declares, to be filled in. What was typed stays until it is made or given up. */
class NewRecord extends RecordForm {
  static properties = { me: {}, query: {}, found: { state: true } };

  #declared = new Loader(this, () => (this.query ? api.entity(this.query.sync, this.query.entity) : Promise.resolve(null)));
  #which = null;
  #request = null;

  willUpdate() {
    const { sync, entity } = this.query;
    const which = JSON.stringify([sync, entity]);
    if (this.#which !== which) {
      if (this.#which !== null) {
        this.#declared.restart();
      }
      this.#which = which;
      const kept = drafts.read(this.me, sync, entity);
      Object.assign(this, { of: { sync, entity }, texts: new Map(kept), refused: new Map(), problem: null, found: kept.length > 0 });
    }
    this.declared = this.#declared.data;
  }

  type(name, text) {
    super.type(name, text);
    drafts.keep(this.me, this.of.sync, this.of.entity, this.#typed);
  }

  get #typed() {
    return [...this.texts].filter(([, text]) => text.trim() !== '');
  }

  get #fields() {
    return this.declared.fields.filter((field) => field.editable);
  }

  get #list() {
    return { view: 'records', sync: this.of.sync, entity: this.of.entity };
  }

  render() {
    const { sync, entity } = this.of;
    const { problem } = this.#declared;
    return html`
      <p class="way"><a href=${href(this.#list)}>Records</a>${icon('next')}<a href=${href(this.#list)}>${sync} · ${entity}</a>${icon('next')}<span>new</span></p>
      <div class="head"><h1 tabindex="-1">New in ${entity}</h1></div>
      ${!this.declared ? problem ? trouble(problem, () => this.#declared.refresh()) : html`<div class="card waiting">${bones(8)}</div>`
        : !this.declared.creatable ? html`<div class="card">${blank('lock', 'Nothing is made here', this.declared.readOnly
          ? `${this.declared.systemTitle} is only ever read. What is made there comes here with the next run.` : `${this.declared.systemTitle} takes no new ${entity} from here. Make it there; it comes here with the next run.`)}</div>`
        : !may(this.me, 'reviewer') ? html`<div class="card">${blank('lock', 'This is not for your role', 'A reviewer makes new records.')}</div>` : this.#form()}`;
  }

  #form() {
    const { systemTitle, here, ways, fields } = this.declared;
    const told = ways.includes('create');
    const typedFields = this.#typed;
    const needed = this.#fields.filter((field) => field.needed);
    const follow = fields.filter((field) => !field.editable).map(({ name }) => name);
    return html`
      <form class="record" aria-label="New record" novalidate @submit=${this.#make}>
        <div class="record-main"><section class="card says edit" aria-labelledby="says"><h2 id="says">What it says</h2>
          ${this.found ? notice('busy', 'undo', 'What you typed before is still here', html`<button type="button" class="button" @click=${this.#forget}>Begin anew</button>`) : nothing}
          ${this.problem ? trouble(this.problem) : nothing}
          <div class="edit-fields">${[...needed, ...this.#fields.filter((field) => !field.needed)].map((field) => this.line(field, { mark: field.needed, changed: this.#isTyped(field) }))}</div>
          ${follow.length ? html`<p class="small soft">${follow.map((name, place) => html`${place ? ', ' : ''}<code>${name}</code>`)} ${follow.length === 1 ? 'is' : 'are'} only read from ${systemTitle}${told ? ' and will come from there' : ''}.</p>` : nothing}
          <div class="edit-do"><span class="small soft">${typedFields.length ? `${many(typedFields.length, 'field')} filled in` : 'Nothing is filled in yet'}</span>
            <a class="button" href=${href(this.#list)} @click=${this.#leave}>Not now</a>
            <button class="button primary" ?disabled=${this.busy}>${this.busy ? icon('turn') : nothing}Make it</button></div>
        </section></div>
        <div class="record-side"><section class="card" aria-labelledby="becomes"><h2 id="becomes">What becomes of it</h2>
          ${outlookOf({
            here: { name: here, action: 'create', text: 'The record is made', fields: [], why: 'At once, under your name. It has no key yet.' },
            there: told ? { name: systemTitle, action: 'create', text: 'The record is made', fields: [], why: `Next. ${systemTitle} answers with its key; until then it waits in the outbox.` }
              : { name: systemTitle, action: 'nothing', fields: [], why: 'What is made here stays here.' },
          })}</section></div>
      </form>`;
  }

  #isTyped({ name }) {
    return (this.texts.get(name) ?? '').trim() !== '';
  }

  /** Answers whether every field fits; what does not is said beside it. */
  async #fits() {
    const missing = this.#fields.filter((field) => field.needed && !this.#isTyped(field)).map(({ name }) => [name, `Is needed: no record of ${this.of.entity} is made without it.`]);
    this.refused = new Map([...this.refused, ...missing]);
    const wrong = this.#fields.some((field) => this.problemOf(field));
    if (wrong) {
      await this.updateComplete;
      this.querySelector('[aria-invalid="true"]')?.focus();
    }
    return !wrong;
  }

  #make = async (event) => {
    event.preventDefault();
    if (this.busy || !await this.#fits()) {
      return;
    }
    const body = written(this.#fields.filter((field) => this.#isTyped(field)).map((field) => [field.name, meant(field, this.texts.get(field.name)).json]));
    // Where the answer was lost, the same request asks again for the same record, never for another one.
    if (this.#request?.body !== body) {
      this.#request = { body, key: api.token() };
    }
    Object.assign(this, { busy: true, problem: null });
    try {
      const record = await api.make(this.of, body, this.#request.key);
      this.#forget();
      say(this.declared.ways.includes('create') ? `Made. It waits to be sent to ${this.declared.systemTitle}.` : 'Made.');
      this.dispatchEvent(new Event('changed', { bubbles: true }));
      go({ view: 'record', ...this.of, key: record.name });
    } catch (failure) {
      await this.refuse(failure);
    } finally {
      this.busy = false;
    }
  };

  #forget = () => {
    drafts.drop(this.me, this.of.sync, this.of.entity);
    Object.assign(this, { texts: new Map(), refused: new Map(), problem: null, found: false });
    this.#request = null;
  };

  #leave = () => drafts.drop(this.me, this.of.sync, this.of.entity);
}
customElements.define('view-new', NewRecord);
