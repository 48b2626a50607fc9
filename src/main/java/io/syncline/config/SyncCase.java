package io.syncline.config;

import io.syncline.change.Rules;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a sync's author expects to become of a record: an entry of {@code config/syncs/<name>.cases.yaml}. Records are JSON, with every digit as written.
 *
 * @param stored   what was last agreed with the side, written as its record; null for a record never seen
 * @param local    the fields that people changed here since, by the fields' names; null when there are none
 * @param row      what else is true of the row
 * @param editedAt when people changed the local fields
 * @param remapped the fields whose mapping has changed since the row was read
 * @param shown    what the open conflict shows of the side already, as its record; null where it shows nothing yet, or a deletion
 * @param shownGone the open conflict shows that the side deleted the record
 * @param rules    what the entity would declare about conflicts, or null for what it declares
 * @param incoming the record as the side shows it now; null when it is proven to be absent
 */
public record SyncCase(String file, int line, String name, String sync, String entity, String stored, String local, Set<State> row, Instant editedAt,
                       Set<String> remapped, String shown, boolean shownGone, Rules rules, String incoming, Expected expected) {

    public enum State {
        DELETED, DELETED_HERE, KEPT_HERE, OPEN_CONFLICT, EDITED_SINCE_SHOWN, ECHO, UNDER_WAY, ROLLED_BACK, SHOWN_MEANWHILE, LONG_RUN_BESIDE
    }

    /**
     * @param change the outcome's word
     * @param fields null where they are not checked; likewise {@code row} and {@code reason}
     * @param row    fields that the row holds afterwards, by the fields' names, as JSON
     */
    public record Expected(String change, List<String> fields, String row, String reason) {
    }
}
