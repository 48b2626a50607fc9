package io.syncline.simulation;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.record.Observed;
import io.syncline.store.Absences;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** What the store does for runs and for people; in memory, and on PostgreSQL by the product's own store. */
public interface Hub {

    /** @param single it is about single records */
    long open(boolean single);

    Map<String, Stored> find(EntityConfig entity, Collection<String> keys);

    /** Both or neither: what the page led to, and the checkpoint. */
    void stage(long run, EntityConfig entity, int page, List<Change> planned, long[] seen, Runnable checkpoint);

    List<Absences.Absent> absent(long run, EntityConfig entity, String afterKey, int limit);

    List<Observed> returning(long run, EntityConfig entity, String afterKey, int limit);

    void park(long run, List<EntityConfig> entities);

    long brakeLimit(EntityConfig entity);

    Optional<String> brake(long run, EntityConfig entity, boolean emptyAnswer, boolean unconfirmed);

    /** @return the final outcomes of what was staged, by entity */
    Map<String, Map<Outcome, Long>> publish(Order order);

    void drop(long run);

    /** What was staged of the entity from that page on is given up. */
    void forget(long run, EntityConfig entity, int fromPage);

    /** How many different records the run has been shown. */
    long shown(long run, EntityConfig entity);

    /** A person writes a field of a row. */
    void edit(EntityConfig entity, String key, String field, String value);

    /** A person deletes a row, or brings it back. */
    void delete(EntityConfig entity, String key, boolean deleted);

    /** A person makes a row that the source does not know. */
    void insert(EntityConfig entity, String name);

    /** A person writes a column that is none of Syncline's business. */
    void note(EntityConfig entity, String key, String text);

    /** Everything there is, in words that do not depend on where it is kept. */
    List<String> told();

    /**
     * @param sealAlways a snapshot is left even if nothing changed
     * @param guard      throws when the run may not publish
     * @param alongside  runs last, in the same transaction; told of the entities of which something came that nobody can tell the order of
     * @param crashes    whether the process dies at the step of that name
     */
    record Order(long run, List<EntityConfig> entities, Function<EntityConfig, Classifier> classifiers, boolean sealAlways, Runnable guard,
                 Consumer<Set<String>> alongside,
                 Consumer<String> crashes) {
    }
}
