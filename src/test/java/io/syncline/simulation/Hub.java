package io.syncline.simulation;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.deliver.Claim;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.run.Mode;
import io.syncline.source.Sent;
import io.syncline.source.WriteOrder;
import io.syncline.store.Absences;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** What the store does for runs and for people; in memory, and on PostgreSQL by the product's own store. */
public interface Hub {

    long open(Mode mode);

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

    /** Entries of the outbox that are due, which the worker has to itself for a while. */
    List<Claim> claim(String worker);

    /** @return false when there is nothing to send any more, or somebody else has it */
    boolean begin(Claim claim, String worker);

    /** Something can be sent, or looked up, now or in a while. */
    boolean isDue();

    /** What came of it. @return false where another worker has it by now */
    boolean note(Claim claim, Sent sent);

    /** The open conflicts that nobody has decided about. */
    List<Dispute> disputes();

    /**
     * A person decides about a conflict as they have seen it.
     *
     * @param how    {@code theirs}, {@code ours} or {@code merged}
     * @param merged null unless merged
     * @return false when it has moved since
     */
    boolean decide(Dispute seen, String how, Document merged);

    /** A person writes a field of a row; whose key may also be {@code =} and the name with which somebody made it. */
    void edit(EntityConfig entity, String key, String field, String value);

    boolean isDeleted(EntityConfig entity, String who);

    /** It was agreed that the side does not have it. */
    boolean isGoneThere(EntityConfig entity, String who);

    /** Entries of the outbox that the side refused. */
    List<Entry> waitingForPeople();

    /** Entries of which nobody can tell whether they arrived. */
    List<Unknown> unknown();

    /**
     * A person has looked, and says what became of such an entry.
     *
     * @param there what the source has by it, or null where it is not there
     */
    void settle(UUID entry, boolean arrived, Observed there);

    /** A person deletes a row, or brings it back. */
    void delete(EntityConfig entity, String key, boolean deleted);

    /** A person makes a row that the source does not know. */
    void insert(EntityConfig entity, String name);

    /** A person writes a column that is none of Syncline's business. */
    void note(EntityConfig entity, String key, String text);

    /** Everything there is, in words that do not depend on where it is kept. */
    List<String> told();

    /** @param who as in {@link #edit} */
    record Entry(EntityConfig entity, String who, Document document) {
    }

    /** An entry of which nobody can tell whether it arrived. @param key null for a create */
    record Unknown(UUID id, EntityConfig entity, WriteOrder.Action action, String key) {
    }

    /** A conflict as somebody sees it. */
    record Dispute(EntityConfig entity, String key, byte[] theirsHash, Long version, Instant modified, int revision, Document theirs, Document ours) {
    }

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
