/**
 * Decides what an observation means for the row it is about: one pure function, the same for a run, a preview, a webhook and a check.
 * Knows no clock, no database and no framework; everything it needs is handed in, everything it decides is in its answer.
 */
package io.syncline.change;
