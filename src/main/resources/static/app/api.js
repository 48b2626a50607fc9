/** The only place that knows addresses and shapes of the API. */

const BASE = '/api';

/** The server answered, and not with what was asked for. */
export class Problem extends Error {
  constructor(status, document) {
    super(document.detail ?? `The server answered ${status}.`);
    this.status = status;
    this.code = document.code ?? String(status);
    this.requestId = document.requestId ?? null;
    this.run = document.run ?? null;
    this.errors = document.errors ?? [];
    /** All that was said, such as what there is now. */
    this.document = document;
  }
}

/** The server did not answer, or something between it and us did. */
export class Gone extends Error {
  constructor() {
    super('The server does not answer.');
  }
}

let onSignedOut = () => {};

/** Calls back when an answer says that nobody is signed in any more. */
export function whenSignedOut(callback) {
  onSignedOut = callback;
}

async function ask(method, path, { query, body, headers, signal } = {}) {
  let response;
  try {
    response = await fetch(BASE + path + search(query), {
      method, signal, credentials: 'same-origin', cache: 'no-store',
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new Gone();
  }
  if (response.status === 204) {
    return null;
  }
  const text = await response.text().catch(() => { throw new Gone(); });
  const document = parsed(text);
  if (response.ok && document !== undefined) {
    return document;
  }
  if (document === undefined || document === null || typeof document !== 'object') {
    throw new Gone();
  }
  const problem = new Problem(response.status, document);
  if (response.status === 401 && path !== '/v1/session') {
    onSignedOut(problem);
  }
  throw problem;
}

function parsed(text) {
  try {
    return JSON.parse(text, exact);
  } catch {
    return undefined;
  }
}

/** A number that a browser would round is kept as it was written, as a text: 9007199254740993 stays what it is. */
function exact(name, value, context) {
  const { source } = context ?? {};
  return typeof value === 'number' && source !== undefined && digits(source) !== digits(String(value)) ? source : value;
}

/** Its digits as they count: without sign, point and exponent, and without zeros around. */
const digits = (number) => number.replace(/e.*/i, '').replace(/[-.]/g, '').replace(/^0+|0+$/g, '');

function search(query) {
  const set = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return set.length ? `?${new URLSearchParams(set)}` : '';
}

/** Stays the same while a request is repeated, so that it is made once. */
export function token() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const once = () => ({ 'Idempotency-Key': token() });
const at = encodeURIComponent;

// ---- oneself
export const me = () => ask('GET', '/v1/me');
export const signIn = (proof) => ask('POST', '/v1/session', { body: proof });
export const signOut = () => ask('DELETE', '/v1/session');

// ---- how things stand
export const syncs = (signal) => ask('GET', '/v1/syncs', { signal }).then((list) => list.items.map(standing));

const PHASE_STATES = { queued: 'queued', waiting: 'queued', publishing: 'publishing' };

/** A sync as the pages show it. */
function standing(sync) {
  const ended = [['full', sync.lastFull], ['incremental', sync.lastIncremental]].filter(([, run]) => run)
    .map(([mode, run]) => ({ ...run, mode })).sort((a, b) => new Date(b.finishedAt) - new Date(a.finishedAt));
  const entities = sync.entities.map((entity) => ({ ...entity, attention: entity.attention + (entity.held ?? 0) }));
  return {
    name: sync.sync, title: sync.title ?? sync.sync, system: sync.system, health: { colour: sync.status, why: sync.why }, entities, errors: sync.recentErrors, webhooks: sync.webhooks,
    waiting: entities.reduce((sum, entity) => sum + entity.attention + entity.conflicts, 0),
    hasRead: Boolean(sync.lastFullSuccess || sync.lastIncrementalSuccess), lastRun: ended[0] ?? null, lastFull: sync.lastFull, freshAsOf: sync.freshAsOf,
    active: sync.activity && progress({
      ...sync.activity, state: PHASE_STATES[sync.activity.phase] ?? 'running', delivered: sync.activity.records, rate: sync.activity.recordsPerSecond, cancelAskedBy: sync.activity.cancelAsked ? 'somebody' : null,
      entities: (sync.activity.entities ?? []).map((entity) => ({ ...entity, delivered: entity.records })),
    }),
    next: sync.schedules.map((schedule) => ({ ...schedule, at: schedule.next, paused: Boolean(schedule.pausedBy) }))
      .sort((a, b) => new Date(a.at ?? 8.64e15) - new Date(b.at ?? 8.64e15)),
  };
}

// ---- runs
export const runs = (filters, cursor, signal) => ask('GET', '/v1/runs', { query: { ...filters, cursor, limit: 50 }, signal });
export const runsCsv = (filters) => BASE + '/v1/runs.csv' + search(filters);
export const run = (id, signal) => ask('GET', `/v1/runs/${at(id)}`, { signal });
export const runEvents = (id) => `${BASE}/v1/runs/${at(id)}/events`;

/** How far a run is, from a report or from an event: what both say, by the same names. */
export function progress(told) {
  const entities = (told.entities ?? []).map((entity) => ({ ...entity, notPublished: entity.notPublished ?? entity.planned ?? 0 }));
  return {
    ...told, entities,
    delivered: told.delivered ?? entities.reduce((sum, entity) => sum + (entity.delivered ?? 0), 0),
    total: told.total ?? null, rate: told.rate ?? null, phase: told.phase ?? null,
  };
}
export const start = (sync, wish) => ask('POST', `/v1/syncs/${at(sync)}/runs`, { body: wish, headers: once() });
export const cancel = (id) => ask('POST', `/v1/runs/${at(id)}/cancel`, { headers: once() }).then(progress);

export const rollBack = (id, reason) => ask('POST', `/v1/runs/${at(id)}/rollback`, { body: { reason }, headers: once() });

// ---- what waits for a person
export const attention = (filters, cursor, signal) => ask('GET', '/v1/attention', { query: { ...filters, cursor, limit: 50 }, signal });
export const waiting = (id) => ask('GET', `/v1/attention/${at(id)}`);
export const retry = (id) => ask('POST', `/v1/attention/${at(id)}/retry`, { headers: once() });
export const discard = (id, reason) => ask('POST', `/v1/attention/${at(id)}/discard`, { body: { reason }, headers: once() });
export const held = (run, entity, signal) => ask('GET', `/v1/runs/${at(run)}/held/${at(entity)}`, { query: { limit: 20 }, signal });
export const approve = (run, entity) => ask('POST', `/v1/runs/${at(run)}/held/${at(entity)}/approve`, { headers: once() });

// ---- conflicts
const conflictsOf = (sync) => `/v1/syncs/${at(sync)}/conflicts`;
export const conflicts = ({ sync, ...filters }, cursor, limit, signal) => ask('GET', conflictsOf(sync), { query: { ...filters, cursor, limit }, signal });
export const conflict = (sync, id, signal) => ask('GET', `${conflictsOf(sync)}/${at(id)}`, { signal });

/** @param decision as JSON, with every digit that was typed */
export const resolve = (sync, id, seen, decision) => ask('POST', `${conflictsOf(sync)}/${at(id)}/resolution`, { body: decision, headers: { ...once(), 'If-Match': seen } });
export const previewMany = (sync, filter, { decision, take }, reason, signal) => ask('POST', `${conflictsOf(sync)}/resolutions`,
  { body: { dryRun: true, filter, decision, ...(take ? { take } : {}), ...(reason ? { reason } : {}) }, headers: once(), signal });
export const decideMany = (sync, token) => ask('POST', `${conflictsOf(sync)}/resolutions`, { body: { token }, headers: once() });

// ---- what is on its way to a system
const pushesOf = (sync) => `/v1/syncs/${at(sync)}/pushes`;
const pushAt = ({ sync, number }) => `${pushesOf(sync)}/${at(number)}`;
export const pushes = ({ sync, state, ...filters }, cursor, signal, limit = 50) => ask('GET', pushesOf(sync), { query: { ...filters, state: state === 'all' ? null : state, cursor, limit }, signal });
export const retryPush = (push) => ask('POST', `${pushAt(push)}/retry`, { headers: once() });
export const discardPush = (push, reason, revert) => ask('POST', `${pushAt(push)}/discard`, { body: { reason, revert }, headers: once() });
export const settlePush = (push, arrived, key) => ask('POST', `${pushAt(push)}/settle`, { body: { arrived, ...(key ? { key } : {}) }, headers: once() });

// ---- kept plans
export const plan = (id, signal) => ask('GET', `/v1/plans/${at(id)}`, { signal });
export const planRows = (id, filters, cursor, signal) => ask('GET', `/v1/plans/${at(id)}/rows`, { query: { ...filters, cursor, limit: 50 }, signal })
  .then((page) => ({ ...page, items: page.items.map((row) => ({ ...row, fields: row.fields.map(({ before, after, ...field }) => ({ ...field, from: before, to: after })) })) }));
export const apply = (id, selection) => ask('POST', `/v1/plans/${at(id)}/apply`, { body: selection ? { selection } : {}, headers: once() });
export const drop = (id) => ask('DELETE', `/v1/plans/${at(id)}`, { headers: once() });

// ---- schedules
export const pause = (name) => ask('POST', `/v1/schedules/${at(name)}/pause`, { headers: once() });
export const resume = (name) => ask('POST', `/v1/schedules/${at(name)}/resume`, { headers: once() });

// ---- records, as they are and as they were
const entityAt = (sync, entity) => `/v1/syncs/${at(sync)}/entities/${at(entity)}`;
const recordAt = ({ sync, entity, key }) => `${entityAt(sync, entity)}/records/${at(key)}`;
const declared = new Map();

/** What an entity declares; it cannot change while the server runs, so it is asked for once. */
export function entity(sync, name) {
  const path = entityAt(sync, name);
  if (!declared.has(path)) {
    const asked = ask('GET', path).then((entity) => ({ ...entity, creatable: !entity.readOnly && (!entity.ways.length || entity.ways.includes('create')) }));
    declared.set(path, asked);
    asked.catch(() => declared.delete(path));
  }
  return declared.get(path);
}

/** The name of a record in its address. */
export const nameIn = (address) => decodeURIComponent(address.split('/').at(-1));
export const records = ({ sync, entity: name, ...filters }, cursor, signal) => ask('GET', `${entityAt(sync, name)}/records`, { query: { ...filters, cursor, limit: 50 }, signal });
export const record = (name, then, signal) => ask('GET', recordAt(name), { query: then, signal });
export const relatives = (name) => ask('GET', `${recordAt(name)}/relatives`);
export const versions = (name, cursor, signal) => ask('GET', `${recordAt(name)}/history`, { query: { cursor, limit: 50 }, signal });

/** @param fields as JSON, with every digit that was typed */
export const edit = (name, seen, fields) => ask('PATCH', recordAt(name), { body: `{"fields": ${fields}}`, headers: { ...once(), 'If-Match': seen } });

/** @param key names this request, so that asked again it makes no second record */
export const make = ({ sync, entity: name }, fields, key) => ask('POST', `${entityAt(sync, name)}/records`, { body: `{"fields": ${fields}}`, headers: { 'Idempotency-Key': key } });
export const remove = (name, seen) => ask('DELETE', recordAt(name), { headers: { ...once(), 'If-Match': seen } });
export const restore = (name, seen) => ask('POST', `${recordAt(name)}/restore`, { headers: { ...once(), 'If-Match': seen } });
export const erase = (name, seen, reason) => ask('POST', `${recordAt(name)}/erase`, { body: { reason }, headers: { ...once(), 'If-Match': seen } });

// ---- tables of people's own, and the files that fill them
export const tables = (signal) => ask('GET', '/v1/tables', { signal }).then((page) => page.items);
export const tableRows = ({ sync, table, ...filters }, cursor, signal, limit = 100) => ask('GET', `/v1/syncs/${at(sync)}/tables/${at(table)}/rows`, { query: { ...filters, cursor, limit }, signal });
const importAt = ({ sync, name }) => `/v1/syncs/${at(sync)}/imports/${at(name)}`;
export const imports = (which, cursor, signal) => ask('GET', importAt(which), { query: { cursor, limit: 10 }, signal });
export const startImport = (which, force) => ask('POST', importAt(which), { body: force ? { force } : {}, headers: once() });

// ---- what systems told
export const webhooks = (filters, cursor, signal) => ask('GET', '/v1/webhooks', { query: { ...filters, cursor, limit: 50 }, signal });
export const replay = (id) => ask('POST', `/v1/webhooks/${at(id)}/replay`, { headers: once() });

// ---- snapshots
/** Null where there is none yet. */
export const newestSnapshot = (sync) => ask('GET', `/v1/syncs/${at(sync)}/snapshots`, { query: { limit: 1 } }).then((page) => page.items[0]?.number ?? null);
export const snapshots = (sync, cursor, signal) => ask('GET', `/v1/syncs/${at(sync)}/snapshots`, { query: { cursor, limit: 50 }, signal });
export const snapshot = (sync, number, signal) => ask('GET', `/v1/syncs/${at(sync)}/snapshots/${at(number)}`, { signal });
export const compare = ({ sync, entity: name, ...which }, cursor, limit, signal) => ask('GET', `${entityAt(sync, name)}/compare`, { query: { ...which, cursor, limit }, signal });
export const exportOf = (sync, name, which) => BASE + `${entityAt(sync, name)}/export` + search(which);

// ---- proof
export const chain = (sync, signal) => ask('GET', `/v1/syncs/${at(sync)}/chain`, { signal });
export const verifyChain = (sync) => ask('POST', `/v1/syncs/${at(sync)}/chain/verify`, { body: {}, headers: once() });
export const decisions = (filters, cursor, signal) => ask('GET', '/v1/decisions', { query: { ...filters, cursor, limit: 50 }, signal });
export const decide = (decision) => ask('POST', '/v1/decisions', { body: decision, headers: once() });
export const evidenceOf = (number) => `${BASE}/v1/decisions/${at(number)}/evidence?format=html`;
