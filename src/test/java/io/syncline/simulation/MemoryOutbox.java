package io.syncline.simulation;

import io.syncline.change.Outcome;
import io.syncline.deliver.Claim;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.source.Sent;
import io.syncline.source.WriteOrder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The outbox in memory: what the statements of {@code io.syncline.store.Outbox} and of {@code io.syncline.deliver} say. */
final class MemoryOutbox {
    /** So long a worker has an entry to itself. */
    static final int CLAIM = 8;
    private static final int BATCH = 2;
    private static final int AGAIN = 2;
    private static final int JUST_MOVED = 60;
    private static final int AFTER_MOVED = 30;

    final Map<UUID, Push> all = new LinkedHashMap<>();
    private final MemoryHub hub;
    private final Setting setting;
    private long barredUntil = -1;
    private long numbers;

    MemoryOutbox(MemoryHub hub, Setting setting) {
        this.hub = hub;
        this.setting = setting;
    }

    private long now() {
        return hub.clock.second();
    }

    /** With a publish: what is not said any more gives way, and what is said and not agreed is to be sent. */
    void fill(MemoryHub.Table table) {
        for (Row row : table.byId.values()) {
            if (row.snapshot == 0) {
                continue;
            }
            Push open = row.push;
            boolean waits = open != null && (open.state == Push.State.WAITING || open.state == Push.State.PARKED
                    || hub.mutant == Mutant.WHAT_WAS_SENT_IS_OVERTAKEN && open.state == Push.State.UNCLEAR);
            if (waits && (!open.isAsItSays() || open.action != action(table, row) || !Arrays.equals(open.agreedHash, Push.agreedHash(row)))) {
                open.foundMoved = open.isAsItSays();
                open.end(Push.State.OVERTAKEN, now());
            }
            if (row.pending && row.push == null) {
                Push push = new Push(new UUID(0, ++numbers), table.entity.name(), row, action(table, row));
                add(row, push, isJustMoved(push) ? now() + AFTER_MOVED : now());
            }
        }
    }

    private static WriteOrder.Action action(MemoryHub.Table table, Row row) {
        return Push.action(row, table.entity.writes() != null && table.entity.writes().makesAnew());
    }

    private void add(Row row, Push push, long at) {
        push.nextAttempt = at;
        row.push = push;
        all.put(push.id, push);
    }

    /** It was to be written over, was not as agreed, and has not been judged since. */
    private boolean isJustMoved(Push push) {
        return all.values().stream().anyMatch(other -> other.row == push.row && other.foundMoved && Arrays.equals(other.agreedHash, push.agreedHash)
                && other.ended > now() - JUST_MOVED);
    }

    /** Whoever sent them is gone. */
    List<UUID> lost() {
        return all.values().stream().filter(push -> push.state == Push.State.SENDING && push.claimedUntil < now()).map(push -> push.id).toList();
    }

    boolean isBarred() {
        return barredUntil > now();
    }

    List<Claim> claim(String worker) {
        for (Push push : all.values()) {
            if (push.state == Push.State.SENDING && push.claimedUntil < now()) {
                push.state = hub.mutant == Mutant.WHAT_A_DEAD_WORKER_SENT_IS_SENT_AGAIN ? Push.State.WAITING : Push.State.UNCLEAR;
                push.nextAttempt = now();
                push.free();
            }
        }
        if (barredUntil > now()) {
            return List.of();
        }
        List<Claim> claimed = new ArrayList<>();
        all.values().stream().filter(this::isDue).sorted(Comparator.comparing((Push push) -> push.action == WriteOrder.Action.DELETE)
                .thenComparing(push -> push.entity.equals("items") != (push.action == WriteOrder.Action.DELETE))).limit(BATCH).forEach(push -> {
            push.worker = worker;
            push.claimedUntil = now() + CLAIM;
            push.fence++;
            claimed.add(new Claim(order(push), push.fence, push.attempts, push.state == Push.State.UNCLEAR));
        });
        return claimed;
    }

    private boolean isDue(Push push) {
        boolean due = push.state == Push.State.WAITING && isToBeSent(push) || push.state == Push.State.UNCLEAR;
        return due && push.nextAttempt <= now() && push.claimedUntil < now();
    }

    private boolean isToBeSent(Push push) {
        return push.isToBeSent() || hub.mutant == Mutant.AN_EDIT_IS_SENT_BEFORE_IT_IS_SEALED && push.row.pending;
    }

    private WriteOrder order(Push push) {
        return new WriteOrder(hub.mutant == Mutant.EACH_ATTEMPT_HAS_A_KEY_OF_ITS_OWN ? new UUID(push.fence, push.id.getLeastSignificantBits()) : push.id,
                setting.sync(), setting.sync().entity(push.entity), "default", push.action, push.key, push.agreed, said(push),
                push.agreedHash, push.firstSent == Push.NEVER ? null : Instant.ofEpochSecond(push.firstSent), push.made);
    }

    private Document said(Push push) {
        return hub.mutant == Mutant.AN_EDIT_IS_SENT_BEFORE_IT_IS_SEALED ? push.row.document : push.document;
    }

    Push of(Claim claim) {
        return all.get(new UUID(0, claim.order().id().getLeastSignificantBits()));
    }

