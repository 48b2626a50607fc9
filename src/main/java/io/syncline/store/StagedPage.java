package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.List;

/**
 * The part of a plan that one page of observations leads to.
 *
 * @param number  of the page; staging the same page of a run again replaces it
 * @param changes everything that is to be written or shown to a person: all but what is merely counted
 * @param seen    the rows that the source still has
 */
public record StagedPage(long run, SyncConfig sync, EntityConfig entity, String organisation, int number, List<Change> changes, long[] seen) {
}
