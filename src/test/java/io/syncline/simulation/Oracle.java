package io.syncline.simulation;

import io.syncline.change.Outcome;
import io.syncline.run.SimulatedPass;
import io.syncline.source.WriteOrder;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Told of everything that happens, and says when a promise is broken. */
interface Oracle {
    /** Watches nothing: where a story is only retold, to be compared. */
    Oracle SILENT = new Oracle() { };

    default void edited(String entity, String key, String field, String value, boolean own) {
    }

    default void deleted(String entity, String key, boolean deleted) {
    }

    default void noted(String entity, String key, String text) {
    }

    default void readingEnded(Ledger.Life life, Collection<SimulatedPass> passes) {
    }

    default void braked(Ledger.Life life, SimulatedPass pass) {
    }

    /** A publish is about to begin. */
    default void before() {
    }

    /** It did not come to its end. */
    default void died() {
    }

    default void published(Ledger.Life life, long fence, List<SimulatedPass> passes, Map<String, Map<Outcome, Long>> counts) {
    }

    /** A write of ours has taken effect at the source. @param before what it took the place of, or null */
    default void wrote(WriteOrder order, Version made, Version before) {
    }

    /** Its answer said that it was done, and that was noted. */
    default void heard(WriteOrder order) {
    }

    /** Somebody has looked, and has an entry sent once more. */
    default void givenUp(UUID entry) {
    }

    /** Somebody has decided about a conflict as they saw it. */
    default void decided(Hub.Dispute seen, String how) {
    }

    /** A push run was published. */
    default void settled() {
    }

    /** Everything that could be sent is, and nothing waits for people but what nobody can help. */
    default void agreed() {
    }

    /** Everything has calmed down and been read twice. */
    default void calm() {
    }

    default void remember() {
    }

    /** Nothing has happened since {@link #remember()} but one more run. */
    default void unmoved() {
    }
}
