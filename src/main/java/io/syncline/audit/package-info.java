/**
 * What proves the past: decisions, the evidence of each, whether the chains hold, and anchors outside the database. A bundle of evidence is checked without any
 * of it.
 */
package io.syncline.audit;
