import { LitElement, html, nothing } from 'lit';
import { exactly, relative } from './format.js';
import { icon } from './icons.js';

/** An element without a shadow: the style sheets of the page hold for all of it. */
export class Plain extends LitElement {
  createRenderRoot() {
    return this;
  }
}

const clocks = new Set();
setInterval(() => clocks.forEach((each) => each.requestUpdate()), 1_000);

/** A moment: how long ago, and on hover exactly when. */
class Moment extends Plain {
  static properties = { at: {} };

  connectedCallback() {
    super.connectedCallback();
    clocks.add(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clocks.delete(this);
  }

  render() {
    return this.at ? html`<time datetime=${new Date(this.at).toISOString()} title=${exactly(this.at)}>${relative(this.at)}</time>` : html`<span class="faint">never</span>`;
  }
}
customElements.define('sl-moment', Moment);

export const moment = (at) => html`<sl-moment .at=${at}></sl-moment>`;

const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A sentence of the server: the instants in it as people read them. */
export const told = (text) => text.split(INSTANT).map((part, place) => (place % 2 ? html`<time datetime=${part} title=${part}>${exactly(part)}</time>` : part));

/** A word with its sign and its tone: never colour alone. */
export const pill = (said) => html`<span class="pill tone-${said.tone}">${icon(said.icon)}${said.text}</span>`;
export const sign = (said) => html`<span class="sign tone-${said.tone}">${said.icon ? icon(said.icon) : nothing}${said.text}</span>`;

export const notice = (tone, sort, title, body = nothing) => html`
  <div class="notice tone-${tone}">${icon(sort)}<div><b>${title}</b>${body}</div></div>`;

export const blank = (sort, title, text, action = nothing) => html`
  <div class="blank">${icon(sort)}<h2>${title}</h2><p>${text}</p>${action}</div>`;

export const bones = (lines = 4) => html`
  <div class="bones" role="status"><span class="hidden-text">Loading</span>
    ${Array.from({ length: lines }, (_, line) => html`<span class="bone w${(line % 3) + 1}"></span>`)}</div>`;

/** What went wrong in words, what to do, and the id by which an operator finds it. */
export function trouble(problem, again) {
  if (problem.status === 403) {
    return html`<div class="card">${blank('lock', 'This is not for your role', problem.message)}</div>`;
  }
  if (problem.status === 404) {
    return html`<div class="card">${blank('table', 'There is nothing here', problem.message, html`<a class="button" href="/">To the overview</a>`)}</div>`;
  }
  if (problem.status === 410) {
    return html`<div class="card">${blank('clock', 'This is not kept any more', problem.message)}</div>`;
  }
  return notice('bad', 'cross', 'That did not work', html`<p>${problem.message}</p>
    ${problem.requestId ? html`<p class="soft">Request <code>${problem.requestId}</code></p>` : nothing}
    ${again ? html`<button class="button" @click=${again}>Try again</button>` : nothing}`);
}

/** A button that is busy while its work is, and cannot be pressed twice. */
class WorkButton extends Plain {
  static properties = { work: { attribute: false }, label: {}, sort: {}, look: {}, busy: { state: true }, off: { type: Boolean }, bare: { type: Boolean } };

  render() {
    return html`<button type="button" class="button ${this.look ?? ''}" title=${this.bare ? this.label : nothing} ?disabled=${this.busy || this.off} @click=${this.#press}>
      ${this.sort ? icon(this.busy ? 'turn' : this.sort) : nothing}<span class=${this.bare ? 'hidden-text' : ''}>${this.label}</span></button>`;
  }

  #press = async () => {
    this.busy = true;
    try {
      await this.work();
    } finally {
      this.busy = false;
    }
  };
}
customElements.define('sl-work', WorkButton);

/** Words that pop up, stay for a while and can be sent away. */
export function say(text, link = null, tone = null) {
  dispatchEvent(new CustomEvent('syncline-say', { detail: { text, link, tone } }));
}

/** Asks the person; answers true when it was done. `work` gets the reason that was written, or of several `fields` what was written in each; and what it throws is shown in the dialog, which asks on with what of a `question` it carries. */
export function askFor(question) {
  return new Promise((resolve) => dispatchEvent(new CustomEvent('syncline-ask', { detail: { ...question, resolve } })));
}

const fieldsOf = (question) => question.fields ?? (question.field ? [{ name: 'reason', label: question.field, most: 500 }] : []);

class Asking extends Plain {
  static properties = { question: { state: true }, failure: { state: true }, busy: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    addEventListener('syncline-ask', this.#asked);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('syncline-ask', this.#asked);
  }

  #asked = async (event) => {
    Object.assign(this, { question: event.detail, failure: null, busy: false });
    await this.updateComplete;
    this.querySelector('dialog').showModal();
  };

  render() {
    const asked = this.question;
    return !asked ? nothing : html`
      <dialog aria-labelledby="asking" @close=${this.#closed} @cancel=${(event) => this.busy && event.preventDefault()}>
        <form method="dialog" @submit=${this.#submit}>
          <h2 id="asking">${asked.title}</h2>
          ${asked.text ? html`<p class="soft">${asked.text}</p>` : nothing}
          ${asked.body ?? nothing}
          ${asked.quote ? html`<div class="quote" tabindex="0">${asked.quote}</div>` : nothing}
          ${fieldsOf(asked).map(({ name, label, most, word, hint }, place) => html`<div class="field"><label for="asked-${name}">${label}</label>
            ${word ? html`<input type="text" id="asked-${name}" name=${name} required maxlength=${most} autocomplete="off" ?autofocus=${!place}>`
              : html`<textarea id="asked-${name}" name=${name} required maxlength=${most} ?autofocus=${!place}></textarea>`}${hint ? html`<small>${hint}</small>` : nothing}</div>`)}
          ${this.failure ? notice('bad', 'cross', 'That did not work', html`<p>${this.failure}</p>`) : nothing}
          <div class="buttons">
            <button type="button" class="button" @click=${() => this.querySelector('dialog').close()}>Not now</button>
            <button class="button ${asked.look ?? 'primary'}" ?disabled=${this.busy}>${this.busy ? icon('turn') : nothing}${asked.confirm}</button>
          </div>
        </form>
      </dialog>`;
  }

  #submit = async (event) => {
    event.preventDefault();
    const fields = fieldsOf(this.question);
    const said = Object.fromEntries(fields.map(({ name }) => [name, event.target.elements[name].value.trim()]));
    const missing = fields.find(({ name }) => !said[name]);
    if (missing) {
      this.failure = missing.name === 'reason' ? 'Write a reason: it stays with the entry.' : `Write something under “${missing.label}”.`;
      return;
    }
    this.busy = true;
    this.failure = null;
    try {
      await this.question.work(this.question.fields ? said : said.reason);
      this.question.resolve(true);
      this.querySelector('dialog').close();
    } catch (failure) {
      this.failure = failure.message;
      if (failure.question) {
        Object.assign(this, { question: { ...this.question, ...failure.question }, failure: null });
      }
    } finally {
      this.busy = false;
    }
  };

  #closed = () => {
    this.question.resolve(false);
    this.question = null;
  };
}
customElements.define('sl-asking', Asking);
