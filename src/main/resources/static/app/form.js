/** Forms made from what an entity declares: every field in an input of its type, and what is wrong with it beside it. */
import { html, nothing } from 'lit';
import { icon } from './icons.js';
import * as api from './api.js';
import { input, meant, mistake, typed } from './inputs.js';
import { Plain } from './parts.js';
import { titleOf } from './words.js';

const PAUSE = 250;

/**
 * Who extends it says what a field says as long as nothing is typed (`said`), and draws the rest around `line`.
 *
 * texts   what was typed, by field
 * refused what the server said of a field, until it is typed anew
 */
export class RecordForm extends Plain {
  static properties = { of: {}, declared: {}, texts: { state: true }, refused: { state: true }, problem: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.texts = new Map();
    this.refused = new Map();
  }

  said() {
    return undefined;
  }

  text({ name }) {
    return this.texts.get(name) ?? typed(this.said(name));
  }

  type(name, text) {
    this.texts = new Map(this.texts).set(name, text);
    if (this.refused.has(name)) {
      this.refused = new Map([...this.refused].filter(([each]) => each !== name));
    }
  }

  problemOf(field) {
    return (this.texts.has(field.name) ? meant(field, this.texts.get(field.name)).problem : null) ?? this.refused.get(field.name) ?? null;
  }

  /** What is wrong goes to its field; whoever cannot see the page is led to the first. */
  async refuse(problem) {
    const names = this.declared.fields.map(({ name }) => name);
    const found = (problem.errors ?? []).map(({ pointer, detail }) => [names.find((name) => pointer === `/fields/${name}`), detail]);
    this.refused = new Map(found.filter(([name]) => name).map(([name, detail]) => [name, detail.startsWith(`${name}: `) ? detail.slice(name.length + 2) : detail]));
    this.problem = this.refused.size && this.refused.size === found.length ? null : problem;
    await this.updateComplete;
    this.querySelector('[aria-invalid="true"]')?.focus();
  }

  /** @param after is drawn below the input */
  line(field, { changed = false, after = nothing, mark = field.required } = {}) {
    const { name, references } = field;
    const id = `edit-${name}`;
    const problem = this.problemOf(field);
    const at = { id, field, text: this.text(field), problem, changed: (text) => this.type(name, text) };
    return html`<div class="edit-field ${changed ? 'is-changed' : ''}"><label class="edit-name" for=${id}>${name}${mark ? html` <span class="faint">required</span>` : nothing}</label>
      <div>${references ? html`<sl-reference .of=${{ sync: this.of.sync, entity: references }} .input=${at}></sl-reference>` : input(at)}${mistake(id, problem)}${
        field.type === 'json' && !this.text(field) ? html`<span class="small soft">Nothing, or JSON such as [1, 2].</span>` : nothing}${after}</div></div>`;
  }
}

/** The key of another record: found by what people call it, and told by that. */
class Reference extends Plain {
  static properties = { of: {}, input: {}, found: { state: true }, looked: { state: true } };

  #timer = null;
  #abort = null;
  #for = null;

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  willUpdate() {
    const text = this.input.text.trim();
    if (text !== this.#for) {
      const first = this.#for === null;
      this.#for = text;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#look(text), first ? 0 : PAUSE);
    }
  }

  async #look(text) {
    this.#abort?.abort();
    const abort = this.#abort = new AbortController();
    try {
      const pages = await Promise.all([...(text ? [{ key: text }] : []), ...(text && /\D/.test(text) ? [{ q: text }] : text ? [] : [{}])].map((which) => api.records({ ...this.of, ...which }, null, abort.signal)));
      this.found = pages.flatMap((page) => page.items).filter((each) => each.fields).map((each) => ({ name: each.name, title: titleOf(each.fields) }));
      this.looked = text;
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        this.found = null;
      }
    }
  }

  render() {
    const text = this.input.text.trim();
    const one = this.found?.find((each) => each.name === text);
    const list = `${this.input.id}-found`;
    return html`${input({ ...this.input, list })}
      <datalist id=${list}>${(this.found ?? []).map(({ name, title }) => html`<option value=${name}>${title ?? name}</option>`)}</datalist>
      <span class="small soft leads">${one ? html`${icon('next')}${one.title ?? one.name}`
        : text && this.looked === text && this.found ? this.found.length ? 'Choose one of the list.' : `Nothing in ${this.of.entity} is called so.` : `Its key in ${this.of.entity}; write what it is called to find it.`}</span>`;
  }
}
customElements.define('sl-reference', Reference);
