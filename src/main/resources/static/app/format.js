/** How numbers and times are written: British English, the user's zone. */

const NUMBER = new Intl.NumberFormat('en-GB');
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const DAY_OF_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const WHOLE = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short',
});
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const number = (value) => (value === null || value === undefined ? '–' : NUMBER.format(value));

/** "1 record", "2,500 records". */
export const many = (count, one, more = `${one}s`) => `${number(count)} ${count === 1 ? one : more}`;

export const exactly = (time) => WHOLE.format(new Date(time));

/** "14:02" where it is today, else with its day: "3 Nov, 14:02". */
export function clock(time, now = Date.now()) {
  const then = new Date(time);
  return dayOf(then) === dayOf(new Date(now)) ? CLOCK.format(then) : dated(then, now);
}

const dated = (then, now) => `${(then.getFullYear() === new Date(now).getFullYear() ? DAY : DAY_OF_YEAR).format(then)}, ${CLOCK.format(then)}`;

/** "12 s ago", "in 4 min", "yesterday 14:02", "3 Nov, 14:02". */
export function relative(time, now = Date.now()) {
  const then = new Date(time);
  const apart = then.getTime() - now;
  const near = Math.abs(apart);
  const told = (text) => (apart > 0 ? `in ${text}` : `${text} ago`);
  if (near < 5_000) {
    return apart > 0 ? 'now' : 'just now';
  }
  if (near < MINUTE) {
    return told(`${Math.round(near / 1000)} s`);
  }
  if (near < HOUR) {
    return told(`${Math.floor(near / MINUTE)} min`);
  }
  const days = dayOf(then) - dayOf(new Date(now));
  if (near < 6 * HOUR || (days === 0 && near < 12 * HOUR)) {
    const hours = Math.floor(near / HOUR);
    const minutes = Math.floor((near % HOUR) / MINUTE);
    return told(hours < 3 && minutes ? `${hours} h ${minutes} min` : `${hours} h`);
  }
  if (Math.abs(days) <= 1) {
    return `${['yesterday', 'today', 'tomorrow'][days + 1]} ${CLOCK.format(then)}`;
  }
  return dated(then, now);
}

/** The day as a number, in the user's zone. */
function dayOf(date) {
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / (24 * HOUR));
}

/** "840 ms", "2.1 s", "1 min 12 s", "2 h 5 min". */
export function duration(ms) {
  if (ms === null || ms === undefined) {
    return '–';
  }
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 10_000) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  if (ms < MINUTE) {
    return `${Math.round(ms / 1000)} s`;
  }
  if (ms < HOUR) {
    return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / 1000)} s`;
  }
  return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
}

export const capital = (text) => (text ? text.charAt(0).toUpperCase() + text.slice(1) : '');

/** What a date-and-time field holds, as the API takes it; the field knows no zone, so the user's is meant. */
export const momentOf = (field) => (field ? new Date(field).toISOString() : '');

/** A moment as a date-and-time field holds it. */
export function momentWritten(time) {
  const at = new Date(time ?? NaN);
  return Number.isNaN(at.getTime()) ? '' : new Date(at.getTime() - at.getTimezoneOffset() * MINUTE).toISOString().slice(0, 19);
}

/** Which of two instants is the earlier, to the last digit: less than 0, 0, more than 0. */
export function earlier(a, b) {
  const digits = (time) => /\.(\d+)/.exec(time)?.[1].padEnd(9, '0') ?? '000000000';
  const apart = Math.floor(Date.parse(a) / 1000) - Math.floor(Date.parse(b) / 1000);
  return apart || digits(a).localeCompare(digits(b));
}
