/** What the words of the API are called here, with their signs and tones. A word that is not known yet is shown as it is. */

const STATES = {
  queued: ['Waiting', 'clock', 'busy'],
  running: ['Reading', 'turn', 'busy'],
  publishing: ['Publishing', 'turn', 'busy'],
  published: ['Published', 'check', 'good'],
  planned: ['Previewed', 'eye', 'calm'],
  compared: ['Compared', 'scales', 'calm'],
  partial: ['Partial', 'warning', 'warn'],
  failed: ['Failed', 'cross', 'bad'],
  cancelled: ['Cancelled', 'stop', 'calm'],
};

const PARTS = {
  reading: ['Reading', 'turn', 'busy'],
  planned: ['Planned', 'eye', 'calm'],
  published: ['Published', 'check', 'good'],
  compared: ['Compared', 'scales', 'calm'],
  failed: ['Failed', 'cross', 'bad'],
  'left-out': ['Left out', 'warning', 'warn'],
};

const LIGHTS = {
  green: ['Healthy', 'check', 'good'],
  yellow: ['Needs a look', 'warning', 'warn'],
  red: ['Failing', 'cross', 'bad'],
};

const MODES = { full: 'Full run', incremental: 'Incremental run', single: 'Record run', verify: 'Verification', apply: 'Applied plan', rollback: 'Rollback', push: 'Edits sent' };

const KINDS = {
  rejected: ['Does not fit', 'cross', 'bad'],
  parked: ['Waits for its parent', 'clock', 'warn'],
  held: ['Delete held', 'stop', 'warn'],
  conflict: ['Conflict', 'branch', 'warn'],
  refused: ['Could not be delivered', 'cross', 'bad'],
  unknown: ['Unknown outcome', 'warning', 'warn'],
};

/** What became of what a system told. */
const WEBHOOKS = {
  waiting: ['Waits to be read', 'clock', 'busy'],
  reading: ['Being read', 'turn', 'busy'],
  done: ['Read', 'check', 'good'],
  ignored: ['Led nowhere', 'dot', 'calm'],
  failed: ['Failed', 'cross', 'bad'],
};

/** How an import ended. */
const IMPORTS = {
  running: ['Under way', 'turn', 'busy'],
  done: ['Done', 'check', 'good'],
  partial: ['A file was damaged', 'warning', 'warn'],
  failed: ['Failed', 'cross', 'bad'],
};

/** What an import made of a file. */
const FILES = {
  taken: ['Taken', 'check', 'good'],
  known: ['Taken before', 'dot', 'calm'],
  failed: ['Not taken', 'cross', 'bad'],
};

/** How a row of people's own stands. */
const ROWS = {
  listed: ['Listed', 'check', 'good'],
  ended: ['No longer listed', 'minus', 'calm'],
  'made-here': ['Made here', 'pencil', 'busy'],
  'changed-here': ['Changed here', 'pencil', 'busy'],
};

/** What has happened to a record in conflict. */
const CONFLICTS = {
  'changed-both': ['Changed on both sides', 'branch', 'warn'],
  'deleted-there': ['Deleted there', 'minus', 'warn'],
  'deleted-here': ['Deleted here', 'minus', 'warn'],
  bypassed: ['Overwritten by a repair', 'warning', 'calm'],
};

/** How what was done here stands on its way to a system. */
const PUSHES = {
  waiting: ['Waits to be sent', 'clock', 'busy'],
  sending: ['Being sent', 'turn', 'busy'],
  unclear: ['No answer yet', 'warning', 'warn'],
  answered: ['Taken there', 'check', 'busy'],
  parked: ['Refused', 'cross', 'bad'],
  unknown: ['Unknown outcome', 'warning', 'warn'],
  done: ['Sent', 'check', 'good'],
  overtaken: ['Overtaken', 'dot', 'calm'],
  discarded: ['Not sent', 'stop', 'calm'],
};

/** Word, part of the bar. The order is the order of telling. */
const OUTCOMES = {
  create: ['new', 'new'],
  link: ['linked', 'new'],
  restore: ['restored', 'new'],
  update: ['changed', 'changed'],
  remapped: ['remapped', 'changed'],
  converged: ['converged', 'changed'],
  delete: ['deleted', 'deleted'],
  rejected: ['rejected', 'refused'],
  conflict: ['conflicts', 'waiting'],
  parked: ['waiting for a parent', 'waiting'],
  held: ['deletes held', 'waiting'],
  different: ['different', 'changed'],
  missing: ['missing here', 'refused'],
  extra: ['only here', 'deleted'],
  moved: ['moved meanwhile', 'waiting'],
  repeated: ['repeated', 'waiting'],
  stale: ['older than ours', 'same'],
  echo: ['our own writes', 'same'],
  matched: ['matched', 'same'],
  unchanged: ['unchanged', 'same'],
};

/** What becomes of a row, as a sign. */
const SIGNS = {
  create: 'plus', link: 'chain', restore: 'undo', update: 'pencil', remapped: 'pencil', converged: 'pencil', delete: 'minus', rejected: 'cross', conflict: 'branch', parked: 'clock', held: 'stop',
};

/** What became of a record between two snapshots. */
const DIFFERENCES = { added: ['added', 'new', 'plus'], changed: ['changed', 'changed', 'pencil'], removed: ['removed', 'deleted', 'minus'] };

const NAMES = ['display_name', 'title', 'name', 'label', 'code', 'subject', 'summary'];
/** What people call a record; null where nothing says it. */
export const titleOf = (fields) => NAMES.map((name) => fields?.[name]).find((value) => typeof value === 'string' && value) ?? null;

