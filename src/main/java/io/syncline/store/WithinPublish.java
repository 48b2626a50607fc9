package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.List;
import java.util.Set;

/**
 * Judges what waits for a run of mode {@code push}, within its publish: asked once for each entity, parents first, after the turn is taken and before
 * anything is written. What it answers becomes that run's plan. Several are asked in the order of their {@code @Order}.
 */
interface WithinPublish {
    /**
     * @param run        that publishes
     * @param classifier of the entity
     * @param staged     rows that have a change in this plan already; another one of such a row waits for the next run
     */
    record Turn(long run, SyncConfig sync, EntityConfig entity, String organisation, Classifier classifier, Set<Long> staged) {
    }

    /**
     * Locks the rows it judges ({@code for no key update}, in their order), and notes in the same transaction that they are judged.
     *
     * @return at most one change of a row, each with the row's revision as it stands under the lock
     */
    List<Change> judge(Turn turn);
}
