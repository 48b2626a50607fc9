import { html, nothing } from 'lit';
import * as api from './api.js';
import { RecordForm } from './form.js';
import { many } from './format.js';
import { meant, typed, written } from './inputs.js';
import { moment, notice, say, trouble } from './parts.js';
import { apartIn, changes, shown } from './values.js';

/** A record as a form: what may be edited, in inputs of its type; only what was changed is written, upon the version that was seen. */
class RecordEdit extends RecordForm {
  static properties = { record: {}, base: { state: true }, moved: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.base = this.record;
  }

  firstUpdated() {
    this.querySelector('input, select, textarea')?.focus();
  }

  said(name) {
    return this.base.fields[name];
  }

  #differs({ name }) {
    return this.texts.has(name) && this.texts.get(name) !== typed(this.base.fields[name]);
  }

  /** The fields in which something else stands than the record says. */
  get #changed() {
    return this.declared.fields.filter((field) => this.#isEditable(field) && this.#differs(field));
  }

  /** What the record as it stands may be edited in; a record that its system does not have yet can say more. */
  #isEditable({ name }) {
    return this.base.writable?.includes(name);
  }

  render() {
    const changed = this.#changed;
    const wrong = changed.some((field) => meant(field, this.text(field)).problem);
    const to = this.declared.ways?.includes('update') ? this.declared.systemTitle : null;
    return html`
      <form class="card says edit" aria-labelledby="edit" @submit=${this.#save}>
        <h2 id="edit">Edit it</h2>
        <p class="small soft">${to ? `It is kept here under your name at once, and sent to ${to} next.` : 'It is kept here under your name.'}</p>
        ${this.moved ? this.#told() : nothing}
        ${this.problem && this.problem.status !== 412 ? trouble(this.problem) : nothing}
        <div class="edit-fields">${this.declared.fields.map((field) => this.#field(field))}</div>
        <div class="edit-do"><span class="small soft">${changed.length ? many(changed.length, 'field') + ' changed' : 'Nothing is changed yet'}</span>
          <button type="button" class="button" @click=${this.#leave}>Not now</button>
          <button class="button primary" ?disabled=${this.busy || wrong || !changed.length}>${this.moved ? 'Save upon what is new' : 'Save'}</button></div>
      </form>`;
  }

  #field(field) {
    const { name } = field;
    if (!this.#isEditable(field)) {
      return html`<div class="edit-field is-read"><span class="edit-name">${name}</span><div>${shown(this.base.fields[name])}<span class="small faint"> only read from ${this.declared.systemTitle}</span></div></div>`;
    }
    const differs = this.#differs(field);
    return this.line(field, { changed: differs, after: differs ? html`<span class="small soft">says ${shown(this.base.fields[name])} now</span>` : nothing });
  }

  /** Promise 17, likewise of records: what has moved, and that nothing typed is lost. */
  #told() {
    const { by, at, list } = this.moved;
    return html`<div role="alert">${notice('warn', 'warning', 'It has changed since you began, so nothing was saved', html`
      <p>${by ? html`<b>${by}</b> edited it here ${moment(at)}.` : html`A run has written it${at ? html`; it stands so since ${moment(at)}` : nothing}.`} What you typed is still here.</p>
      ${list.length ? changes(list) : html`<p>No field says anything else.</p>`}`)}</div>`;
  }

  #save = async (event) => {
    event.preventDefault();
    const changed = this.#changed;
    if (!changed.length || this.busy) {
      return;
    }
    Object.assign(this, { busy: true, problem: null });
    try {
      const record = await api.edit(this.of, this.base.etag, written(changed.map((field) => [field.name, meant(field, this.text(field)).json])));
      say(record.status === 'pending_push' ? `Saved. It waits to be sent to ${this.declared.systemTitle}.` : 'Saved.');
      this.dispatchEvent(new CustomEvent('saved', { detail: record }));
    } catch (failure) {
      await this.refuse(failure);
      if (failure.status === 412 && failure.document?.current?.fields) {
        this.#take(failure.document);
      }
    } finally {
      this.busy = false;
    }
  };

  #take({ current, etag }) {
    const byPerson = current.editedAt && current.editedAt !== this.base.editedAt;
    this.moved = {
      by: byPerson ? current.editedBy : null, at: byPerson ? current.editedAt : current.since,
      list: apartIn(this.base.fields, current.fields),
    };
    this.base = { ...current, etag };
  }

  #leave = () => this.dispatchEvent(new Event('left'));
}
customElements.define('record-edit', RecordEdit);
