/**
 * Conflicts for people: what both sides say, what each decision would write where, and the decisions. A decision is checked against what the person saw
 * when it comes in, and again when a publish makes it true.
 */
package io.syncline.conflict;
