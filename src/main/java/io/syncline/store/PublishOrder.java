package io.syncline.store;

import io.syncline.change.Classifier;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What is to be published; what the source showed twice was settled before ({@link Staging#settleRepeated}).
 *
 * @param entities    those whose plan is whole; the others stay out
 * @param classifiers judges rows that moved since they were classified, by the same rules
 * @param known       what is known of each entity's plan since it was settled; null where nothing is
 * @param sealAlways  a snapshot is sealed even when nothing changed
 * @param guard       runs before anything is written and throws when this run may no longer write (promise 22)
 * @param alongside   runs last in the transaction: watermarks and the report become true with the plan or not at all
 */
public record PublishOrder(long run, SyncConfig sync, String organisation, List<EntityConfig> entities,
                           Function<EntityConfig, Classifier> classifiers, Function<EntityConfig, PlanFacts> known, boolean sealAlways, Runnable guard,
                           Consumer<Published> alongside) {
}
