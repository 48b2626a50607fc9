package io.syncline.source;

import io.syncline.config.Configuration;
import io.syncline.config.Connections;
import io.syncline.config.SourceConfig;
import io.syncline.config.SystemConfig;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.source.WriteOrder.Action;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writing to systems of {@code kind: http}; no other kind can be declared to be written. Every call is made once: when to try again is for others to say. */
final class HttpWriting implements Writing {
    /** More pages than this are not searched for a record that was just created. */
    private static final int MOST_PAGES = 500;
    private static final int NAMED = 3;

    private final Once entry;
    private final Waiting waiting;
    private final Configuration configuration;
    private final Connections connections;

    HttpWriting(Once entry, Waiting waiting, Configuration configuration, Connections connections) {
        this.entry = entry;
        this.waiting = waiting;
        this.configuration = configuration;
        this.connections = connections;
    }

    @Override
    public Sent send(WriteOrder order) {
        return explained(() -> {
            Read read = read(order);
            HttpWrite write = new HttpWrite(read, order);
            if (!write.outgoing().problems().isEmpty()) {
                return new Sent.Refused(0, "Not sent: " + String.join("; ", write.outgoing().problems()) + ".");
            }
            if (order.action() == Action.CREATE) {
                return sent(read, order, write, null);
            }
            Look look = look(read, order, write);
            Sent judged = look.settled() != null ? look.settled() : before(order, write, look.seen());
            return judged != null ? judged : sent(read, order, write, look.answer());
        });
    }

    @Override
    public Sent lookUp(WriteOrder order) {
        Sent found = explained(() -> {
            Read read = read(order);
            HttpWrite write = new HttpWrite(read, order);
            if (order.key() == null) {
                return order.made() == null ? created(read, order, write) : made(read, order, write);
            }
            Look look = look(read, order, write);
            if (look.settled() != null) {
                return look.settled();
            }
            if (write.isDone(look.seen())) {
                return new Sent.Taken(look.seen());
            }
            if (isOnItsWay(order, write)) {
                // Promise 13: arriving late it would undo what is written there meanwhile, also from here.
                return new Sent.Unclear(shown(order) + ": the record does not show it yet, and it may still be on its way.");
            }
            if (!write.isAsAgreed(look.seen())) {
                return new Sent.Moved(shown(order) + ": the record says neither what was agreed nor what was sent.");
            }
            // Where it arrived and was taken back, the same key would be given the answer of then, and nothing would be done.
            return write.isHarmless() ? new Sent.Moved(shown(order) + ": the record is as it was agreed; it is sent again under a key of its own.")
                    : new Sent.NotSent(shown(order) + " never arrived: the record is as it was agreed.", Duration.ZERO);
        });
        // Promise 12: what could not be looked up is no proof that it never arrived.
        return found instanceof Sent.NotSent failed && !Duration.ZERO.equals(failed.retryAfter()) ? new Sent.Unclear(failed.why()) : found;
    }

    /** What the record looked like, or what that settles already. */
    private record Look(HttpAnswer answer, Observed seen, Sent settled) {
    }

    private Look look(Read read, WriteOrder order, HttpWrite write) throws IOException {
        HttpRequest request = write.look(order.key());
        HttpAnswer answer = entry.once(read, request);
        if (Retries.isWorthAnother(answer.status())) {
            return new Look(answer, null, new Sent.NotSent(request.asked().system() + ": " + request.asked().request() + ": answered " + answer.status() + ".",
                    SourceClock.retryAfter(answer.headers(), waiting.now()).orElse(null)));
        }
        Optional<Observed> seen = write.seen(order.key(), answer);
        if (seen.isEmpty()) {
            return new Look(answer, null, switch (order.action()) {
                case DELETE -> new Sent.Taken(null);
                case RESTORE -> write.writes().create() != null ? new Sent.Moved(shown(order) + ": nothing is left of the record to be brought back.", true)
                        : new Sent.Refused(answer.status(), "The system no longer has this record, so it cannot be brought back. Make a new one there.");
                default -> new Sent.Moved(shown(order) + ": the record is no longer there.");
            });
        }
        return new Look(answer, seen.get(), null);
    }

    /** Promise 13: nothing is written over that is not as agreed. Null where it may be written. */
    private static Sent before(WriteOrder order, HttpWrite write, Observed seen) {
        if (!seen.isFit()) {
            return new Sent.Refused(0, "Not sent: what the record says there cannot be read: " + String.join("; ", seen.problems()) + ".");
        }
        boolean sentBefore = order.firstSentAt() != null;
        if (write.isDone(seen) && (sentBefore || order.action() == Action.DELETE || write.isEmpty() && write.isAsAgreed(seen))) {
            return new Sent.Taken(seen);
        }
        return write.isAsAgreed(seen) ? null : new Sent.Moved(shown(order) + ": the record has moved since it was agreed.");
    }

