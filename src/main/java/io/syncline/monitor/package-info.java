/**
 * How each sync stands: what ran, what runs, what comes next, what waits for a person, and one colour with its reasons.
 * It only looks; nothing here changes anything, and no look counts a large table while somebody waits.
 */
package io.syncline.monitor;
