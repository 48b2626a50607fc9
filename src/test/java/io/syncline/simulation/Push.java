package io.syncline.simulation;

import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.source.WriteOrder;

import java.util.Arrays;
import java.util.UUID;

/** An entry of the outbox, as the columns of the real one. */
final class Push {
    /** As in the real one; the last three have ended. */
    enum State {
        WAITING, SENDING, UNCLEAR, ANSWERED, PARKED, UNKNOWN, DONE, OVERTAKEN;

        boolean isOpen() {
            return this != DONE && this != OVERTAKEN;
        }

        /** What the side shows may be its doing. */
        boolean isUnderWay() {
            return this == SENDING || this == UNCLEAR || this == ANSWERED;
        }
    }

    static final long NEVER = Long.MAX_VALUE;

    final UUID id;
    final String entity;
    final Row row;
    final String key;
    /** Of a record that is made anew: what it was called. */
    final String formerKey;
    final WriteOrder.Action action;
    final Document document;
    final Document agreed;
    final byte[] agreedHash;
    State state = State.WAITING;
    /** Seconds, like the next ones. */
    long nextAttempt;
    long firstSent = NEVER;
    long claimedUntil = -1;
    String worker;
    int fence;
    int attempts;
    Observed answered;
    /** What the side called the record that was made, as far as it told. */
    String made;
    boolean foundMoved;
    long ended;

    Push(UUID id, String entity, Row row, WriteOrder.Action action) {
        boolean creates = action == WriteOrder.Action.CREATE;
        this.id = id;
        this.entity = entity;
        this.row = row;
        this.key = creates ? null : row.key;
        this.formerKey = creates ? row.key : null;
        this.action = action;
        this.document = row.document;
        this.agreed = creates ? null : row.base == null ? row.document : row.base;
        this.agreedHash = agreedHash(row);
    }

    /** The same under another key. */
    Push(UUID id, Push other) {
        this.id = id;
        this.entity = other.entity;
        this.row = other.row;
        this.key = other.key;
        this.formerKey = other.formerKey;
        this.action = other.action;
        this.document = other.document;
        this.agreed = other.agreed;
        this.agreedHash = other.agreedHash;
    }

    /** @param anew what was deleted there is not brought back but made anew */
    static WriteOrder.Action action(Row row, boolean anew) {
        return row.key == null ? WriteOrder.Action.CREATE : row.deleted ? WriteOrder.Action.DELETE
                : !row.isGoneThere() ? WriteOrder.Action.UPDATE : anew ? WriteOrder.Action.CREATE : WriteOrder.Action.RESTORE;
    }

    static byte[] agreedHash(Row row) {
        return row.agreed == null || row.agreed.length == 0 ? null : row.agreed;
    }

    boolean isAsItSays() {
        return row.pending && row.document.equals(document) && row.deleted == (action == WriteOrder.Action.DELETE);
    }

    /** And what it rests on is still agreed. */
    boolean isToBeSent() {
        return isAsItSays() && Arrays.equals(agreedHash, agreedHash(row));
    }

    /** It is nobody's any more, or waits to be anybody's. */
    void free() {
        worker = null;
        claimedUntil = -1;
    }

    void end(State how, long at) {
        state = how;
        nextAttempt = NEVER;
        ended = at;
        if (row.push == this) {
            row.push = null;
        }
    }

    @Override
    public String toString() {
        return action + " of " + (key == null ? "a new one" : key) + " " + document + " " + state;
    }
}