    boolean begin(Claim claim, String worker) {
        Push push = of(claim);
        boolean mine = push.fence == claim.fence() && worker.equals(push.worker);
        if (!mine || barredUntil > now() || (claim.unclear() ? push.state != Push.State.UNCLEAR : push.state != Push.State.WAITING || !isToBeSent(push))) {
            if (push.fence == claim.fence() && (push.state == Push.State.WAITING || push.state == Push.State.UNCLEAR)) {
                push.free();
            }
            return false;
        }
        push.state = claim.unclear() ? push.state : Push.State.SENDING;
        push.claimedUntil = now() + CLAIM;
        push.firstSent = push.firstSent == Push.NEVER ? now() : push.firstSent;
        push.attempts++;
        return true;
    }

    /** What came of it; false where another worker has it by now. */
    boolean note(Claim claim, Sent sent) {
        Push push = of(claim);
        boolean mine = push.fence == claim.fence() && (push.state == Push.State.SENDING || push.state == Push.State.UNCLEAR);
        if (!mine && !(hub.mutant == Mutant.A_CLAIM_HAS_NO_FENCE && push.state.isOpen() && push.firstSent != Push.NEVER)) {
            return false;
        }
        push.free();
        push.nextAttempt = Push.NEVER;
        if (sent instanceof Sent.Taken taken) {
            push.state = Push.State.ANSWERED;
            push.answered = taken.answered();
            push.made = push.answered == null ? null : push.answered.key();
        } else if (sent instanceof Sent.NotSent not) {
            push.state = Push.State.WAITING;
            push.firstSent = Push.NEVER;
            push.nextAttempt = now() + (not.retryAfter() == null ? AGAIN : not.retryAfter().toSeconds());
            if (not.retryAfter() != null) {
                barredUntil = Math.max(barredUntil, push.nextAttempt);
            }
        } else if (sent instanceof Sent.Moved) {
            push.foundMoved = true;
            push.end(Push.State.OVERTAKEN, now());
        } else if (sent instanceof Sent.Refused) {
            push.state = Push.State.PARKED;
            push.firstSent = Push.NEVER;
        } else if (sent instanceof Sent.Barred) {
            barredUntil = Math.max(barredUntil, now() + AGAIN);
            push.attempts--;
            push.state = claim.unclear() ? Push.State.UNCLEAR : Push.State.WAITING;
            push.firstSent = claim.unclear() ? push.firstSent : Push.NEVER;
            push.nextAttempt = now() + AGAIN;
        } else {
            boolean unclear = sent instanceof Sent.Unclear;
            String made = unclear ? ((Sent.Unclear) sent).made() : ((Sent.CannotTell) sent).made();
            push.made = made == null ? push.made : made;
            push.state = unclear ? Push.State.UNCLEAR : Push.State.UNKNOWN;
            push.nextAttempt = unclear ? now() + AGAIN : Push.NEVER;
        }
        return true;
    }

    /** A person says what became of what nobody can tell of. */
    void settle(Push push, boolean arrived, Observed there) {
        if (!arrived && push.made != null) {
            push.end(Push.State.OVERTAKEN, now());
            add(push.row, new Push(new UUID(0, ++numbers), push), now());
            return;
        }
        push.state = arrived ? Push.State.ANSWERED : Push.State.WAITING;
        push.answered = arrived ? there : push.answered;
        push.made = arrived && there != null ? there.key() : push.made;
        push.firstSent = arrived ? push.firstSent : Push.NEVER;
        push.nextAttempt = arrived ? Push.NEVER : now();
    }

    /** What is new may be what was created from here. */
    boolean isMadeHere(MemoryHub.Table table, Staged one) {
        boolean isNew = one.row == null && (one.outcome == Outcome.CREATE || one.outcome == Outcome.PARKED
                || one.outcome == Outcome.UNCHANGED && one.isGone());
        return isNew && all.values().stream().anyMatch(push -> push.entity.equals(table.entity.name()) && push.action == WriteOrder.Action.CREATE
                && (push.state.isUnderWay() || push.state == Push.State.UNKNOWN) && isKnown(table, push, one));
    }

    private static boolean isKnown(MemoryHub.Table table, Push push, Staged one) {
        int name = table.entity.shape().position("name");
        if (one.theirs() == null) {
            return one.key().equals(push.made) || push.made == null && push.state != Push.State.UNKNOWN;
        }
        return one.key().equals(push.made) || Objects.equals(table.entity.shape().values(one.theirs())[name], table.entity.shape().values(push.document)[name]);
    }

    /** When something is due next that can be sent; never, where nothing is. */
    long due() {
        return all.values().stream().filter(push -> push.state == Push.State.WAITING && push.isToBeSent() || push.state == Push.State.UNCLEAR
                || push.state == Push.State.SENDING)
                .mapToLong(push -> Math.max(barredUntil, Math.max(push.state == Push.State.SENDING ? now() : push.nextAttempt, push.claimedUntil + 1)))
                .min().orElse(Push.NEVER);
    }

    boolean isAnswered() {
        return all.values().stream().anyMatch(push -> push.state == Push.State.ANSWERED);
    }
}