/** How a record stands. */
const RECORDS = {
  synced: ['Synced', 'check', 'good'],
  pending_push: ['Pending', 'clock', 'busy'],
  pending_pull: ['Newer there', 'clock', 'busy'],
  conflict: ['Conflict', 'branch', 'warn'],
  attention: ['Attention', 'warning', 'warn'],
  deleted: ['Deleted', 'minus', 'calm'],
};

/** How a version came about. */
const VERSIONS = {
  created: ['Created', 'plus', 'good'],
  changed: ['Changed', 'pencil', 'busy'],
  deleted: ['Deleted', 'minus', 'bad'],
  restored: ['Restored', 'undo', 'good'],
};

/** What came of verifying a chain. */
const VERIFICATIONS = {
  never: ['Not verified yet', 'dot', 'calm'],
  running: ['Being verified', 'turn', 'busy'],
  holds: ['Holds', 'check', 'good'],
  'anchors-missing': ['Holds, anchors missing', 'warning', 'warn'],
  broken: ['Broken', 'cross', 'bad'],
  failed: ['Not verified', 'warning', 'warn'],
  interrupted: ['Interrupted', 'warning', 'warn'],
};

const said = (table, word) => {
  const [text, icon, tone] = table[word] ?? [word ?? 'Unknown', 'dot', 'calm'];
  return { text, icon, tone };
};

export const state = (word) => said(STATES, word);
export const part = (word) => said(PARTS, word);
export const light = (word) => said(LIGHTS, word);
export const kind = (word) => said(KINDS, word);
export const push = (word) => said(PUSHES, word);
export const PUSH_WORDS = Object.keys(PUSHES);
export const pushed = (action) => ({ create: 'New', update: 'Change', delete: 'Deletion', restore: 'Return' })[action] ?? action;
export const webhook = (word) => said(WEBHOOKS, word);
export const WEBHOOK_WORDS = Object.keys(WEBHOOKS);
export const imported = (word) => said(IMPORTS, word);
export const file = (word) => said(FILES, word);
export const rowState = (word) => said(ROWS, word);
export const ROW_WORDS = Object.keys(ROWS);
/** A declared name as people write it: "vendor_prices" is "Vendor prices". */
export const named = (name) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
/** @param system what people call it, where it is known which one it is */
export const conflict = (word, system = null) => (word === 'deleted-there' && system ? { ...said(CONFLICTS, word), text: `Deleted at ${system}` } : said(CONFLICTS, word));
export const CONFLICT_WORDS = Object.keys(CONFLICTS);
/** What somebody decided, after their name. */
export const decided = (how, system) => ({ theirs: `kept ${system}'s`, ours: 'kept ours', merged: 'picked per field', moot: 'needed no decision' })[how] ?? how;
/** What a decision does with a record. */
export const writes = (action) => ({ nothing: 'Nothing is written', update: 'The record is changed', delete: 'The record is deleted', restore: 'The record is brought back', create: 'The record is created anew' })[action] ?? action;
export const DIFFERENCE_WORDS = Object.keys(DIFFERENCES);
export function difference(word) {
  const [text, of, icon] = DIFFERENCES[word] ?? [word, 'same', 'dot'];
  return { text, part: of, icon };
}
/** Why there is nothing left to read. */
export const removed = (why) => (why === 'expired' ? 'What it said is not kept any more: its time is over. The header and the hash stay.' : 'What it said was erased on request. The header and the hash stay.');
export const verification = (word) => said(VERIFICATIONS, word);
export const version = (word) => said(VERSIONS, word);
export const status = (record) => said(RECORDS, record.deletedAt ? 'deleted' : record.status);
export const statusOf = (word) => said(RECORDS, word).text;
export const STATUS_WORDS = ['synced', 'pending_push', 'conflict', 'attention', 'deleted'];
export const outcome = (word) => ({ text: OUTCOMES[word]?.[0] ?? word, part: OUTCOMES[word]?.[1] ?? 'same', icon: SIGNS[word] ?? 'dot' });
export const mode = (run) => (run.dryRun && run.mode !== 'verify' && run.mode !== 'rollback' ? `Preview (${run.mode})` : MODES[run.mode] ?? run.mode ?? 'Run');

export const STATE_WORDS = Object.keys(STATES);
export const MODE_WORDS = ['full', 'incremental', 'single', 'verify', 'apply', 'rollback', 'push'];
export const KIND_WORDS = ['rejected', 'parked', 'held', 'conflict', 'refused', 'unknown'];
export const modeOf = (word) => MODES[word] ?? word;

const ACTIVE = new Set(['queued', 'running', 'publishing']);
export const isActive = (run) => ACTIVE.has(run?.state);

/** The outcomes that came up, in the order of telling: [{word, text, part, count}]. */
export function outcomes(counts) {
  const known = Object.keys(OUTCOMES);
  return Object.entries(counts ?? {}).filter(([, count]) => count > 0)
    .sort(([a], [b]) => (known.indexOf(a) + 1 || 99) - (known.indexOf(b) + 1 || 99))
    .map(([word, count]) => ({ word, count, text: OUTCOMES[word]?.[0] ?? word, part: OUTCOMES[word]?.[1] ?? 'same' }));
}

const ROLES = ['viewer', 'operator', 'reviewer', 'admin'];
export const may = (me, role) => ROLES.indexOf(me?.role) >= ROLES.indexOf(role);