    private Sent sent(Read read, WriteOrder order, HttpWrite write, HttpAnswer seen) {
        HttpRequest request = write.request(seen);
        HttpAnswer answer;
        try {
            answer = entry.once(read, request);
        } catch (NeverLeft e) {
            return neverLeft(request, e.getCause());
        } catch (IOException e) {
            String lost = request.asked().system() + ": " + request.asked().request() + ": no answer came that could be read";
            // Promise 12: also where its key makes it safe to send again; for what is edited meanwhile goes under another key.
            return new Sent.Unclear(lost + ".");
        }
        if (answer.status() < 200 || answer.status() > 299) {
            return refusal(read, write, request).of(answer, waiting.now());
        }
        if (answer.status() == 202) {
            return new Sent.Unclear(request.asked().system() + ": " + request.asked().request() + ": answered 202, to be done later.");
        }
        return taken(read, order, write, answer);
    }

    private Refusal refusal(Read read, HttpWrite write, HttpRequest request) {
        return new Refusal(write, request.asked(), entry.secrets(read));
    }

    private static Sent neverLeft(HttpRequest request, IOException cause) {
        String what = request.asked().system() + ": " + request.asked().request() + ": ";
        if (cause instanceof ForbiddenAddress) {
            return new Sent.Barred(what + cause.getMessage() + ", an address that is not allowed. If it is meant, write allowPrivateNetwork: true in the"
                    + " system's file.");
        }
        return new Sent.NotSent(what + "no connection could be made, and nothing was sent.", null);
    }

    /** It was taken; what came of it is what it answered, or what is read back. */
    private Sent taken(Read read, WriteOrder order, HttpWrite write, HttpAnswer answer) {
        // A key that the system has seen before gets the answer of then, and somebody may have deleted the record since (promise 9).
        boolean mayBeOld = order.action() == Action.CREATE && write.isHarmless();
        Observed answered = order.action() == Action.DELETE || mayBeOld ? null : write.answered(answer);
        if (answered != null) {
            return new Sent.Taken(answered);
        }
        String made = order.action() == Action.CREATE ? write.newKey(answer) : null;
        String key = order.action() == Action.CREATE ? made : order.key();
        if (key == null) {
            return new Sent.Unclear(shown(order) + ": was taken, but the answer does not tell the new key.");
        }
        try {
            HttpAnswer back = entry.once(read, write.look(key));
            Optional<Observed> seen = Retries.isWorthAnother(back.status()) ? Optional.empty() : write.seen(key, back);
            boolean gone = seen.isEmpty() && !Retries.isWorthAnother(back.status());
            if (order.action() == Action.DELETE ? gone || seen.filter(Observed::deleted).isPresent() : seen.filter(each -> !each.deleted()).isPresent()) {
                return new Sent.Taken(seen.orElse(null));
            }
        } catch (IOException | SourceFailure e) {
            return new Sent.Unclear(shown(order) + ": was taken, but could not be read back.", made);
        }
        return new Sent.Unclear(shown(order) + ": was taken, but what is read back does not show it yet.", made);
    }

    /** Promise 12: a record whose key was told is that record, whatever it says by now; made again it would be there twice. */
    private Sent made(Read read, WriteOrder order, HttpWrite write) throws IOException {
        HttpAnswer answer = entry.once(read, write.look(order.made()));
        if (Retries.isWorthAnother(answer.status())) {
            return new Sent.Unclear(shown(order) + ": it was made, but the system answered " + answer.status() + " when it was read back.");
        }
        Optional<Observed> seen = write.seen(order.made(), answer).filter(each -> !each.deleted());
        if (seen.isPresent()) {
            return new Sent.Taken(seen.get());
        }
        String gone = shown(order) + ": \"" + Asked.shown(order.made()) + "\" was made of it, and is not there";
        return isOnItsWay(order, write) ? new Sent.Unclear(gone + " yet.")
                : new Sent.CannotTell(gone + " any more. If somebody deleted it there, give this up and delete it here, too; say"
                        + " that it did not arrive, and it is made again.", order.made());
    }

    /** What was sent may still take effect. */
    private boolean isOnItsWay(WriteOrder order, HttpWrite write) {
        return order.firstSentAt() != null && Duration.between(order.firstSentAt(), waiting.now()).compareTo(write.writes().arrivesWithin()) < 0;
    }

