/** Fills the local tables of syncs from files that others deliver, such as vendors' price lists. Each line has one outcome, and each file its own report. */
package io.syncline.imports;