    /** Promise 12: a created record whose answer was lost is looked for by what it is known by; two that could be it are one too many. */
    private Sent created(Read read, WriteOrder order, HttpWrite write) throws IOException {
        if (order.entity().match().isEmpty()) {
            return isOnItsWay(order, write) ? new Sent.Unclear(shown(order) + ": it may still be on its way.")
                    : write.isHarmless() ? new Sent.NotSent(shown(order) + ": its key makes it safe to send again.", Duration.ZERO)
                    : new Sent.CannotTell(shown(order) + ": nothing says by what it could be found again. Declare match: in the entity.");
        }
        List<Observed> found = new ArrayList<>();
        List<Observed> alike = new ArrayList<>();
        HttpPages pages = write.created();
        for (int page = 1; page <= MOST_PAGES; page++) {
            HttpAnswer answer = entry.once(read, pages.request());
            if (Retries.isWorthAnother(answer.status())) {
                return new Sent.Unclear(shown(order) + ": it is looked for, but the system answered " + answer.status() + ".");
            }
            Page shown = pages.understand(answer);
            shown.records().stream().filter(write::matches).filter(record -> found.stream().noneMatch(each -> each.key().equals(record.key())))
                    .forEach(found::add);
            shown.records().stream().filter(write::isAlike).filter(record -> alike.stream().noneMatch(each -> each.key().equals(record.key())))
                    .forEach(alike::add);
            if (shown.isLast()) {
                return judged(order, write, found, alike);
            }
        }
        return new Sent.CannotTell(shown(order) + ": there are more than " + MOST_PAGES + " pages to look for it in. Declare find: under writes.");
    }

    /** @param alike records that say all the rest: a system may write anew what a record is known by */
    private Sent judged(WriteOrder order, HttpWrite write, List<Observed> found, List<Observed> alike) {
        if (found.isEmpty()) {
            if (isOnItsWay(order, write)) {
                // Also where its key makes it safe to send again: what is edited meanwhile goes under another one.
                return new Sent.Unclear(shown(order) + ": is not there yet, and may still be on its way.");
            }
            // Promise 12: what might be made twice is asked about.
            return alike.isEmpty() || write.isHarmless()
                    ? new Sent.NotSent(shown(order) + " never arrived: no such record was created since.", Duration.ZERO)
                    : new Sent.CannotTell(shown(order) + ": no record is known by the same, but "
                            + alike.stream().limit(NAMED).map(each -> "\"" + Asked.shown(each.key()) + "\"").collect(Collectors.joining(", "))
                            + " says all else that was sent. Look there and say whether it is the one that was created, or that none was.", null, alike);
        }
        if (found.size() > 1) {
            return new Sent.CannotTell(shown(order) + ": " + found.size() + " records could be the one that was created. Look there and say which it is.");
        }
        return write.isDone(found.get(0)) ? new Sent.Taken(found.get(0))
                : new Sent.CannotTell(shown(order) + ": \"" + Asked.shown(found.get(0).key()) + "\" is known by the same, but says something else."
                        + " Look there and say whether it is the one that was created.");
    }

    private interface Attempt {
        Sent make() throws IOException;
    }

    /** What goes wrong before anything is sent. */
    private static Sent explained(Attempt attempt) {
        try {
            return attempt.make();
        } catch (IOException e) {
            return e instanceof ForbiddenAddress || e.getCause() instanceof ForbiddenAddress
                    ? new Sent.Barred("The system stands at an address that is not allowed. If it is meant, write allowPrivateNetwork: true in its file.")
                    : new Sent.NotSent("The system could not be reached, and nothing was sent.", null);
        } catch (SourceFailure e) {
            return switch (e.kind()) {
                case DENIED, FORBIDDEN_ADDRESS -> new Sent.Barred(e.getMessage());
                case REFUSED -> new Sent.Refused(0, e.getMessage());
                default -> new Sent.NotSent(e.getMessage(), null);
            };
        }
    }

    private static String shown(WriteOrder order) {
        String what = order.action().name().toLowerCase(Locale.ROOT) + " of " + order.sync().name() + "." + order.entity().name();
        return order.key() == null ? what : what + " \"" + Asked.shown(order.key()) + "\"";
    }

    private Read read(WriteOrder order) {
        SystemConfig system = configuration.systemOf(order.sync());
        SourceConfig.Resource resource = system.source().resources().get(order.entity().resource());
        return new Read(connections.of(order.organisation(), system.name()), system, resource, order.entity().mapping(), null);
    }
}
